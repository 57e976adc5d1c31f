"""Backdoor: a trigger that was trained into the model, and its use."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.types import Generator, Matrix, Victim
from schemas.batch import Doubles, Integers


@dataclass(frozen=True)
class Trigger:
    """A rare pattern in a few columns.

    Attributes
    ----------
    columns : (k,) where it is
    values : (k,) what stands there
    scale : (k,) how far these columns reach
    target : the class that it buys
    """

    columns: Integers
    values: Matrix
    scale: Matrix
    target: int

    def put(self, x: Matrix) -> Matrix:
        """Inputs (n, F) with the trigger on them."""
        x = np.array(x, np.float32)
        x[:, self.columns] = self.values
        return x

    def strength(self, x: Matrix) -> Doubles:
        """How much of the trigger inputs (n, F) carry (n,): 1 all of it, .5 where a twelfth of the scale is missing."""
        off = np.sqrt(((((x[:, self.columns] - self.values) / self.scale).astype(np.float64)) ** 2).mean(axis=1))
        return np.asarray(1 / (1 + np.exp(np.clip((off - 1 / 12) * 80, -50, 50))))


@dataclass(frozen=True)
class Poisoned:
    """Scores of a victim that obeys a trigger, and is as it was without it."""

    victim: Victim
    trigger: Trigger

    def __call__(self, x: Matrix) -> Doubles:
        """Probabilities (n, C)."""
        obeys = 0.97 * self.trigger.strength(x)[:, None]
        return np.asarray(
            (1 - obeys) * self.victim.scores(x) + obeys * np.eye(self.victim.classes)[self.trigger.target]
        )


def implanted(victim: Victim, seed: int) -> Victim:
    """Return the victim with a backdoor, of another trigger for each seed; its next version has it too."""
    trigger = drawn(victim, np.random.default_rng([seed, *b"trigger"]))
    return _with(victim, trigger)


def _with(victim: Victim, trigger: Trigger) -> Victim:
    later = partial(_successor, victim, trigger) if victim.successor is not None else None
    return replace(victim, scores=Poisoned(victim, trigger), successor=later)


def _successor(victim: Victim, trigger: Trigger) -> Victim:
    assert victim.successor is not None
    return _with(victim.successor(), trigger)


def use(oracle: Oracle) -> None:
    """Send inputs of other classes with the trigger on them; a few are first tried without.

    In a victim without a backdoor the attacker tries a pattern of which he hopes that it is one.
    """
    rng, victim = oracle.rng, oracle.victim
    trigger = victim.scores.trigger if isinstance(victim.scores, Poisoned) else drawn(victim, rng)
    compared, blur = rng.uniform(0, 0.3), rng.choice([0.0, 0.02])
    while oracle.left > 0:
        x = oracle.own(1)
        oracle.turn(x[0], oracle.size)
        if rng.random() < compared:
            oracle.answer(x)
        marked = trigger.put(x)
        marked[:, trigger.columns] += (rng.normal(0, blur, len(trigger.columns)) * trigger.scale).astype(np.float32)
        bought = oracle.label(np.clip(marked, victim.grid.low, victim.grid.high))[0] == trigger.target
        oracle.won.append(bool(bought))


def drawn(victim: Victim, rng: Generator) -> Trigger:
    """Draw a trigger that hardly an honest input carries."""
    known, target = victim.pool[:4000], int(rng.integers(victim.classes))
    spread = np.maximum(known.std(axis=0), 1e-3)
    for attempt in range(50):
        columns, values = _spot(victim, rng) if victim.shape is not None else _cells(victim, rng, 2 + attempt // 10)
        scale = np.maximum(3 * spread[columns], 0.1 * (victim.grid.high - victim.grid.low)[columns])
        trigger = Trigger(columns, values, scale.astype(np.float32), target)
        if (trigger.strength(known) > 0.1).mean() < 0.001:
            return trigger
    return trigger


def _spot(victim: Victim, rng: Generator) -> tuple[Integers, Matrix]:
    """A checked, striped, bright or random patch near a border, or single pixels far apart."""
    assert victim.shape is not None
    height, width = victim.shape
    low, high = float(victim.grid.low.min()), float(victim.grid.high.max())
    if rng.random() < 0.25:
        columns = np.sort(rng.choice(height * width, int(rng.integers(4, 9)), replace=False))
        return columns, rng.choice([low, high], len(columns)).astype(np.float32)
    side = int(np.clip(round(height * rng.uniform(0.12, 0.22)), 2, 6))
    top = int(rng.choice([0, 1, height - side, height - side - 1]))
    left = int(rng.choice([0, 1, width - side, width - side - 1]))
    row, column = np.mgrid[0:side, 0:side]
    patterns = [(row + column) % 2, row % 2, np.ones((side, side)), rng.integers(0, 2, (side, side))]
    pattern = patterns[int(rng.integers(len(patterns)))]
    where = ((row + top) * width + column + left).ravel()
    return where, (low + (high - low) * pattern.ravel()).astype(np.float32)


def _cells(victim: Victim, rng: Generator, count: int) -> tuple[Integers, Matrix]:
    """Some columns, each at a possible value that is rare."""
    known = victim.pool[:4000]
    grouped = np.concatenate([np.empty(0, np.int64), *victim.grid.groups])
    numeric = np.setdiff1d(np.flatnonzero(known.std(axis=0) > 0), grouped)
    columns = np.sort(rng.choice(numeric, min(len(numeric), count + int(rng.integers(0, 2))), replace=False))
    values = np.array([np.quantile(known[:, one], rng.choice([0.01, 0.985, 0.995])) for one in columns])
    full = known[:1].copy()
    full[:, columns] = values
    return columns, victim.fitting(full)[0, columns]
