"""What the raw inputs of a model look like, column by column, and one pass over a record against it."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

LEVELS = 10  # of a column's histogram; the outermost two lie beyond the 0.5 % and 99.5 % quantiles
REACH = 127  # normalised values are whole numbers within +-127, that is +-6 sd
UNITS_PER_SD = REACH / 6
SURPRISE_UNIT = 1 / 4000  # nats a unit of Margins.surprise
RARE = 16_000  # in those units: 4 nats, a level seen in less than 2 % of clean records
WIDEST = 1024  # columns of the exact product; wider inputs are folded to this many

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Margins(NamedTuple):
    """Each of F columns by itself, as it is on the clean period.

    Attributes
    ----------
    centre, gain : (F,) median, and 127/6 over the spread
    low, inverse_width : (F,) where the second level of the histogram begins, and levels a unit
    surprise : (F, 10) i2, -log frequency of each level in 1/4000 nat, at most 8 nats
    mode, tolerance : (F,) the most frequent value, and how far off still counts as it
    weights : (F,) u8, odd, secret: multipliers of the fingerprint
    salt : (1,) u8, secret: order of rare (column, level) pairs
    bucket, sign, fold_gain : (F,) i4, (F,) f4, (1,) f4: columns to fold into, where F > 1024; else empty
    """

    centre: Array
    gain: Array
    low: Array
    inverse_width: Array
    surprise: Array
    mode: Array
    tolerance: Array
    weights: Array
    salt: Array
    bucket: Array
    sign: Array
    fold_gain: Array


@compiled
def scan(
    x: Array, bits: Array, margins: Margins, z: Array, surprise: Array, off: Array, hashes: Array, rare: Array
) -> None:
    """One pass over the raw columns of N records.

    Parameters
    ----------
    x, bits : (N, F) f4, and the same memory as u4
    z : out (N, F) f4, whole numbers within +-127
    surprise : out (N,) f4, mean -log frequency of the levels, nats
    off : out (N,) f4, share of columns off their most frequent value
    hashes : out (N,) u8, equal where the inputs are
    rare : out (N, 2) u4, two min-hashes over the record's rare (column, level) pairs, 0 where it has none
    """
    width = x.shape[1]
    level = np.empty(width, np.int64)
    for i in range(len(x)):
        hashes[i] = fingerprint(bits[i], margins.weights)
        quantise(x[i], margins.centre, margins.gain, z[i])
        find_levels(x[i], margins.low, margins.inverse_width, level)
        total, strange = sum_surprise(level, margins.surprise)
        surprise[i] = np.float32(total) * np.float32(SURPRISE_UNIT) / np.float32(width)
        off[i] = np.float32(count_off(x[i], margins.mode, margins.tolerance)) / np.float32(width)
        rare[i, 0] = 0
        rare[i, 1] = 0
        if strange > 0:
            min_hash(level, margins.surprise, margins.salt[0], rare[i])


@compiled
def fingerprint(bits: Array, weights: Array) -> Scalar:
    """Keyed hash of a row's bits, never 0: sum of bits times secret odd multipliers, then mixed (-0 equals 0)."""
    total = np.uint64(0)
    for j in range(len(bits)):
        b = bits[j]
        total += np.uint64(0 if b == np.uint32(0x80000000) else b) * weights[j]
    return mix(total) | np.uint64(1)


@compiled
def mix(h: Scalar) -> Scalar:
    """Finaliser of splitmix64 (Steele, Lea, Flood 2014, doi.org/10.1145/2660193.2660195)."""
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


@compiled
def between(low: Scalar, x: Scalar, high: Scalar) -> Scalar:
    """``x`` within the limits; what is no number is ``low``, so that no index made of it leaves its table."""
    x = x if x > low else low
    return x if x < high else high


@compiled
def quantise(x: Array, centre: Array, gain: Array, z: Array) -> None:
    """Whole numbers within +-127 of a row in units of 6/127 spreads."""
    limit = np.float32(REACH)
    for j in range(len(x)):
        z[j] = np.rint(between(-limit, (x[j] - centre[j]) * gain[j], limit))


@compiled
def find_levels(x: Array, low: Array, inverse_width: Array, level: Array) -> None:
    """Level of each column's histogram, 0..9."""
    top = np.float32(LEVELS - 1)
    for j in range(len(x)):
        level[j] = np.int32(between(np.float32(0), (x[j] - low[j]) * inverse_width[j] + np.float32(1), top))


@compiled
def sum_surprise(level: Array, surprise: Array) -> tuple[Scalar, Scalar]:
    """Sum over columns of the surprise at their levels, and how many columns are at a rare one."""
    total = np.int64(0)
    strange = np.int64(0)
    for j in range(len(level)):
        s = np.int64(surprise[j, level[j]])
        total += s
        strange += s > RARE
    return total, strange


@compiled
def count_off(x: Array, mode: Array, tolerance: Array) -> Scalar:
    """Columns that differ from their most frequent value."""
    count = np.int64(0)
    for j in range(len(x)):
        count += abs(x[j] - mode[j]) > tolerance[j]
    return count


@compiled
def min_hash(level: Array, surprise: Array, salt: Scalar, key: Array) -> None:
    """Of the row's rare (column, level) pairs, those that come first in two secret orders, counted from 1."""
    first = np.uint32(0xFFFFFFFF)
    second = np.uint32(0xFFFFFFFF)
    for j in range(len(level)):
        if surprise[j, level[j]] > RARE:
            pair = j * LEVELS + level[j]
            h = mix(np.uint64(pair) + salt)
            if np.uint32(h) < first:
                first = np.uint32(h)
                key[0] = pair + 1
            if np.uint32(h >> np.uint64(32)) < second:
                second = np.uint32(h >> np.uint64(32))
                key[1] = pair + 1


@compiled
def fold(z: Array, margins: Margins, folded: Array) -> None:
    """Sum wide inputs (N, F) with secret signs into (N, 1024) buckets, again whole numbers within +-127.

    A count sketch keeps inner products: Charikar, Chen, Farach-Colton 2002, doi.org/10.1007/3-540-45465-9_59.
    """
    limit = np.float32(REACH)
    for i in range(len(z)):
        for k in range(folded.shape[1]):
            folded[i, k] = 0
        for j in range(z.shape[1]):
            folded[i, margins.bucket[j]] += margins.sign[j] * z[i, j]
        for k in range(folded.shape[1]):
            folded[i, k] = np.rint(between(-limit, folded[i, k] * margins.fold_gain[0], limit))
