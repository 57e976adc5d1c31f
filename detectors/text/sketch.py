"""Sketches of prompts: a few numbers by which prompts are known again that are the same, or mostly the same.

MinHash over the words and pairs of words of the canonical text: two prompts agree in a number with the probability
that a word or pair of either is one of both (Jaccard). What is the same text after all disguises has the same ``same``;
``surface`` tells whether a letter was changed all the same.

References
----------
Broder, On the resemblance and containment of documents, 1997, doi:10.1109/SEQUEN.1997.666900.
"""

from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from detectors.text.spelling import is_digit, is_letter
from schemas.compiled import compiled

Array = npt.NDArray[Any]

HASHES = 8
COLUMNS = (*(f"minhash_{k}" for k in range(HASHES)), "same", "surface")
SAME, SURFACE = HASHES, HASHES + 1
BITS = 24  # of a number: whole numbers that float32 holds exactly
_START, _FACTOR = np.uint32(2166136261), np.uint32(16777619)
_ODD = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09], "u4")


@compiled
def sketch(text: Array, out: Array) -> None:
    """Fill ``out`` (9,) f4 with the MinHashes of canonical bytes (n,) u1, and the number of the whole text."""
    least = np.full(HASHES, np.uint32(0xFFFFFFFF), np.uint32)
    word, before, whole, length = _START, np.uint32(0), _START, 0
    for i in range(len(text) + 1):
        c = np.int64(text[i]) if i < len(text) else np.int64(32)
        if is_letter(c) or is_digit(c) or c >= 128:
            word, length = np.uint32((word ^ np.uint32(c)) * _FACTOR), length + 1
        elif length > 0:
            _take(word, least)
            if before > 0:
                _take(np.uint32(word * np.uint32(31) + before), least)
            whole = np.uint32((whole ^ word) * _FACTOR)
            word, before, length = _START, np.uint32(word * np.uint32(0x9E3779B1)) | np.uint32(1), 0
    for k in range(HASHES):
        out[k] = np.float32(least[k] >> np.uint32(32 - BITS))
    whole ^= whole >> np.uint32(15)
    out[HASHES] = np.float32(np.uint32(whole * np.uint32(0x85EBCA6B)) >> np.uint32(32 - BITS))


@compiled
def _take(word: Any, least: Array) -> None:
    """One word or pair: each hash keeps its smallest."""
    for k in range(HASHES):
        h = np.uint32((word ^ (word >> np.uint32(15))) * _ODD[k])
        h ^= h >> np.uint32(13)
        h = np.uint32(h * np.uint32(0xC2B2AE35))
        h ^= h >> np.uint32(16)
        least[k] = min(least[k], h)


def surface(text: str) -> float:
    """Number of a text as it came, letter by letter."""
    return float(crc32(text.encode("utf-8", "replace")) >> (32 - BITS))
