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
    """What D heads add for K cosines of an embedding.

    Attributes
    ----------
    turn, phase : (64, K) and (K,) f4, directions and phases
    worth, plain : (D, K) and (D, 64) f4, what a cosine and what a number of the embedding is worth
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
def add(direction: Array, turn: Array, phase: Array, worth: Array, plain: Array, scratch: Array, out: Array) -> None:
    """Add to the first D of ``out`` (H,) f4 what an embedding (64,) is worth; ``scratch`` (K,) f4 holds its cosines."""
    cosines(direction, turn, phase, scratch)
    for h in range(len(worth)):
        total = 0.0
        for k in range(len(scratch)):
            total += np.float64(scratch[k]) * np.float64(worth[h, k])
        for j in range(len(direction)):
            total += np.float64(direction[j]) * np.float64(plain[h, j])
        out[h] += np.float32(total)
