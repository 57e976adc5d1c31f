"""How surprising a deviation is: measured against the largest that clean principals reach within a day.

A statistic that now and then runs high for honest principals (a camera resending one scene) must not weigh like one
that never does. For each statistic and each side, the peaks that principals reached in a day of the clean period give
a tail: with s the start that a quarter of them exceed and m the mean excess over it,

    surprise(x) = log 4 + (x - s) / m          x > s       (nats: -log of the share of peaks as high)
    surprise(x) = log 4 * x / s                0 <= x <= s

References
----------
Pickands, Statistical inference using extreme order statistics, Annals of Statistics 1975, doi:10.1214/aos/1176343003.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Integers
from schemas.compiled import compiled

SHARE = 0.25  # of peaks that lie above the start
NATS = float(-np.log(SHARE))
LEAST_START, LEAST_MEAN = 0.5, 0.25  # units of z: where honest principals hardly differ
DAY = 86_400.0
TOGETHER = 64  # rows

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Peaks(NamedTuple):
    """Tails of peaks.

    Attributes
    ----------
    start : (2, 64) f4, above the usual value and below it, in units of z
    rise, tail : (2, 64) f4, nats a unit of z up to the start, and beyond it
    """

    start: Array
    rise: Array
    tail: Array


def fit(z: Array, slots: Integers, time: Doubles) -> Peaks:
    """Tails of the peaks of clean principals' days, from z (N, 64), their slots (N,) and times (N,) s."""
    day = ((time - time.min()) // DAY).astype(np.int64)
    _, unit = np.unique(slots * (day.max() + 1) + day, return_inverse=True)
    peaks = np.zeros((2, unit.max() + 1, z.shape[1]), np.float32)
    np.maximum.at(peaks[0], unit, z)
    np.maximum.at(peaks[1], unit, -z)
    start = np.quantile(peaks, 1 - SHARE, axis=1)
    excess = np.maximum(peaks - start[:, None], 0)
    return _peaks(start, excess.sum(1) / np.maximum((excess > 0).sum(1), 1))


def _peaks(start: Array, mean_excess: Array) -> Peaks:
    start = np.maximum(start, LEAST_START)
    rise, tail = NATS / start, 1 / np.maximum(mean_excess, LEAST_MEAN)
    return Peaks(start.astype(np.float32), rise.astype(np.float32), tail.astype(np.float32))


USUAL = _peaks(np.ones((2, 64)), np.ones((2, 64)))  # until a clean period has taught better


@compiled
def nats(z: Array, peaks: Peaks, out: Array) -> None:
    """Fill ``out`` (64,) with the surprises of the deviations ``z`` (64,)."""
    for k in range(len(z)):
        side = 0 if z[k] > 0 else 1
        x = abs(z[k])
        rise = min(x, peaks.start[side, k]) * peaks.rise[side, k]
        out[k] = rise + max(x - peaks.start[side, k], np.float32(0)) * peaks.tail[side, k]


@compiled
def mean_of_largest(z: Array, counted: Array, peaks: Peaks, largest: Array, value: Array) -> None:
    """Fill value (N,) with the mean of the largest surprises of each row of z (N, 64), nats.

    ``counted`` (64,) bool says which statistics count; ``largest`` is room for as many numbers as the mean is of.
    Many rows at once sink through the same sequence of comparisons, which takes a third of the time of one by one.
    """
    one = np.empty(z.shape[1], np.float32)
    some = np.zeros((z.shape[1], TOGETHER), np.float32)
    kept = np.empty((len(largest), TOGETHER), np.float32)
    for start in range(0, len(z), TOGETHER):
        rows = min(TOGETHER, len(z) - start)
        for r in range(rows):
            nats(z[start + r], peaks, one)
            for k in range(len(one)):
                some[k, r] = one[k]
        kept[:] = 0
        for k in range(len(one)):
            if counted[k]:
                _sink(some[k], kept)
        for r in range(rows):
            total = 0.0
            for j in range(len(largest)):
                total += kept[j, r]
            value[start + r] = total / len(largest)


@compiled
def _sink(new: Array, kept: Array) -> None:
    """Let one number of each column, ``new`` (R,), find its place in ``kept`` (K, R), where columns fall."""
    for j in range(len(kept)):
        for r in range(TOGETHER):
            a, b = new[r], kept[j, r]
            kept[j, r] = a if a > b else b
            new[r] = b if a > b else a
