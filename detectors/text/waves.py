"""A second view of a prompt: cosines of random directions of its embedding, added up.

N-grams know a prompt by its letters, the embedding by its words' neighbours. With random directions w_k and phases b_k
the sum of a_k cos(w_k e + b_k) is what a Gaussian kernel between embeddings can say, at the cost of some hundred sums.

References
----------
Rahimi, Recht, Random features for large-scale kernel machines, 2007,
https://papers.nips.cc/paper/3182-random-features-for-large-scale-kernel-machines.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.embedding import DIMENSIONS
from schemas.compiled import compiled

Array = npt.NDArray[Any]

WAVES = 512
REACH = 2.0  # spread of a direction's numbers: embeddings this far apart, its inverse, begin to differ


class Waves(NamedTuple):
    """What one head adds for K cosines of an embedding.

    Attributes
    ----------
    turn, phase : (64, K) and (K,) f4, directions and phases
    worth, plain : (K,) and (64,) f4, what a cosine and what a number of the embedding is worth
    """

    turn: Array
    phase: Array
    worth: Array
    plain: Array


def drawn(seed: int, waves: int = WAVES) -> tuple[Array, Array]:
    """Directions (64, K) and phases (K,), by chance."""
    chance = np.random.default_rng(seed)
    turn = (chance.normal(size=(DIMENSIONS, waves)) * REACH).astype(np.float32)
    return turn, chance.uniform(0, 2 * np.pi, waves).astype(np.float32)


@compiled
def cosines(direction: Array, turn: Array, phase: Array, out: Array) -> None:
    """Fill ``out`` (K,) f4 with the cosines of an embedding (64,)."""
    out[:] = phase
    for j in range(len(direction)):
        here = direction[j]
        for k in range(len(out)):
            out[k] += here * turn[j, k]
    for k in range(len(out)):
        out[k] = np.cos(out[k])


@compiled
def weighed(direction: Array, turn: Array, phase: Array, worth: Array, plain: Array, out: Array) -> float:
    """What the cosines of an embedding (64,) and its numbers are worth; ``out`` (K,) f4 is filled on the way."""
    cosines(direction, turn, phase, out)
    total = 0.0
    for k in range(len(out)):
        total += np.float64(out[k]) * np.float64(worth[k])
    for j in range(len(direction)):
        total += np.float64(direction[j]) * np.float64(plain[j])
    return total
