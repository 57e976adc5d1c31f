"""Marks: salted fingerprints of inputs that near copies share, and the few of them that stand for a principal.

The keyed projections of an input are cut into four bands of eight; each band, in steps of half the usual distance
between inputs, is one fingerprint. Inputs that differ little fall into the same steps in at least one band
(locality-sensitive hashing). Of all fingerprints of a principal's inputs the sixteen smallest are kept: two principals
that send much the same have many of them in common (min-wise sampling). What several clean principals sent is common
content, and is no mark of anybody.

References
----------
Datar, Immorlica, Indyk, Mirrokni 2004, Locality-sensitive hashing scheme based on p-stable distributions,
doi:10.1145/997817.997857. Broder 1997, On the resemblance and containment of documents,
doi:10.1109/SEQUEN.1997.666900.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import mix
from detectors.features.space import LARGEST_U, SKETCH
from schemas.batch import Integers
from schemas.compiled import compiled
from schemas.signal import MARKS

BANDS = 4
STEP = 0.5  # of the usual distance between inputs
SHARED = 2  # clean principals that make a fingerprint common
MOST_COMMON = 1 << 14  # common fingerprints that are remembered, those of most principals
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)  # where a principal has fewer than sixteen

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


@compiled
def fingerprints(u: Array, step: int, out: Array) -> None:
    """Fill ``out`` (4,) u8 with the fingerprints of one input's projections u (32,)."""
    width = len(u) // len(out)
    for band in range(len(out)):
        h = np.uint64(band + 1)
        for c in range(band * width, (band + 1) * width):
            h = (h ^ np.uint64((np.int64(u[c]) + LARGEST_U) // step)) * np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(29)
        out[band] = mix(h)


@compiled
def insert(mark: Scalar, common: Array, kept: Array) -> None:
    """Put a fingerprint among the smallest, which ``kept`` (16,) u8 holds in rising order, unless it is common."""
    last = len(kept) - 1
    if mark >= kept[last]:
        return
    at = np.searchsorted(kept, mark)
    if kept[at] == mark:
        return
    where = np.searchsorted(common, mark)
    if where < len(common) and common[where] == mark:
        return
    for k in range(last, at, -1):
        kept[k] = kept[k - 1]
    kept[at] = mark


def step_of(spacing: Array) -> int:
    """Width of a step in units of u, from the usual distance between inputs."""
    return max(1, int(float(spacing[0]) * STEP))


def shared(u: Array, slots: Integers, step: int) -> Array:
    """Fingerprints (n,) u8, rising, that several of the clean principals share, from u (N, 32) and slots (N,)."""
    found = np.empty((len(u), BANDS), np.uint64)
    _all(np.ascontiguousarray(u), step, found)
    pairs = np.unique(np.column_stack([found.ravel(), np.repeat(slots, BANDS).astype(np.uint64)]), axis=0)
    marks, principals = np.unique(pairs[:, 0], return_counts=True)
    marks, principals = marks[principals >= SHARED], principals[principals >= SHARED]
    most = np.argsort(-principals, kind="stable")[:MOST_COMMON]
    rising: Array = np.sort(marks[most])
    return rising


@compiled
def _all(u: Array, step: int, out: Array) -> None:
    for i in range(len(u)):
        fingerprints(u[i], step, out[i])


__all__ = ["BANDS", "MARKS", "NONE", "SKETCH", "fingerprints", "insert", "shared", "step_of"]
