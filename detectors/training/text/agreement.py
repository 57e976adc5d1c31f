"""How far two sets of vectors of the same texts agree, and vectors of hashed letters to compare with."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse, stats

from detectors.text.embedding import Bytes
from schemas.batch import Floats, Integers

PAIRS = 40_000
NEAR = 10
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Agreement(NamedTuple):
    """Agreement of vectors with those of the transformer.

    Attributes
    ----------
    cosines : Spearman's correlation of the cosines of random pairs
    overlap : share of the ten nearest that are among its ten nearest
    nearest : share of texts whose nearest by it is among the ten nearest
    """

    cosines: float
    overlap: float
    nearest: float


def agreement(mine: Any, theirs: Floats, seed: int = 1) -> Agreement:
    """Compare vectors ``mine`` (N, d), plain or sparse, with ``theirs`` (N, D)."""
    by_mine, by_theirs = _cosines(mine), _cosines(theirs)
    one, other = np.random.default_rng(seed).integers(0, len(theirs), (2, PAIRS))
    apart = one != other
    one, other = one[apart], other[apart]
    rank = stats.spearmanr(by_mine[one, other], by_theirs[one, other])[0]
    near_mine, near_theirs = _nearest(by_mine), _nearest(by_theirs)
    common = [len(np.intersect1d(a, b)) for a, b in zip(near_mine, near_theirs, strict=True)]
    closest = by_theirs.argmax(axis=1)
    return Agreement(
        float(rank), float(np.mean(common)) / NEAR, float((near_mine == closest[:, None]).any(axis=1).mean())
    )


def _cosines(vectors: Any) -> Floats:
    """All cosines (N, N), -2 on the diagonal."""
    found = vectors @ vectors.T
    found = found.toarray() if sparse.issparse(found) else found
    length = np.sqrt(np.maximum(np.diag(found), 1e-12))
    found = (found / length[:, None] / length).astype(np.float32)
    np.fill_diagonal(found, -2)
    return np.asarray(found)


def _nearest(cosines: Floats) -> Integers:
    return np.asarray(np.argpartition(-cosines, NEAR, axis=1)[:, :NEAR])


def hashed(texts: Sequence[Bytes], buckets: int) -> Any:
    """Baseline: which runs of 3 to 5 bytes each text has, hashed with a sign: sparse (N, buckets)."""
    rows, columns, signs = [], [], []
    for i, text in enumerate(texts):
        codes = np.unique(np.concatenate([_runs(text, length) for length in (3, 4, 5)]))
        rows.append(np.full(len(codes), i))
        columns.append((codes >> np.uint64(20)).astype(np.int64) % buckets)
        signs.append(np.where(codes >> np.uint64(63), 1, -1).astype(np.float32))
    at = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(signs), at), (len(texts), buckets))


def _runs(text: Bytes, length: int) -> Any:
    code = np.full(max(len(text) - length + 1, 0), length, np.uint64)
    for shift in range(length):
        code = (code ^ text[shift : shift + len(code)]) * MULTIPLIER
        code ^= code >> np.uint64(29)
    return code
