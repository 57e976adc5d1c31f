"""Broken words made whole: letters that changed places go back, where enough of a text is broken.

An unknown word takes the exchange of two neighbouring letters that makes it the most usual known word. If none does,
its first or last letter may have changed places with the sign between two words. Such errors hide words and leave them
legible (Damerau 1964, https://doi.org/10.1145/363958.363994).

A text stays as it is unless three of its words and a tenth of all can be mended: ordinary prompts do not get there,
so names and rare words are left alone. So are words with letters outside ASCII. Work is bounded: of a word of n
letters, 24 at most, n - 1 exchanges are looked up.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.text.canonical import Canonical
from detectors.text.lexicon import SHORT, USUAL, Words, rank, shipped
from detectors.text.wordpiece import LONGEST
from schemas.compiled import compiled

Array = npt.NDArray[Any]
FEWEST, SHARE = 3, 10  # mended words, and one of so many, below which a text stays as it is


def mended(one: Canonical) -> Canonical:
    """A canonical text with its broken words made whole; the same object where too few are."""
    words = shipped()
    if not _doubtful(one.text, words):
        return one
    text = one.text.copy()
    made, count = _mend(text, words)
    return one._replace(text=text) if made >= FEWEST and made * SHARE >= count else one


@compiled
def _letter(c: Any) -> bool:
    return bool(97 <= c <= 122)


@compiled
def _end(text: Array, at: int) -> int:
    """Where the letters from ``at`` on end."""
    while at < len(text) and _letter(text[at]):
        at += 1
    return at


@compiled
def _foreign(text: Array, start: int, stop: int) -> bool:
    """Whether a letter outside ASCII touches a word."""
    return bool((start > 0 and text[start - 1] >= 128) or (stop < len(text) and text[stop] >= 128))


@compiled
def _swap(text: Array, at: int) -> None:
    text[at], text[at + 1] = text[at + 1], text[at]


@compiled
def _doubtful(text: Array, words: Words) -> bool:
    """Whether so many words are unknown that enough may be broken."""
    at, count, unknown = 0, 0, 0
    while at < len(text):
        stop = _end(text, at)
        if stop > at:
            count += 1
            unknown += not _foreign(text, at, stop) and rank(text, at, stop, words) < 0
        at = stop + 1
    return bool(unknown >= FEWEST and unknown * SHARE >= count)


@compiled
def _mend(text: Array, words: Words) -> tuple[int, int]:
    """Make words whole in place; return how many were, and how many words there are."""
    at, made, count = 0, 0, 0
    while at < len(text):
        start, stop = at, _end(text, at)
        at = stop + (stop == start)
        if stop == start:
            continue
        count += 1
        if _foreign(text, start, stop):
            continue
        unknown = rank(text, start, stop, words) < 0
        turn = _turn(text, start, stop, words) if unknown else -1
        if turn >= 0:
            _swap(text, turn)
            made += 1
        moved = _move(text, start, stop, unknown and turn < 0, words)
        if moved > 0:
            at = moved
            made += 1
    return made, count


@compiled
def _turn(text: Array, start: int, stop: int, words: Words) -> int:
    """Where the exchange of two letters makes the most usual word of ``text[start:stop]``; -1 where none does."""
    best, place = np.int64(USUAL if stop - start < SHORT else 1 << 40), -1
    if stop - start < 2 or stop - start > LONGEST:
        return place
    for at in range(start, stop - 1):
        if text[at] == text[at + 1]:
            continue
        _swap(text, at)
        found = rank(text, start, stop, words)
        _swap(text, at)
        if 0 <= found < best:
            best, place = found, at
    return place


@compiled
def _move(text: Array, start: int, stop: int, unknown: bool, words: Words) -> int:
    """Exchange the sign behind a word with the letter beside it if that makes two known words; where to go on, or 0."""
    if stop + 1 >= len(text) or not _letter(text[stop + 1]) or text[stop] >= 128:
        return 0
    last = _end(text, stop + 1)
    if _foreign(text, stop + 1, last) or not (unknown or rank(text, stop + 1, last, words) < 0):
        return 0
    _swap(text, stop)
    if rank(text, start, stop + 1, words) >= 0 and _goes_on(text, stop + 2, last, words):
        return stop + 2
    _swap(text, stop)
    if stop - start < 2:
        return 0
    _swap(text, stop - 1)
    if rank(text, start, stop - 1, words) >= 0 and _goes_on(text, stop, last, words):
        return stop
    _swap(text, stop - 1)
    return 0


@compiled
def _goes_on(text: Array, start: int, stop: int, words: Words) -> bool:
    """Whether what is left of the next word is known, or would be without its last letter, which may have moved too."""
    return stop - start < 1 or rank(text, start, stop, words) >= 0 or rank(text, start, stop - 1, words) >= 0
