"""JSON numbers from bytes, as exact as a column of float32 needs them."""

from typing import Any

import numpy as np

from schemas.compiled import compiled

EXACT = 1 << 53  # whole numbers up to here are doubles
TENS = np.array([10.0**k for k in range(23)])  # powers of ten that are doubles
FINEST = 9  # decimals of a long number that :func:`_long` still rounds right
MARGIN = 1e-15  # more than what three roundings may be off, relative
FAR = 10_000  # an exponent beyond all doubles


@compiled
def number(data: Any, at: int, end: int) -> Any:
    """Read the number that begins at ``at``: its value, where it ends, and whether the value is the nearest double.

    A value that is not the nearest is within ``MARGIN`` of it. Where it ends is -1 if there is no JSON number, or one
    of more than 19 digits or beyond what is handled here; others may then read it with patience. Numbers of up to 53
    bits with small exponents take one exact operation: Clinger, How to read floating point numbers accurately, 1990,
    https://doi.org/10.1145/93542.93557.

    Parameters
    ----------
    data : (size,) u1
    """
    negative = at < end and data[at] == 45
    if negative:
        at += 1
    digits = np.uint64(0)
    first = at
    while at < end and 48 <= data[at] <= 57:
        digits = digits * np.uint64(10) + np.uint64(data[at] - 48)
        at += 1
    count = at - first
    if count == 0 or (count > 1 and data[first] == 48):
        return 0.0, -1, False
    exponent = 0
    if at < end and data[at] == 46:
        at += 1
        dot = at
        while at < end and 48 <= data[at] <= 57:
            digits = digits * np.uint64(10) + np.uint64(data[at] - 48)
            at += 1
        exponent = dot - at
        if exponent == 0:
            return 0.0, -1, False
        count -= exponent
        if data[first] == 48:
            count -= 1
    if at < end and (data[at] == 101 or data[at] == 69):
        power, at = _power(data, at + 1, end)
        if at < 0:
            return 0.0, -1, False
        exponent += power
    if count > 19:
        return 0.0, -1, False
    value, sure = _scaled(digits, exponent)
    if value < 0.0:
        return 0.0, -1, False
    return (-value if negative else value), at, sure


@compiled
def _power(data: Any, at: int, end: int) -> Any:
    """Read an exponent from behind its letter; -1 where there is none."""
    negative = at < end and data[at] == 45
    if at < end and (data[at] == 45 or data[at] == 43):
        at += 1
    first = at
    power = 0
    while at < end and 48 <= data[at] <= 57:
        power = min(power * 10 + int(data[at]) - 48, FAR)
        at += 1
    return (-power if negative else power), (at if at > first else -1)


@compiled
def _scaled(digits: Any, exponent: int) -> Any:
    """Digits times ten to a power, and whether that is the nearest double; -1 if the power is out of reach."""
    if digits == 0:
        return 0.0, True
    if digits <= EXACT and -22 <= exponent <= 22:
        whole = np.float64(digits)
        return (whole * TENS[exponent] if exponent >= 0 else whole / TENS[-exponent]), True
    if -FINEST <= exponent < 0:
        return _long(digits, -exponent)
    if exponent < -44 or exponent > 22:
        return -1.0, False
    value = np.float64(digits)
    if exponent < -22:
        return value / TENS[22] / TENS[-exponent - 22], False
    return (value * TENS[exponent] if exponent >= 0 else value / TENS[-exponent]), False


@compiled
def _long(digits: Any, decimals: int) -> Any:
    """A number of 16 to 19 digits with a few decimals, such as seconds since the epoch, rounded right.

    The fraction's own rounding is finer than the least distance, other than none, between it and a tie of the sum.
    """
    scale = np.uint64(1)
    for _ in range(decimals):
        scale *= np.uint64(10)
    whole = digits // scale
    return np.float64(whole) + np.float64(digits - whole * scale) / np.float64(scale), whole < EXACT


@compiled
def single(value: float) -> Any:
    """Tell whether all doubles within ``MARGIN`` of the value are the same float32."""
    return np.float32(value * (1.0 - MARGIN)) == np.float32(value * (1.0 + MARGIN))
