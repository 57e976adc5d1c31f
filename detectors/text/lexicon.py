"""Words that are known: pieces of the embedding's vocabulary, words of our own prompts, both with an English ending."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored
from detectors.text.embedding import known
from detectors.text.wordpiece import FIRST, LONGEST, PRIME, find, learnt
from schemas.compiled import compiled

Array = npt.NDArray[Any]
SHORT, USUAL = 3, 6_000  # letters of a word that is known only among the most usual pieces, and how many these are
STEM, OWN = 30_000, 20_000  # rank of a word with an ending, beyond its stem's; and of a word of our own prompts
MISS = np.int64(-1)
APOSTROPHE = 39


class Words(NamedTuple):
    """Known words by hash, and how usual they are: see ``wordpiece.Vocabulary``."""

    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.int32]


@cache
def shipped() -> Words:
    """All that is known; raises ``Corrupt``."""
    own = stored("words")["words"].tobytes().decode("ascii").split("\n")
    return Words(*learnt(known(), own, OWN))


@compiled
def rank(text: Array, start: int, stop: int, words: Words) -> Any:
    """Rank of the word ``text[start:stop]``, small where it is usual, or -1."""
    length = stop - start
    if length == 1:
        return np.int64(0) if _alone(text, start) else MISS
    if length < 1 or length > LONGEST:
        return MISS
    code = FIRST
    for at in range(start, stop):
        code = (code ^ np.uint64(text[at])) * PRIME
    number = find(words.keys, words.values, code)
    if number >= 0 and (length > SHORT or number < USUAL):
        return number
    return _stem(text, start, stop, words)


@compiled
def _stem(text: Array, start: int, stop: int, words: Words) -> Any:
    """Rank of a word by the longest stem that is known and goes on with an ending, or -1."""
    code, found = FIRST, MISS
    for at in range(start, stop - 1):
        code = (code ^ np.uint64(text[at])) * PRIME
        if at >= start + SHORT and _ending(text, at + 1, stop):
            number = find(words.keys, words.values, code)
            found = number + STEM if number >= 0 else found
    return found


@compiled
def _alone(text: Array, at: int) -> bool:
    """Whether a single letter is a word: *a*, *i*, and what stands behind an apostrophe."""
    c = np.int64(text[at])
    return c in (97, 105) or (at > 0 and np.int64(text[at - 1]) == APOSTROPHE and c in (100, 109, 115, 116))


@compiled
def _ending(text: Array, start: int, stop: int) -> bool:
    """Whether this is -s, -d, -ed, -es, -er, -ly or -ing."""
    last = np.int64(text[stop - 1])
    if stop - start == 1:
        return last in (100, 115)
    if stop - start == 2:
        first = np.int64(text[start])
        return (first == 101 and last in (100, 114, 115)) or (first == 108 and last == 121)
    return stop - start == 3 and text[start] == 105 and text[start + 1] == 110 and last == 103
