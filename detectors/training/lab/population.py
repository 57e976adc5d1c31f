"""Population: who is there. Many small and few loud customers, of shares of kinds that each world draws anew."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from detectors.training.lab.customers import KINDS
from detectors.training.lab.types import DAY, HOUR, Generator, Place, Victim, Visit
from schemas.batch import Doubles

USUAL = {"clerk": 5, "regular": 4, "visitor": 6, "team": 2, "traveller": 3, "service": 3, "scorer": 2, "nightly": 2}
MEAN = 45.0  # records a principal and day


class Member(NamedTuple):
    """An honest principal, its kind of behaviour, and all that it sends."""

    name: str
    kind: str
    visit: Visit


def population(
    victim: Victim,
    rng: Generator,
    days: int,
    principals: int,
    without: Collection[str] = (),
    *,
    mean: float = MEAN,
    rhythm: str = "",
) -> list[Member]:
    """Draw the honest principals of a world; kinds named in ``without`` do not occur.

    ``mean`` records a principal and day on average over all; ``rhythm`` forces one on everybody (the re-pacing test).
    """
    kinds = [kind for kind in KINDS if kind not in without]
    usual = np.array([float(USUAL.get(kind, 1)) for kind in kinds])
    shares = rng.dirichlet(usual * rng.uniform(0.6, 3.0))
    volumes = _volumes(rng, principals, mean)
    starts = _starts(rng, principals, days)
    weekday = int(rng.integers(7))
    members = []
    for index in range(principals):
        kind = str(rng.choice(kinds, p=shares))
        place = Place(
            victim=victim,
            rng=np.random.default_rng(rng.integers(2**63, size=2)),
            days=days,
            start=float(starts[index]),
            end=_end(rng, float(starts[index]), days),
            volume=float(volumes[index]),
            weekday=weekday,
            rhythm=rhythm,
        )
        members.append(Member(name(rng), kind, KINDS[kind](place)))
    return members


def name(rng: Generator) -> str:
    """A principal's name, as a key's hash looks."""
    return "p-" + rng.bytes(5).hex()


def _volumes(rng: Generator, principals: int, mean: float) -> Doubles:
    """Records a day (principals,): Zipf with an exponent of this world, and sometimes one that is loud."""
    shares = 1 / np.arange(rng.uniform(2, 6), principals + 6)[:principals] ** rng.uniform(0.9, 1.4)
    if rng.random() < 0.5:
        shares[0] = shares.sum() * rng.uniform(0.1, 0.5)
    volumes = np.maximum(shares / shares.sum() * principals * mean, 10 ** rng.uniform(-0.7, 0.3))
    return np.asarray(rng.permutation(volumes))


def _starts(rng: Generator, principals: int, days: int) -> Doubles:
    """When each is seen first (principals,), s: some are there from the start, some join every day."""
    new = rng.random(principals) < rng.uniform(0.15, 0.5)
    return np.where(new, rng.uniform(0, max(0.5, days - 0.3), principals) * DAY, 0.0)


def _end(rng: Generator, start: float, days: int) -> float:
    """Most stay, some leave."""
    return float(min(days * DAY, start + HOUR + rng.exponential(days * DAY))) if rng.random() < 0.2 else days * DAY
