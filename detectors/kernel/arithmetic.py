"""Small formulas that several parts of the kernel share."""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

FIXED = 4096  # units of a whole-number square


@compiled
def log2(x: Scalar) -> Scalar:
    """Log to base 2 (numba 0.68 does not compile np.log2 of float32)."""
    return np.log(np.float32(x)) * np.float32(1.4426950408889634)


@compiled
def log_distance(distance: Scalar) -> Scalar:
    """Log2 of a distance in usual spacings, within -6..3."""
    return log2(min(max(distance, np.float32(1 / 64)), np.float32(8)))


@compiled
def squared_distance(a: Array, b: Array) -> Scalar:
    """Squared distance of two sketches; their differences fit 16 bits, their sum of squares 32."""
    total = np.int32(0)
    for c in range(len(a)):
        d = np.int16(a[c] - b[c])
        total = np.int32(total + np.int32(d) * np.int32(d))
    return total


@compiled
def squared_length(phi: Array) -> Scalar:
    """Squared length, summed in whole numbers so that the order of the sum cannot matter."""
    total = np.int64(0)
    for c in range(len(phi)):
        units = np.int32(np.rint(phi[c] * np.float32(FIXED)))  # 32 bits: eight of them are multiplied at once
        total += np.int64(units) * np.int64(units)
    return np.float32(total) * np.float32(1 / FIXED**2)
