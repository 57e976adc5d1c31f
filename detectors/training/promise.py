"""Promise: what gates caught and what they raised for nothing, put together over worlds and campaigns."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from detectors.gates import interval
from detectors.training.gated import Outcome, Spent, gated
from detectors.training.watched import Raid, Watched
from schemas.batch import Doubles, Flags

GROUP = 6  # campaigns at a time
BUDGETS = (0.5, 2.0, 10.0, 20.0)  # false alerts a day


@dataclass(frozen=True, slots=True)
class Seen:
    """One campaign: what it is and did, and its own queries up to the first alert; None if it was not caught.

    Attributes
    ----------
    sent : its records, those that hide the others among them
    days : from its first record to its last
    """

    raid: Raid
    victim: str
    sent: int
    days: float
    queries: int | None
    detector: str


@dataclass(slots=True)
class Kept:
    """What became of a promise of so many false alerts a day.

    Attributes
    ----------
    days : watched, each world once
    false : false alerts, of each world the mean over its groups of campaigns
    kinds : the same by kind of honest behaviour
    spent : by detector, also means over groups
    low, high : what burn-ins printed, of each world
    rates : false alerts a day, of each world
    """

    promised: float
    campaigns: list[Seen] = field(default_factory=list)
    days: float = 0.0
    false: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    spent: dict[str, Spent] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    inside: int = 0

    def add(self, world: Watched, scores: Mapping[str, Doubles], suspect: Flags | None = None) -> None:
        """Judge a world's campaigns, a group at a time among the same honest traffic."""
        count = max(1, -(-len(world.raids) // GROUP))
        made = [
            gated(world, scores, range(first, len(world.raids), count), self.promised, suspect)
            for first in range(count)
        ]
        rate = self._false(made)
        self.low.append(made[0].low)
        self.high.append(made[0].high)
        self.rates.append(rate)
        least, most = (end / made[0].days for end in interval.poisson(round(rate * made[0].days)))
        self.inside += least <= made[0].high and made[0].low <= most
        for one in made:
            for index in one.present:
                self.campaigns.append(_seen(world, index, one))

    def _false(self, made: list[Outcome]) -> float:
        days, share = made[0].days, 1.0 / len(made)
        false = share * sum(len(one.false) for one in made)
        self.days += days
        self.false += false
        for one in made:
            for kind, _ in one.false:
                self.kinds[kind] += 1
            for name, spent in one.spent.items():
                held = self.spent.get(name, Spent(0.0, 0.0, 0.0))
                self.spent[name] = Spent(
                    held.promised + share * spent.promised,
                    held.paid + share * spent.paid,
                    held.false + share * spent.false,
                )
        return false / days

    def caught(self, chosen: Iterable[Seen] | None = None) -> float:
        """Share of campaigns that were caught."""
        found = [one.queries is not None for one in (self.campaigns if chosen is None else chosen)]
        return float(np.mean(found)) if found else 0.0

    def between(self) -> tuple[float, float]:
        """Where the mean rate of false alerts a day lies (90 %, exact Poisson)."""
        low, high = interval.poisson(round(self.false))
        return low / self.days, high / self.days


def _seen(world: Watched, index: int, made: Outcome) -> Seen:
    rows = np.flatnonzero(world.campaign == index)
    catch = made.caught.get(index)
    return Seen(
        world.raids[index],
        world.victim,
        len(rows),
        float(world.time[rows[-1]] - world.time[rows[0]]) / 86_400.0,
        catch.queries if catch else None,
        catch.detector if catch else "",
    )
