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

from detectors.compiled import compiled
from schemas.batch import Doubles, Integers

SHARE = 0.25  # of peaks that lie above the start
NATS = float(-np.log(SHARE))
LEAST_START, LEAST_MEAN = 0.5, 0.25  # units of z: where honest principals hardly differ
DAY = 86_400.0

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Peaks(NamedTuple):
    """Tails of peaks.

    Attributes
    ----------
    start, mean : (2, 64) f4, above the usual value and below it, in units of z
    """

    start: Array
    mean: Array


USUAL = Peaks(np.ones((2, 64), np.float32), np.ones((2, 64), np.float32))  # until a clean period has taught better


def fit(z: Array, slots: Integers, time: Doubles) -> Peaks:
    """Tails of the peaks of clean principals' days, from z (N, 64), their slots (N,) and times (N,) s."""
    day = ((time - time.min()) // DAY).astype(np.int64)
    _, unit = np.unique(slots * (day.max() + 1) + day, return_inverse=True)
    peaks = np.zeros((2, unit.max() + 1, z.shape[1]), np.float32)
    np.maximum.at(peaks[0], unit, z)
    np.maximum.at(peaks[1], unit, -z)
    start = np.quantile(peaks, 1 - SHARE, axis=1)
    excess = np.maximum(peaks - start[:, None], 0)
    mean = excess.sum(1) / np.maximum((excess > 0).sum(1), 1)
    return Peaks(
        np.maximum(start, LEAST_START).astype(np.float32),
        np.maximum(mean, LEAST_MEAN).astype(np.float32),
    )


@compiled
def nats(z: Scalar, k: int, peaks: Peaks) -> Scalar:
    """Surprise of a deviation ``z`` of statistic ``k``."""
    side = 0 if z > 0 else 1
    x = abs(z)
    start = peaks.start[side, k]
    if x > start:
        return np.float32(NATS) + (x - start) / peaks.mean[side, k]
    return np.float32(NATS) * x / start


@compiled
def mean_of_largest(z: Array, counted: Array, peaks: Peaks, largest: Array, value: Array, statistic: Array) -> None:
    """Fill value (N,) with the mean of the largest surprises of each row, and which statistic is the largest.

    Parameters
    ----------
    z : (N, 64)
    counted : (k,) i8, the statistics that count
    largest : room for as many numbers as the mean is of; they are kept in falling order
    value, statistic : out (N,) nats, and (N,) i4
    """
    last = len(largest) - 1
    for i in range(len(z)):
        largest[:] = 0
        statistic[i] = counted[0]
        for k in counted:
            a = nats(z[i, k], k, peaks)
            if a > largest[0]:
                statistic[i] = k
            if a > largest[last]:
                at = last
                while at > 0 and largest[at - 1] < a:
                    largest[at] = largest[at - 1]
                    at -= 1
                largest[at] = a
        total = 0.0
        for a in largest:
            total += a
        value[i] = total / len(largest)
