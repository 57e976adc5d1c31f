"""Short JSON numbers, such as ``-3.1416``, eight digits at a time: most of what a log of features consists of."""

from typing import Any

import numpy as np

from schemas.compiled import compiled
from schemas.scanner.numbers import TENS

DIGITS = 7  # decimals that are read here
WORD = np.uint64(8)
ZEROS, OVER_NINE = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676)
LOW_BITS, HIGH_BITS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
EVEN_PAIRS = np.uint64(0x000000FF000000FF)  # of four pairs of digits, the first and the third
LOW_WEIGHTS, HIGH_WEIGHTS = np.uint64(0x000F424000000064), np.uint64(0x0000271000000001)
WHOLE_TENS = np.array([10**k for k in range(9)], np.uint64)


@compiled
def short(data: Any, at: int, end: int) -> Any:
    """Read a number of one digit and up to seven decimals: its value and where it ends, -1 if it is not of this form.

    Digits below 2^53 over a power of ten below 10^22 take one exact operation, so that the value is the nearest double
    (Clinger, see :mod:`schemas.scanner.numbers`). Eight bytes become a number by three multiplications: Lemire, Number
    parsing at a gigabyte per second, 2021, https://doi.org/10.1002/spe.2984.

    Parameters
    ----------
    data : (size,) u1
    """
    negative = data[np.uint64(at)] == 45  # an unsigned place needs no look at whether it counts from the end
    at += negative
    if at + 10 > end:
        return 0.0, -1
    first = np.uint64(data[np.uint64(at)]) - np.uint64(48)
    if first > np.uint64(9) or data[np.uint64(at + 1)] != 46:
        return 0.0, -1
    word = _eight(data, np.uint64(at + 2)) ^ ZEROS
    beyond = ((word + OVER_NINE) | word) & HIGH_BITS  # right up to the lowest byte that is no digit
    if beyond == 0:
        return 0.0, -1
    below = (beyond & (~beyond + np.uint64(1))) - np.uint64(1)
    count = ((below & LOW_BITS) * LOW_BITS >> np.uint64(56)) - np.uint64(1)
    if count == 0:
        return 0.0, -1
    word <<= (WORD - count) << np.uint64(3)
    pairs = word * np.uint64(10) + (word >> np.uint64(8))
    decimals = (pairs & EVEN_PAIRS) * LOW_WEIGHTS + ((pairs >> np.uint64(16)) & EVEN_PAIRS) * HIGH_WEIGHTS
    value = np.float64(first * WHOLE_TENS[count] + (decimals >> np.uint64(32))) / TENS[count]
    after = at + 2 + np.int64(count)
    exponent = data[np.uint64(after)] | np.uint8(32) == 101
    return (-value if negative else value), (-1 if exponent else after)


@compiled
def _eight(data: Any, i: Any) -> Any:
    """Eight bytes as one little-endian word; written out, it is one load."""
    return (
        np.uint64(data[i])
        | np.uint64(data[i + np.uint64(1)]) << np.uint64(8)
        | np.uint64(data[i + np.uint64(2)]) << np.uint64(16)
        | np.uint64(data[i + np.uint64(3)]) << np.uint64(24)
        | np.uint64(data[i + np.uint64(4)]) << np.uint64(32)
        | np.uint64(data[i + np.uint64(5)]) << np.uint64(40)
        | np.uint64(data[i + np.uint64(6)]) << np.uint64(48)
        | np.uint64(data[i + np.uint64(7)]) << np.uint64(56)
    )
