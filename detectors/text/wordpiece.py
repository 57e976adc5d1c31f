"""WordPiece in one compiled pass over UTF-8: words cut greedily into the longest pieces of a vocabulary.

Whole words are looked up first, by a hash that grows with every letter (FNV-1a over code points), so that most words
cost one look. Work is bounded: each of at most ``LONGEST`` beginnings of what is left of a word is looked up once.

Unlike the reference, a word with an unknown letter keeps its known pieces: one emoji glued to each word hides nothing.
Reference: Wu et al. 2016, https://arxiv.org/abs/1609.08144; Schuster and Nakajima 2012.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.letters import ALONE, LETTER, NOTHING, PARTS, PLANE, SPACE, letters
from schemas.compiled import compiled

Array = npt.NDArray[Any]
CELLS = 1 << 17
LONGEST = 24  # letters of a piece
WORD = 100  # letters of a word; a longer one is one unknown, as in the reference
UNKNOWN = 100  # [UNK] in BERT's vocabularies
PRIME = np.uint64(1099511628211)
FIRST, LATER = np.uint64(14695981039346656037), np.uint64(9650029242287828579)  # seeds: begins a word, goes on with it
EMPTY = np.uint64(0)
SHIFT = np.uint64(40)


class Vocabulary(NamedTuple):
    """Pieces by hash, and what letters become.

    Attributes
    ----------
    keys : (131072,) u8, hashes at their place, 0 where there is none
    values : (131072,) i4, numbers of pieces
    fold, kind : see ``letters.Letters``
    """

    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.int32]
    fold: npt.NDArray[np.uint16]
    kind: npt.NDArray[np.uint8]


def vocabulary(pieces: Sequence[str]) -> Vocabulary:
    """Index pieces by number; those in brackets ([CLS]) cannot be written, so no text has them."""
    keys, values = np.zeros(CELLS, np.uint64), np.zeros(CELLS, np.int32)
    for number, piece in enumerate(pieces):
        later = piece.startswith("##") and len(piece) > 2
        text = piece[2:] if later else piece
        if text and not (text[0] == "[" and text[-1] == "]" and len(text) > 2):
            points = np.array([ord(c) for c in text], np.int64)
            _insert(keys, values, points, later, number)
    return Vocabulary(keys, values, *letters())


def learnt(vocab: Vocabulary, words: Sequence[str], number: int) -> tuple[Array, Array]:
    """Keys and values of a vocabulary with whole words of ASCII letters added, each as this number."""
    keys, values = vocab.keys.copy(), vocab.values.copy()
    for word in words:
        _insert(keys, values, np.frombuffer(word.encode("ascii"), np.uint8).astype(np.int64), False, number)
    return keys, values


@compiled
def _insert(keys: Array, values: Array, points: Array, later: bool, number: int) -> None:
    code = LATER if later else FIRST
    for point in points:
        code = (code ^ np.uint64(point)) * PRIME
    cell = np.int64(code >> SHIFT) & (CELLS - 1)
    while keys[cell] != EMPTY and keys[cell] != code:
        cell = (cell + 1) & (CELLS - 1)
    keys[cell], values[cell] = code, number


@compiled
def find(keys: Array, values: Array, code: Any) -> Any:
    """Number of the piece with this hash, or -1."""
    cell = np.int64(code >> SHIFT) & (CELLS - 1)
    while keys[cell] != EMPTY:
        if keys[cell] == code:
            return np.int64(values[cell])
        cell = (cell + 1) & (CELLS - 1)
    return np.int64(-1)


@compiled
def tokenize(text: Array, vocab: Vocabulary, ids: Array) -> int:
    """Fill ``ids`` (M,) i4 with the pieces of text (n,) u1, UTF-8; return how many, at most M."""
    word, codes, fold, kinds = np.empty(WORD, np.int64), np.empty(LONGEST, np.uint64), vocab.fold, vocab.kind
    length, count, at, code = 0, 0, 0, FIRST
    while at <= len(text) and count < len(ids):
        point: Any = np.int64(text[at]) if at < len(text) else 32
        at += 1
        if point >= 0x80:
            point, at = _point(text, at - 1)
        kind = np.int64(kinds[point]) if point < PLANE else _kind(point)
        if kind == NOTHING:
            continue
        if kind != LETTER and length > 0:
            count = _close(word, length, code, codes, vocab.keys, vocab.values, ids, count)
            length, code = 0, FIRST
        if kind == SPACE or count == len(ids):
            continue
        for j in range(PARTS):
            part = np.int64(fold[point, j]) if point < PLANE else point * (j == 0)
            if part == 0:
                break
            word[min(length, WORD - 1)] = part
            code = (code ^ np.uint64(part)) * PRIME
            length += 1
        if kind == ALONE:
            count = _close(word, length, code, codes, vocab.keys, vocab.values, ids, count)
            length, code = 0, FIRST
    return count


@compiled
def _close(
    word: Array, length: int, code: Any, codes: Array, keys: Array, values: Array, ids: Array, count: int
) -> int:
    """Append the pieces of a word with this hash, and return how many ids there are now."""
    if length > WORD:
        number = np.int64(UNKNOWN)
    elif length > LONGEST:
        number = np.int64(-1)
    else:
        number = find(keys, values, code)
    if number < 0:
        return _pieces(word[:length], codes, keys, values, ids, count)
    ids[count] = number
    return count + 1


@compiled
def _pieces(word: Array, codes: Array, keys: Array, values: Array, ids: Array, count: int) -> int:
    """Append the longest pieces of a word, from its begin; an unknown stretch is one ``UNKNOWN``."""
    begin, before = 0, count
    while begin < len(word) and count < len(ids):
        code = LATER if begin > 0 else FIRST
        reach = min(len(word) - begin, LONGEST)
        for j in range(reach):
            code = (code ^ np.uint64(word[begin + j])) * PRIME
            codes[j] = code
        number = np.int64(-1)
        while number < 0 and reach > 0:
            reach -= 1
            number = find(keys, values, codes[reach])
        if number >= 0 or count == before or ids[count - 1] != UNKNOWN:
            ids[count] = number if number >= 0 else UNKNOWN
            count += 1
        begin += reach + 1
    return count


@compiled
def _point(text: Array, at: int) -> tuple[Any, int]:
    """Code point that begins at a byte, and where the next begins; damaged bytes are U+FFFD."""
    lead = np.int64(text[at])
    more = 1 if 0xC2 <= lead < 0xE0 else 2 if 0xE0 <= lead < 0xF0 else 3 if 0xF0 <= lead < 0xF5 else 0
    if more == 0 or at + more >= len(text):
        return 0xFFFD, at + 1
    point = lead & (0x3F >> more)
    for j in range(at + 1, at + more + 1):
        if text[j] & 0xC0 != 0x80:
            return 0xFFFD, at + 1
        point = point << 6 | np.int64(text[j] & 0x3F)
    return point, at + more + 1


@compiled
def _kind(point: int) -> int:
    """What a code point above U+FFFF is: an ideograph, a hidden one of the last planes, or a letter."""
    if 0x20000 <= point < 0x30000:
        return ALONE
    return NOTHING if point >= 0xE0000 else LETTER
