"""Shingles: salted numbers for every eight words in a row, from which no word can be read."""

from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

WORDS = 8
_PRIME = np.uint64(0x9E3779B97F4A7C15)

Array = npt.NDArray[Any]


class Shingles(NamedTuple):
    """The n words of a text: (n - 7,) u8, and (n, 2) where each word lies in the text's bytes."""

    prints: Array
    words: Array


def shingles(text: str, salt: bytes) -> Shingles:
    """Of a text, whatever its capitals, spaces and punctuation; a character of Chinese and the like is a word."""
    data = np.frombuffer(text.lower().encode("utf-8", "replace"), np.uint8)
    key = np.frombuffer(blake2b(salt, digest_size=16, person=b"tidegate.shingle").digest(), np.uint64)
    hashes, words = np.empty(len(data), np.uint64), np.empty((len(data), 2), np.int32)
    n = _words(data, key, hashes, words)
    return Shingles(_shingled(hashes[:n], key), words[:n])


@compiled
def _kind(c: int) -> int:
    """0 between words, 1 within one, 2 the first byte of a character that is a word."""
    if 48 <= c < 58 or 97 <= c < 123:
        return 1
    if c < 0x80 or c == 0xE2:  # punctuation, typographical too
        return 0
    return 2 if 0xE3 <= c <= 0xED else 1


@compiled
def _words(data: Array, key: Array, hashes: Array, words: Array) -> int:
    """Hash the words of a text into ``hashes``, their places into ``words``; returns how many."""
    n, i = 0, 0
    while i < len(data):
        kind = _kind(data[i])
        if kind == 0:
            i += 3 if data[i] == 0xE2 else 1
            continue
        start, made = i, key[0]
        while i < len(data) and (i == start or (kind == 1 and _kind(data[i]) == 1) or (kind == 2 and i < start + 3)):
            made = (made ^ np.uint64(data[i])) * np.uint64(0x100000001B3)
            i += 1
        hashes[n], words[n, 0], words[n, 1] = made, start, i
        n += 1
    return n


@compiled
def _shingled(hashes: Array, key: Array) -> Array:
    made = np.empty(max(0, len(hashes) - WORDS + 1), np.uint64)
    for i in range(len(made)):
        one = key[1]
        for k in range(WORDS):
            one = (one ^ hashes[i + k]) * _PRIME
            one ^= one >> np.uint64(29)
        made[i] = one
    return made
