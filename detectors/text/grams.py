"""Hashed n-grams of a canonical text: which runs of three to five bytes, which words and pairs of words it has.

A text is the set of its grams, each hashed to one of 2^18 places, and all weigh 1 / sqrt(how many there are). Which
places a text has is one bit each, so that what a text touches at random is 32 KiB and the weights' rows of eight bytes.

References
----------
Weinberger et al., Feature hashing for large scale multitask learning, 2009, doi:10.1145/1553374.1553516.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.text.spelling import is_digit, is_letter
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

BITS = 18
PLACES = 1 << BITS
SHORTEST, LONGEST = 3, 5  # bytes of a run
GRAMS = 6  # at most, per byte of a text
APOSTROPHE = 39
_MASK = np.uint32(PLACES - 1)
_LANES, _FULL, _EVEN = 8, 256, np.uint64(0x00FF00FF00FF00FF)  # 256 bytes of 255 are the most that 16 bits hold
_START, _FACTOR, _WORD = np.uint32(2166136261), np.uint32(16777619), np.uint32(0x9747B28C)


@compiled
def place(h: Scalar) -> Scalar:
    """Place of a hash: its bits mixed, the lowest 18 taken."""
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    return np.int64(h & _MASK)


@compiled
def note(at: Scalar, seen: Array, places: Array, count: int) -> int:
    """Take a place in unless this text has it already (its bit in ``seen`` is set); return the new count."""
    bit = np.uint64(1) << np.uint64(at & 63)
    if seen[at >> 6] & bit:
        return count
    seen[at >> 6] |= bit
    places[count] = at
    return count + 1


@compiled
def grams(text: Array, seen: Array, places: Array) -> int:
    """Fill ``places`` with the distinct grams of ``text`` (n,) u1 and return how many; 6 n at most.

    ``seen`` (2^12,) u8 is all zeros before and after.
    """
    n, count = len(text), 0
    for i in range(n - SHORTEST + 1):
        h = _START
        for j in range(min(LONGEST, n - i)):
            h = (h ^ np.uint32(text[i + j])) * _FACTOR
            if j >= SHORTEST - 1:
                count = note(place(h + np.uint32(j)), seen, places, count)
    word, before, length = _WORD, np.uint32(0), 0
    for i in range(n + 1):
        c = np.int64(text[i]) if i < n else np.int64(32)
        if is_letter(c) or is_digit(c) or c >= 128 or c == APOSTROPHE:
            word, length = (word ^ np.uint32(c)) * _FACTOR, length + 1
        elif length > 0:
            count = note(place(word), seen, places, count)
            count = note(place(word * np.uint32(31) + before), seen, places, count)
            word, before, length = _WORD, word * np.uint32(0x9E3779B1), 0
    for k in range(count):
        seen[places[k] >> 6] = 0
    return count


def blank() -> Array:
    """What :func:`grams` keeps between texts."""
    return np.zeros(PLACES >> 6, np.uint64)


def packed(weights: Array) -> Array:
    """Weights (2^18, H) i1 of at most eight heads, as (2^18,) u8: a byte each, 128 added."""
    made = np.zeros((len(weights), _LANES), np.uint8)
    made[:, : weights.shape[1]] = weights.astype(np.int16) + 128
    return made.view("<u8")[:, 0]


@compiled
def logits(text: Array, seen: Array, places: Array, weights: Array, unit: Array, out: Array) -> None:
    """Fill ``out`` (H,) f4 with the sums of the ``packed`` weights, in units (H,), of a text's grams.

    Four weights are added at once, in lanes of 16 bits; whole numbers, so that no order of summing can matter.
    """
    count = grams(text, seen, places)
    total = np.full(_LANES, -128 * count, np.int64)
    for start in range(0, count, _FULL):
        even = odd = np.uint64(0)
        for j in range(start, min(start + _FULL, count)):
            some = weights[places[j]]
            even += some & _EVEN
            odd += (some >> np.uint64(8)) & _EVEN
        for h in range(0, _LANES, 2):
            total[h] += np.int64((even >> np.uint64(8 * h)) & np.uint64(0xFFFF))
            total[h + 1] += np.int64((odd >> np.uint64(8 * h)) & np.uint64(0xFFFF))
    scale = np.float32(1.0) / np.sqrt(np.float32(max(count, 1)))
    for h in range(len(out)):
        out[h] = np.float32(total[h]) * scale * unit[h]


@compiled
def add(numbers: Array, mean: Array, spread: Array, most: float, weights: Array, bias: Array, out: Array) -> None:
    """Add to ``out`` (H,) f4 the bias (H,) and what the canonical numbers (K,), standardised, are worth: (K, H)."""
    for h in range(len(out)):
        total = np.float32(0)
        for k in range(len(numbers)):
            z = (numbers[k] - mean[k]) / spread[k]
            total += min(max(z, np.float32(-most)), np.float32(most)) * weights[k, h]
        out[h] = out[h] + bias[h] + total
