"""Fingerprints of training rows: keyed, the same however a number was written, useless without the secret.

A row of F numbers is projected on four secret directions, each column in units of its spread, and each projection is
rounded down to a whole number of steps, :data:`STEPS` a standard deviation. The four whole numbers are hashed with a
secret salt. What a log or a file does to a number (0.1 in JSON, 0.1 as float32, seven digits) is far smaller than a
step, so the fingerprint stays; a row that differs in one category or a few hundredths of a spread has another one.
Named values are hashed as they are, numbers with six digits.

References
----------
Datar, Immorlica, Indyk, Mirrokni 2004, Locality-sensitive hashing scheme based on p-stable distributions,
doi:10.1145/997817.997857. Putze, Sanders, Singler 2007, Cache-, hash- and space-efficient Bloom filters,
doi:10.1007/978-3-540-72845-0_9.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.features.inputs import mix
from detectors.fitting.sample import random
from schemas.compiled import compiled

PROJECTIONS = 4
STEPS = 1024  # of a projection's standard deviation
FURTHEST = 2.0**50  # steps from zero: beyond it a projection is cut
WORDS = 8  # of 64 bits in a block of the filter: one line of a processor's cache
BITS = 7  # that one fingerprint sets in its block
PER_ROW = 24  # bits of the filter a training row: one row in some thousands is taken for a member that is none
UNKNOWN, OTHER, MEMBER, CANARY = 0, 1, 2, 4  # a code is one of the first three, and perhaps CANARY

_encode = msgspec.json.Encoder().encode

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Keys(NamedTuple):
    """What makes fingerprints of rows of F numbers.

    Attributes
    ----------
    weights : (F, 4) f8, steps a unit of each column
    offset : (4,) f8, steps
    salt : (1,) u8
    """

    weights: Array
    offset: Array
    salt: Array


def spread(rows: Array) -> Array:
    """Unit (F,) f4 of each column, from training rows (N, F): from quartiles, else the deviation, else its size."""
    x = np.asarray(rows, np.float64)
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75], axis=0) if len(x) else np.zeros((3, x.shape[1]))
    made = np.maximum(np.abs(middle), 1.0)
    deviation = x.std(axis=0) if len(x) else np.zeros(x.shape[1])
    made = np.where(deviation > 0, deviation, made)
    return np.asarray(np.where(high > low, (high - low) / 1.349, made), np.float32)


def keys(secret: bytes, unit: Array) -> Keys:
    """Secret directions for columns with these units (F,) f4."""
    chance = random(secret, "fingerprints", str(len(unit)))
    weights = chance.normal(0, STEPS / np.sqrt(max(1, len(unit))), (len(unit), PROJECTIONS))
    offset, salt = chance.uniform(0, 1, PROJECTIONS), chance.integers(1, 2**63, 1, np.uint64)
    return Keys(weights / unit.astype(np.float64)[:, None], offset, salt)


def of_numbers(known: Keys, x: Array) -> Array:
    """Fingerprints (N,) u8, none of them 0, of rows (N, F)."""
    made = np.empty(len(x), np.uint64)
    _of_numbers(np.ascontiguousarray(x, np.float32), known.weights, known.offset, known.salt[0], made)
    return made


def of_names(secret: bytes, rows: Sequence[Mapping[str, object]]) -> Array:
    """Fingerprints (N,) u8, none of them 0, of named values, whatever their order."""
    key = blake2b(secret, digest_size=32, person=b"tidegate.member").digest()
    return np.array([_of_names(key, row) for row in rows], np.uint64)


def _of_names(key: bytes, row: Mapping[str, object]) -> int:
    text = _encode([(name, _plain(row[name])) for name in sorted(row)])
    return int.from_bytes(blake2b(text, key=key, digest_size=8).digest(), "little") | 1


def _plain(value: object) -> str:
    """A value as it is compared: numbers with six digits, truth as a number, all else as text."""
    if isinstance(value, int | float) and -1e300 < value < 1e300:
        return f"n{float(value) + 0.0:.6g}"  # adding 0 makes -0 one with 0
    return f"s{value}"


@compiled
def _of_numbers(x: Array, weights: Array, offset: Array, salt: Scalar, made: Array) -> None:
    for i in range(len(x)):
        a, b, c, d = offset[0], offset[1], offset[2], offset[3]
        for j in range(x.shape[1]):
            value = np.float64(x[i, j])
            a += value * weights[j, 0]
            b += value * weights[j, 1]
            c += value * weights[j, 2]
            d += value * weights[j, 3]
        h = salt
        for steps in (a, b, c, d):
            step = np.int64(np.floor(min(max(steps, -FURTHEST), FURTHEST)))
            h = mix((h ^ np.uint64(step)) * np.uint64(0x9E3779B97F4A7C15))
        made[i] = h | np.uint64(1)


# -- the filter


def blocks_for(rows: int) -> Array:
    """An empty filter (B, 8) u8 for so many rows."""
    return np.zeros((max(1, -(-rows * PER_ROW // (64 * WORDS))), WORDS), np.uint64)


@compiled
def fill(prints: Array, blocks: Array) -> None:
    """Put fingerprints (N,) into a filter (B, 8), in place."""
    for h in prints:
        at = _block(h, len(blocks))
        bits = mix(h)
        for _ in range(BITS):
            blocks[at, (bits & np.uint64(511)) >> np.uint64(6)] |= np.uint64(1) << (bits & np.uint64(63))
            bits >>= np.uint64(9)


@compiled
def look_up(prints: Array, blocks: Array, canaries: Array, codes: Array) -> None:
    """What fingerprints (N,) are: ``codes`` (N,) u1 become OTHER or MEMBER, and CANARY; ``canaries`` (n,) u8 rise."""
    for i in range(len(prints)):
        h = prints[i]
        where = np.searchsorted(canaries, h)
        planted = CANARY if where < len(canaries) and canaries[where] == h else 0
        codes[i] = MEMBER | planted
        at = _block(h, len(blocks))
        bits = mix(h)
        for _ in range(BITS):
            word = blocks[at, (bits & np.uint64(511)) >> np.uint64(6)]
            if not word & (np.uint64(1) << (bits & np.uint64(63))):
                codes[i] = OTHER | planted
                break
            bits >>= np.uint64(9)


@compiled
def _block(h: Scalar, count: int) -> Scalar:
    """Which of ``count`` blocks, fewer than 2^32, a fingerprint belongs to."""
    return np.int64(((h >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
