"""Ordinary customers for checks: who they are, what they send, and what the model says.

A linear softmax model with 4 classes reads 16 columns: 6 continuous, 2 counts, a constant, a one-hot group of 4, and
3 flags of which two exclude each other. Every behaviour gives times (n,) in s since the beginning of a day, and its
inputs (n, 16).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

DAY = 86400.0
FEATURES, CLASSES = 16, 4

Array = npt.NDArray[Any]
Generator = np.random.Generator
Rows = tuple[Array, Array]
Behaviour = Callable[[Generator], Rows]


@cache
def _weights() -> Array:
    return np.asarray(np.random.default_rng(1).normal(0, 1.2, (6, CLASSES)))


def answer(x: Array) -> Array:
    """What the model says: probabilities (N, 4), with six decimals."""
    logits = (x[:, :6, None].astype(np.float64) * _weights()).sum(1)
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(np.round(e / e.sum(1, keepdims=True), 6), np.float32)


def inputs(chance: Generator, n: int, *, taste: Array | None = None, spread: float = 1.0) -> Array:
    """Ordinary inputs (n, 16) of a customer with a taste (6,) of its own."""
    x = np.zeros((n, FEATURES), np.float32)
    x[:, :6] = np.round((0 if taste is None else taste) + spread * chance.normal(0, 1, (n, 6)), 3)
    x[:, 6:8] = chance.poisson(3, (n, 2))
    x[:, 8] = 1.0
    x[np.arange(n), 9 + chance.choice(4, n, p=(0.4, 0.3, 0.2, 0.1))] = 1.0
    which = chance.choice(3, n, p=(0.5, 0.3, 0.2))
    x[:, 13], x[:, 14], x[:, 15] = which == 1, which == 2, chance.random(n) < 0.3
    return x


def taste_of(chance: Generator) -> Array:
    """What one customer likes: (6,)."""
    return np.asarray(chance.normal(0, 0.6, 6))


def person(chance: Generator) -> Rows:
    """A few sessions in office hours, now and then the same request again."""
    starts = np.sort(chance.uniform(7, 20, chance.integers(2, 7))) * 3600
    t = np.concatenate([s + np.cumsum(chance.exponential(20, chance.integers(3, 12))) for s in starts])
    x = inputs(chance, len(t), taste=taste_of(chance))
    again = np.flatnonzero(chance.random(len(t)) < 0.05)
    x[again[again > 0]] = x[again[again > 0] - 1]
    return t, x


def batch_job(chance: Generator) -> Rows:
    """A catalogue, every night."""
    n = int(chance.integers(150, 350))
    return 3600 * chance.uniform(1, 4) + np.cumsum(chance.exponential(2, n)), inputs(chance, n, taste=taste_of(chance))


def camera(chance: Generator) -> Rows:
    """Bursts of nearly the same input."""
    t, x = [], []
    for start in np.sort(chance.uniform(6, 22, 8)) * 3600:
        n = int(chance.integers(8, 20))
        scene = np.repeat(inputs(chance, 1), n, axis=0)
        scene[:, :6] = np.round(scene[:, :6] + chance.normal(0, 0.02, (n, 6)), 3)
        t.append(start + np.cumsum(chance.exponential(1, n)))
        x.append(scene)
    return np.concatenate(t), np.concatenate(x)


def service(chance: Generator) -> Rows:
    """Another program: one request every few minutes, day and night."""
    t = np.cumsum(chance.gamma(4, 150, 200))
    t = t[t < DAY - 60]
    return t, inputs(chance, len(t), taste=taste_of(chance), spread=1.2)


POPULATION: dict[str, tuple[Behaviour, int]] = {
    "person": (person, 36),
    "batch": (batch_job, 4),
    "camera": (camera, 6),
    "service": (service, 6),
}
