"""Content: which honest inputs a customer has, how it takes one twice, and what the parts of an input are."""

from dataclasses import dataclass

import numpy as np

from detectors.training.lab.types import Generator, Matrix, Place, Victim
from detectors.training.lab.victims.resampling import bilinear
from schemas.batch import Doubles, Flags, Integers


@dataclass(frozen=True)
class Taste:
    """What one customer asks about.

    Attributes
    ----------
    rows : indices of the pool that it may ask about
    often : (len(rows),) cumulative shares
    anew : whether it takes its own photograph each time, where others send files that they have
    """

    victim: Victim
    rng: Generator
    rows: Integers
    often: Doubles
    anew: bool = False

    def draw(self, n: int) -> Matrix:
        """Inputs (n, F)."""
        x = self.victim.pool[self.pick(n)]
        return retaken(self.rng, self.victim, x, 0.3) if self.anew else x

    def pick(self, n: int) -> Integers:
        """Indices (n,) of the pool."""
        places = np.searchsorted(self.often, self.rng.random(n) * self.often[-1], side="right")
        return np.asarray(self.rows[np.minimum(places, len(self.rows) - 1)])

    def some(self, n: int) -> "Taste":
        """A list of about ``n`` inputs that it owns, some of which it asks about more often."""
        rows = np.unique(self.pick(n))
        often = (1 + np.arange(len(rows))) ** -self.rng.uniform(0, 1.2)
        return Taste(self.victim, self.rng, self.rng.permutation(rows), np.cumsum(often), self.anew)


def taste(place: Place, *, narrow: float | None = None, classes: Doubles | None = None) -> Taste:
    """Draw a taste: a mix of classes, and a region of the inputs that it prefers.

    ``narrow`` from 0, anything, to 3, one corner; drawn if not given. ``classes`` (C,) how often each class occurs.
    """
    rng, victim = place.rng, place.victim
    prior = np.bincount(victim.pool_class, minlength=victim.classes) / len(victim.pool)
    mix = rng.dirichlet(10 ** rng.uniform(-0.3, 1.7) * prior + 0.02) if classes is None else classes
    weight = (mix / np.maximum(prior, 1e-6))[victim.pool_class]
    narrow = float(rng.choice([0.0, rng.uniform(0, 1.5)])) if narrow is None else narrow
    if narrow:
        weight = weight * np.exp(narrow * along(rng, victim.pool))
    often = np.cumsum(weight)
    anew = victim.kind == "image" and bool(rng.random() < 0.35)
    return Taste(victim, rng, np.arange(len(victim.pool)), often, anew)


def along(rng: Generator, x: Matrix) -> Doubles:
    """Where rows (n, F) stand along a direction of up to 24 of their columns, standardised (n,)."""
    columns = rng.choice(x.shape[1], min(x.shape[1], 24), replace=False)
    part = x[:, columns].astype(np.float64)
    at = ((part - part.mean(axis=0)) / (part.std(axis=0) + 1e-6)) @ rng.normal(0, 1, len(columns))
    return np.asarray((at - at.mean()) / (at.std() + 1e-9))


def retaken(rng: Generator, victim: Victim, x: Matrix, strength: float) -> Matrix:
    """The same things (n, F) once more, as they vary by themselves; 1 is a good deal."""
    if not len(x):
        return x
    if victim.shape is not None:
        return _photographed(rng, victim, x, strength)
    mate = victim.pool[rng.integers(0, len(victim.pool), len(x))]
    if victim.kind == "embedding":
        moved = x + 0.25 * strength * rng.random((len(x), 1)).astype(np.float32) * (mate - x)
        length = np.linalg.norm(x, axis=1, keepdims=True)
        return np.asarray(moved * length / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)
    few = rng.random(x.shape) < min(1.0, 0.08 * strength)
    numbers = victim.grid.step != 1
    nudged = x + few * numbers * 0.25 * (mate - x)
    return victim.fitting(np.where(few & ~numbers & (rng.random(x.shape) < 0.3), mate, nudged))


def parts(victim: Victim, rng: Generator) -> list[Integers]:
    """What can be changed by itself: columns and one-hot groups, patches of an image, blocks of a vector."""
    if victim.shape is not None:
        side = int(rng.integers(2, max(3, victim.shape[0] // 3)))
        rows, columns = np.divmod(np.arange(victim.features), victim.shape[1])
        block = (rows // side) * (victim.shape[1] // side + 1) + columns // side
        return [np.flatnonzero(block == one) for one in np.unique(block)]
    if victim.kind == "embedding":
        size = int(rng.integers(1, 9))
        return [np.arange(start, min(start + size, victim.features)) for start in range(0, victim.features, size)]
    grouped = np.concatenate([*victim.grid.groups, np.empty(0, np.int64)]).astype(np.int64)
    alone = np.setdiff1d(np.arange(victim.features), grouped)
    return [*(np.array([one]) for one in alone), *victim.grid.groups]


def mask(victim: Victim, pieces: list[Integers], taken: Flags) -> Matrix:
    """Which columns (n, F) belong to the pieces taken (n, P)."""
    of = np.zeros((len(pieces), victim.features), np.float32)
    for index, piece in enumerate(pieces):
        of[index, piece] = 1
    return np.asarray(np.minimum(taken.astype(np.float32) @ of, 1), np.float32)


def _photographed(rng: Generator, victim: Victim, x: Matrix, strength: float) -> Matrix:
    assert victim.shape is not None
    height, width = victim.shape
    n = len(x)
    y, z = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    move = rng.normal(0, 0.5 * strength, (2, n, 1, 1)) * (height / 12)
    images = bilinear(x.reshape(n, height, width), y + move[0], z + move[1])
    light = 1 + rng.normal(0, 0.06 * strength, (n, 1, 1))
    grain = rng.normal(0, 0.02 * strength, images.shape) * (images > 0.02)
    return victim.fitting((images * light + grain).reshape(n, -1).astype(np.float32))
