"""Box: an input's free columns, each from 0 to 1, which is where attack tools work."""

from dataclasses import dataclass

import numpy as np

from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.types import Generator, Matrix, Victim
from schemas.batch import Doubles, Integers


@dataclass(frozen=True)
class Box:
    """Columns that an attacker changes.

    Attributes
    ----------
    low, width : (F,) of every column
    free : (k,) indices of the columns that he changes; the others stay those of the target
    """

    low: Doubles
    width: Doubles
    free: Integers

    def inside(self, x: Matrix) -> Doubles:
        """Coordinates (n, k) of inputs (n, F)."""
        return np.asarray(((np.atleast_2d(x) - self.low) / self.width)[:, self.free])

    def around(self, target: Matrix, u: Doubles) -> Matrix:
        """Inputs (n, F) with coordinates (n, k) that are ``target`` (F,) elsewhere."""
        u = np.asarray(u, np.float64).reshape(-1, len(self.free))
        x = np.repeat(np.asarray(target, np.float64)[None], len(u), axis=0)
        x[:, self.free] = self.low[self.free] + np.clip(u, 0, 1) * self.width[self.free]
        return x.astype(np.float32)

    def pasted(self, target: Matrix, x: Matrix) -> Matrix:
        """``target`` (F,) with the free columns of inputs (n, F)."""
        return self.around(target, self.inside(x))


def box(victim: Victim, rng: Generator) -> Box:
    """Pick the columns: all of an image or embedding; of a table all, or the numeric ones, or half of these.

    Where values have long tails, 0 and 1 are where a hundredth of honest values lie beyond.
    """
    low, high = victim.grid.low.astype(np.float64), victim.grid.high.astype(np.float64)
    if victim.kind != "image":
        inner = np.quantile(victim.pool[:2000].astype(np.float64), [0.01, 0.99], axis=0)
        usual = inner[1] > inner[0]
        low, high = np.where(usual, inner[0], low), np.where(usual, inner[1], high)
    free = np.flatnonzero(high > low)
    if victim.kind == "tabular":
        numeric = np.setdiff1d(free, np.concatenate([np.empty(0, np.int64), *victim.grid.groups]))
        choice = rng.integers(3)
        if choice and len(numeric) >= 3:
            free = numeric
        if choice == 2 and len(free) >= 8:
            free = np.sort(rng.choice(free, len(free) // 2, replace=False))
    return Box(low, np.where(high > low, high - low, 1.0), free)


def away(oracle: Oracle, place: Box, target: Matrix, label: int) -> Matrix | None:
    """Ask until an input (F,) is not taken for ``label``: other inputs' free columns, or noise; None if none is."""
    honest = oracle.rng.random() < 0.6
    for attempt in range(24):
        if honest:
            tried = place.pasted(target, oracle.own(1))
        else:
            noise = oracle.rng.uniform(0, 1, (1, len(place.free)))
            share = min(1.0, 0.2 + attempt / 12)
            tried = place.around(target, share * noise + (1 - share) * place.inside(target))
        if oracle.label(tried)[0] != label:
            return np.asarray(tried[0])
    return None
