"""Population: who is there. Many small and few loud customers, of shares of kinds that each world draws anew."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from detectors.training.lab.customers import GATHERINGS, GROUPS, GUESTS, KINDS
from detectors.training.lab.customers.rhythms import repaced
from detectors.training.lab.types import DAY, HOUR, Generator, Place, Victim, Visit
from schemas.batch import Doubles

USUAL = {
    "people": 8.0,
    "machines": 5.0,
    "sensors": 2.5,
    "specialists": 2.0,
    "explainers": 1.2,
    "seekers": 1.0,
    "testers": 1.2,
    "faulty": 1.0,
    "changing": 1.5,
}
BUSY = ("explainers", "seekers", "testers")  # who never asks only once or twice
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
    since: float = 0.0,
    new: float | None = None,
) -> list[Member]:
    """Draw the honest principals of a world; kinds and gatherings named in ``without`` do not occur.

    Parameters
    ----------
    mean : records a principal and day, about, on average over all
    rhythm : if not "", everybody keeps this one (``constant``, ``poisson`` or ``hourly``) from ``since`` s on
    new : share of principals that join later than at the start; each world draws its own if None
    """
    weekday = int(rng.integers(7))
    members = _gathered(victim, rng, days, principals, without, weekday)
    kinds, shares = _kinds(rng, without)
    alone = max(0, principals - len(members))
    volumes, starts = (
        _volumes(rng, alone, mean),
        _starts(rng, alone, days, rng.uniform(0.15, 0.5) if new is None else new),
    )
    for start, volume in zip(starts.tolist(), volumes.tolist(), strict=True):
        kind = str(rng.choice(kinds, p=shares))
        end = _end(rng, start, days)
        least = np.exp(rng.uniform(np.log(40), np.log(600))) * DAY / (end - start)
        busy = any(kind in GROUPS[group] for group in BUSY)
        place = Place(
            victim=victim,
            rng=_own(rng),
            days=days,
            start=start,
            end=end,
            volume=max(volume, least) if busy else volume,
            weekday=weekday,
        )
        members.append(Member(name(rng), kind, KINDS[kind](place)))
    if rhythm:
        return [one._replace(visit=repaced(one.visit, _own(rng), rhythm, days, since)) for one in members]
    return members


def guests(victim: Victim, rng: Generator, days: int, wanted: Mapping[str, int]) -> list[Member]:
    """So many of each kind of ``customers.GUESTS``: half of them are there from the start, the others come later."""
    members: list[Member] = []
    for kind, count in wanted.items():
        for number in range(count):
            start = 0.0 if number % 2 == 0 else rng.uniform(1, max(1.0, days - 1)) * DAY
            volume = float(np.exp(rng.uniform(np.log(40), np.log(300))))
            place = Place(victim, _own(rng), days, start, days * DAY, volume)
            members.append(Member(name(rng), kind, GUESTS[kind](place)))
    return members


def name(rng: Generator) -> str:
    """A principal's name, as a key's hash looks."""
    return "p-" + rng.bytes(5).hex()


def _kinds(rng: Generator, without: Collection[str]) -> tuple[list[str], Doubles]:
    """Kinds and how common each is in this world: first the groups, then the kinds of each."""
    strength = 10 ** rng.uniform(-0.5, 0.7)
    groups = rng.dirichlet(np.array([strength * USUAL[group] for group in GROUPS]))
    kinds: list[str] = []
    shares: list[float] = []
    for share, members in zip(groups, GROUPS.values(), strict=True):
        left = [kind for kind in members if kind not in without]
        kinds += left
        shares += (share * rng.dirichlet(np.full(len(left), 1.5))).tolist() if left else []
    return kinds, np.array(shares) / sum(shares)


def _gathered(
    victim: Victim, rng: Generator, days: int, principals: int, without: Collection[str], weekday: int
) -> list[Member]:
    """Accounts that come together: a few gatherings, of at most a third of all principals."""
    kinds = [kind for kind in GATHERINGS if kind not in without]
    members: list[Member] = []
    for _ in range(int(rng.poisson(rng.uniform(0, 2) * principals / 60)) if kinds else 0):
        kind = str(rng.choice(kinds))
        accounts = int(np.exp(rng.uniform(np.log(4), np.log(60))))
        if len(members) + accounts > principals / 3:
            continue
        start = rng.uniform(0, days - 0.5) * DAY
        records = np.exp(rng.uniform(np.log(8), np.log(250)))
        place = Place(victim, _own(rng), days, start, days * DAY, records, weekday)
        members += [Member(name(rng), kind, visit) for visit in GATHERINGS[kind](place, accounts)]
    return members


def _volumes(rng: Generator, principals: int, mean: float) -> Doubles:
    """Records a day (principals,): Zipf with an exponent of this world, and sometimes one that is loud."""
    if not principals:
        return np.empty(0)
    shares = (rng.uniform(2, 6) + np.arange(principals)) ** -rng.uniform(0.9, 1.4)
    if rng.random() < 0.5:
        shares[0] = shares.sum() * rng.uniform(0.1, 0.5)
    volumes = np.maximum(shares / shares.sum() * principals * mean, 10 ** rng.uniform(-0.7, 0.3))
    return np.asarray(rng.permutation(volumes))


def _starts(rng: Generator, principals: int, days: int, share: float) -> Doubles:
    """When each is seen first (principals,), s: some are there from the start, some join every day."""
    new = rng.random(principals) < share
    return np.where(new, rng.uniform(0, max(0.5, days - 0.3), principals) * DAY, 0.0)


def _end(rng: Generator, start: float, days: int) -> float:
    """Most stay, some leave."""
    leaves = start + HOUR + rng.exponential(days * DAY)
    return min(days * DAY, float(leaves)) if rng.random() < 0.2 else days * DAY


def _own(rng: Generator) -> Generator:
    """A generator of its own, so that one principal's whims are not another's."""
    return np.random.default_rng(rng.integers(2**63, size=2))
