"""Left out: how many campaigns a score catches in worlds that it did not learn from, at so many false alerts a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.plan import DAY
from detectors.training.lab.world import World
from detectors.training.observed import Observed
from schemas.batch import Codes, Doubles, Flags, Integers

DISHONEST = ("attacker", "stolen")


@dataclass(frozen=True)
class Seen:
    """What of a world's rows after its burn-in decides who is caught.

    Attributes
    ----------
    time : (N,) s
    principal, campaign : (N,) whose a row is, and which campaign's, -1 where honest
    attack : (N,) whether it is the attack's own
    kinds : of each principal
    about : of each campaign family, threat and pacing
    z : (N, 64) f2
    """

    victim: str
    time: Doubles
    principal: Codes
    campaign: Codes
    attack: Flags
    kinds: list[str]
    about: list[tuple[str, str, str]]
    z: npt.NDArray[np.float16]


@dataclass
class Tally:
    """Campaigns and how many of them were caught, by what they are; who was flagged wrongly, by kind."""

    campaigns: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    queries: list[int] = field(default_factory=list)


def seen(drawn: World[Any], watched: Observed) -> Seen:
    """Keep of a world what :func:`judged` needs."""
    row = watched.row
    about = [(one.family, one.threat, one.pacing) for one in drawn.campaigns]
    return Seen(
        drawn.victim.name, drawn.time[row], drawn.principal[row], drawn.campaign[row], drawn.attack[row] >= 0,
        drawn.kinds, about, watched.z.astype(np.float16),
    )  # fmt: skip


def threshold(world: Seen, score: Doubles, budget: float) -> float:
    """Score that ``budget`` honest principals a day exceed, among the peaks of principals' days."""
    peak, _, days = _peaks(world, score)
    place = int(budget * days)
    return float(np.sort(peak)[::-1][place]) if place < len(peak) else -np.inf


def judged(world: Seen, score: Doubles, budget: float, tally: Tally) -> None:
    """Count who is caught at a budget of false alerts a day, by family, by pacing and by victim."""
    least = threshold(world, score, budget)
    peak, who, _ = _peaks(world, score)
    tally.false.update(world.kinds[p] for p in who[peak > least].tolist())
    for index, (family, _, pacing) in enumerate(world.about):
        rows = np.flatnonzero(world.campaign == index)
        if not len(rows):
            continue
        names = ("all", f"family {family}", f"pacing {pacing}", f"victim {world.victim}")
        tally.campaigns.update(names)
        above = np.flatnonzero(score[rows] > least)
        if len(above):
            tally.caught.update(names)
            tally.queries.append(int(world.attack[rows[: above[0] + 1]].sum()))


def _peaks(world: Seen, score: Doubles) -> tuple[Doubles, Integers, int]:
    """Largest score of each honest principal's day, whose it is, and how many days there are."""
    honest = ~np.isin(np.array(world.kinds), DISHONEST)[world.principal]
    day = (world.time[honest] // DAY).astype(np.int64)
    unit, inverse = np.unique(world.principal[honest].astype(np.int64) * 100_000 + day, return_inverse=True)
    peak = np.full(len(unit), -np.inf)
    np.maximum.at(peak, inverse, score[honest])
    return peak, unit // 100_000, len(np.unique(day))


def folds(names: Sequence[str], count: int, seed: int = 0) -> list[set[str]]:
    """Victims in ``count`` groups, each to be left out in turn."""
    order = np.random.default_rng(seed).permutation(sorted(set(names)))
    return [set(order[k::count].tolist()) for k in range(count)]
