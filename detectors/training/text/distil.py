"""Distil a sentence transformer into vectors of single pieces whose sums point where its own vectors point.

1. Its vectors of single pieces, projected to their 64 principal directions, weighted by rarity: a / (a + p(piece)).
2. A linear map into the principal directions of its vectors of whole texts (principal of them: 64).
3. Ridge: piece vectors moved as little as lets the means of pieces agree with those vectors.
4. Descent on the cosines themselves: over random sets of texts, |C C' - R|^2 with C the unit sums, R the transformer's
   cosines. This is what is asked of the vectors, and what a ridge does only by the way.

No labels are used. References: Arora et al. 2017, https://openreview.net/forum?id=SyK00v5xx (weights); Tulkens and
van Dongen 2024, https://github.com/MinishLab/model2vec (the idea); Kingma and Ba 2015, https://arxiv.org/abs/1412.6980.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from schemas.batch import Codes, Doubles, Floats

RARE = 1e-3  # a: pieces that make up less than this share of all weigh fully
RIDGE = 0.02
STEPS, BATCH, RATE = 4000, 384, 0.01
DROPPED = 0.2  # share of a text's different pieces that one step of the descent does not see

Matrix = Any  # scipy.sparse.csr_matrix (N, P): share of piece p in text i


def shares(texts: Sequence[Codes], pieces: int) -> Matrix:
    """How often each piece occurs in each text, (N, P), rows sum to 1."""
    rows = np.repeat(np.arange(len(texts)), [len(t) for t in texts])
    ones = np.concatenate([np.full(len(t), 1 / max(len(t), 1)) for t in texts]).astype(np.float32)
    return sparse.csr_matrix((ones, (rows, np.concatenate(texts))), (len(texts), pieces))


def principal(vectors: Floats, dimensions: int) -> Floats:
    """Principal directions (D, dimensions) of vectors (N, D) around their mean."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return np.asarray(directions[:, ::-1][:, :dimensions], np.float32)


def begun(single: Floats, counts: Doubles, dimensions: int) -> Floats:
    """Step 1: piece vectors (P, dimensions) from those of single pieces (P, D), seen ``counts`` (P,) times."""
    share = (counts + 0.5) / counts.sum()
    flat = (single - single.mean(axis=0)) @ principal(single, dimensions)
    return np.asarray(flat * (RARE / (RARE + share))[:, None], np.float32)


def ridged(vectors: Floats, seen: Matrix, whole: Floats) -> Floats:
    """Steps 2 and 3: piece vectors (P, d) for texts ``seen`` (N, P) with the transformer's vectors ``whole`` (N, D)."""
    target = (whole - whole.mean(axis=0)) @ principal(whole, vectors.shape[1])
    means = np.c_[seen @ vectors, np.ones(len(whole), np.float32)]
    mapped = np.linalg.lstsq(means, target, rcond=None)[0]
    start = vectors @ mapped[:-1] + mapped[-1]
    return np.asarray(start + seen.T @ _dual(seen, target - seen @ start), np.float32)


def _dual(seen: Matrix, rest: Floats, rounds: int = 60) -> Floats:
    """Solve (S S' + ridge I) x = rest by conjugate gradients, each column by itself."""
    found, left, way = np.zeros_like(rest), rest.copy(), rest.copy()
    size = (left * left).sum(axis=0)
    for _ in range(rounds):
        image = seen @ (seen.T @ way) + RIDGE * way
        length = size / np.maximum((way * image).sum(axis=0), 1e-20)
        found, left = found + length * way, left - length * image
        size, before = (left * left).sum(axis=0), size
        way = left + size / np.maximum(before, 1e-20) * way
    return found


def descended(vectors: Floats, seen: Matrix, whole: Floats, seed: int = 0, steps: int = STEPS) -> Floats:
    """Step 4, with Adam; the rate falls to 0 along a line."""
    chance, vectors = np.random.default_rng(seed), vectors.copy()
    mean, square = np.zeros_like(vectors), np.zeros_like(vectors)
    unit = whole / np.linalg.norm(whole, axis=1, keepdims=True)
    for step in range(steps):
        drawn = np.sort(chance.choice(len(whole), min(BATCH, len(whole)), replace=False))
        part = seen[drawn]
        part.data = part.data * (chance.random(len(part.data)) >= DROPPED)
        touched = np.unique(part.indices)
        small = part[:, touched]
        slope = small.T @ _slope(small @ vectors[touched], unit[drawn])
        mean[touched] += 0.1 * (slope - mean[touched])
        square[touched] += 0.01 * (slope * slope - square[touched])
        rate = RATE * (1 - step / steps)
        vectors[touched] -= rate * mean[touched] / (np.sqrt(square[touched]) + 1e-8)
    return vectors


def _slope(sums: Floats, unit: Floats) -> Floats:
    """Gradient of the squared error of cosines by the sums (B, d) that stand for vectors ``unit`` (B, D)."""
    length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    facing = sums / length
    by_facing = (facing @ facing.T - unit @ unit.T) @ facing * (4 / len(sums))
    return np.asarray((by_facing - (by_facing * facing).sum(axis=1, keepdims=True) * facing) / length, np.float32)
