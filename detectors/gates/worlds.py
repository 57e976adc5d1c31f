"""Worlds: benign traffic of many days, and attackers if wanted, for :mod:`detectors.gates.simulation`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schemas.batch import Doubles, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Benign principals, and attackers if wanted.

    Attributes
    ----------
    principals : known ones; each is there on four days of five
    newcomers : as a share of them, principals a day never seen before or after
    heterogeneity : sd between principals' mean scores, in sd of one record's score
    heavy : scores' upper tail is that of a lognormal law instead of a normal one
    bursts : share of principal-days with eight times the records
    shock : sd of a day's effect on all scores at once
    drift : how much all scores rise a day, in sd
    surge : every tenth day has this many times the principals
    attackers : as a share of the principals, attackers a day
    """

    principals: int = 150
    days: int = 60
    burn_in: int = 1
    newcomers: float = 0.1
    heterogeneity: float = 1.0
    heavy: bool = False
    bursts: float = 0.05
    shock: float = 0.0
    drift: float = 0.0
    surge: float = 1.0
    attackers: float = 0.0
    strength: float = 8.0


class Day(NamedTuple):
    """A day's records in order: (N,) slots, (N, 2) scores of the two detectors, and the slots of attackers."""

    slots: Integers
    scores: Doubles
    attackers: Integers


def days(world: World, random: np.random.Generator) -> Iterator[Day]:
    """Days without end, the burn-in's first and clean."""
    effects = world.heterogeneity * random.normal(size=world.principals)
    free = world.principals
    day = 0
    while True:
        clean = day < world.burn_in
        known = np.flatnonzero(random.random(world.principals) < 0.8)
        once = random.poisson(world.newcomers * world.principals)
        if world.surge > 1.0 and not clean and day % 10 == 0:
            once += int((world.surge - 1.0) * world.principals)
        bad = 0 if clean else round(world.attackers * world.principals)
        slots = np.concatenate([known, free + np.arange(once + bad)])
        effect = np.concatenate([effects[known], world.heterogeneity * random.normal(size=once + bad)])
        effect += world.shock * random.normal() + world.drift * day
        effect[len(effect) - bad :] += world.strength * random.random(bad)
        yield _records(world, random, slots, effect, slots[len(slots) - bad :])
        free += once + bad
        day += 1


def _records(world: World, random: np.random.Generator, slots: Integers, effect: Doubles, bad: Integers) -> Day:
    """Records of a day: counts with a long tail, noise that stays for a while, two detectors nearly alike."""
    counts = 1 + random.geometric(0.08, len(slots)) * np.where(random.random(len(slots)) < world.bursts, 8, 1)
    row = random.permutation(np.repeat(np.arange(len(slots)), counts))
    mood = random.normal(size=len(slots))[row]
    noise = 0.7 * mood + 0.7 * random.normal(size=len(row))
    both = np.stack([noise, 0.9 * noise + 0.44 * random.normal(size=len(row))], axis=1)
    scores = effect[row, None] + both
    return Day(slots[row], np.exp(scores / 2.0) if world.heavy else scores, bad)


def room(world: World) -> int:
    """Slots for everybody that a world may bring."""
    return int(world.principals * (2 + (world.days + world.burn_in) * (1 + world.newcomers + world.surge)))


WORLDS = {
    "alike": World(heterogeneity=0.0, bursts=0.0),
    "different (sd 1), bursts": World(),
    "the same, 1,500 principals": World(principals=1500),
    "only 12 principals": World(principals=12, newcomers=0.0),
    "heavy tail": World(heavy=True),
    "eightfold every 10th day": World(surge=8.0),
    "days differ (sd 0.5)": World(shock=0.5),
    "scores rise 0.02 sd a day": World(drift=0.02),
    "2 % attackers": World(attackers=0.02),
    "10 % attackers": World(attackers=0.1),
}
