"""Hashed n-grams of a canonical text: which runs of three to five bytes, which words and pairs of words it has.

A text is the set of its grams, each hashed to one of 2^18 places, and all weigh 1 / sqrt(how many there are).

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
_START, _FACTOR, _WORD = np.uint32(2166136261), np.uint32(16777619), np.uint32(0x9747B28C)


@compiled
def place(h: Scalar) -> Scalar:
    """Place of a hash: its bits mixed, the lowest 18 taken."""
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    return np.int64(h & _MASK)


@compiled
def note(at: Scalar, seen: Array, text: Scalar, places: Array, count: int) -> int:
    """Take a place in unless this text has it already (``seen[at]`` is the last that had); return the new count."""
    if seen[at] == text:
        return count
    seen[at] = text
    places[count] = at
    return count + 1


@compiled
def grams(text: Array, number: Scalar, seen: Array, places: Array) -> int:
    """Fill ``places`` with the distinct grams of ``text`` (n,) u1 and return how many; 6 n at most.

    ``seen`` (2^18,) i4 remembers the number of the last text with each gram; ``number`` must rise from text to text.
    """
    n, count = len(text), 0
    for i in range(n - SHORTEST + 1):
        h = _START
        for j in range(min(LONGEST, n - i)):
            h = (h ^ np.uint32(text[i + j])) * _FACTOR
            if j >= SHORTEST - 1:
                count = note(place(h + np.uint32(j)), seen, number, places, count)
    word, before, length = _WORD, np.uint32(0), 0
    for i in range(n + 1):
        c = np.int64(text[i]) if i < n else np.int64(32)
        if is_letter(c) or is_digit(c) or c >= 128 or c == APOSTROPHE:
            word, length = (word ^ np.uint32(c)) * _FACTOR, length + 1
        elif length > 0:
            count = note(place(word), seen, number, places, count)
            count = note(place(word * np.uint32(31) + before), seen, number, places, count)
            word, before, length = _WORD, word * np.uint32(0x9E3779B1), 0
    return count


@compiled
def logits(text: Array, number: Scalar, seen: Array, places: Array, weights: Array, unit: Array, out: Array) -> None:
    """Fill ``out`` (H,) f4 with the sums of the weights (2^18, H) i1, in units (H,), of a text's grams."""
    count = grams(text, number, seen, places)
    total = np.zeros(len(out), np.int64)  # whole numbers: no order of summing can matter
    for j in range(count):
        for h in range(len(out)):
            total[h] += weights[places[j], h]
    scale = np.float32(1.0) / np.sqrt(np.float32(max(count, 1)))
    for h in range(len(out)):
        out[h] = np.float32(total[h]) * scale * unit[h]
