"""Letters: what becomes of each code point before words are looked up, as the reference tokenizer of BERT does it.

Lower case, canonical decomposition without non-spacing marks (é becomes e, Hangul becomes its jamo); control characters
vanish, punctuation and Chinese characters stand alone. Code points above U+FFFF are taken as they are.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

PLANE = 1 << 16
PARTS = 3  # most of what one code point decomposes into
LETTER, SPACE, ALONE, NOTHING = 0, 1, 2, 3
IDEOGRAPHS = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF))
ASCII_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class Letters(NamedTuple):
    """By code point below U+10000.

    Attributes
    ----------
    fold : (65536, 3) u2, what it becomes, 0 where there is less
    kind : (65536,) u1, ``LETTER``, ``SPACE``, ``ALONE`` or ``NOTHING``
    """

    fold: npt.NDArray[np.uint16]
    kind: npt.NDArray[np.uint8]


@cache
def letters() -> Letters:
    """Both tables; some tens of milliseconds, once."""
    fold, kind = np.zeros((PLANE, PARTS), np.uint16), np.zeros(PLANE, np.uint8)
    for point in range(PLANE):
        one = chr(point)
        kind[point] = _kind(one)
        if kind[point] in (LETTER, ALONE):
            parts = [ord(c) for c in folded(one)[:PARTS]]
            fold[point, : len(parts)] = parts if max(parts, default=0) < PLANE else point
            kind[point] = kind[point] if parts else NOTHING
    return Letters(fold, kind)


def folded(text: str) -> str:
    """Text in lower case, decomposed, without non-spacing marks."""
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).lower())
    return "".join(c for c in apart if unicodedata.category(c) != "Mn")


def _kind(one: str) -> int:
    category = unicodedata.category(one)
    if one in "\t\n\r" or category[0] == "Z":
        return SPACE
    if category[0] == "C" or one == "\ufffd":
        return NOTHING
    ideograph = any(first <= ord(one) <= last for first, last in IDEOGRAPHS)
    return ALONE if ideograph or category[0] == "P" or one in ASCII_MARKS else LETTER
