"""Trigger: a rare pattern in a few columns, as a backdoor has it, and as honest marks may look."""

from dataclasses import dataclass

import numpy as np

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
