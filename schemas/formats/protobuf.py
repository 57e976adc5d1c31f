"""Protocol Buffers as they lie on the wire, walked within bounds, without any description compiled in.

A :class:`Grammar` says which fields of which messages are of interest; one pass over the bytes then gives a row for
each of them, in the order in which they were written. Everything else is stepped over. Groups, which nobody has
written since 2008, are refused.

References
----------
https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from schemas.compiled import compiled
from schemas.formats.lenient import Refused

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
LEAF = ""
MOST_ROWS = 1 << 18
_SKIPPED, _KEPT = -2, -1
_ERRORS = {
    1: "a number runs over the end",
    2: "a field runs over the end of its message",
    3: "there is no such field or type",
    4: "messages are nested too deep",
}


class Grammar:
    """Which fields matter, by message.

    Parameters
    ----------
    messages : for each message its fields by number: the name of a message to go into, or ``LEAF`` for a value to keep
    quiet : messages that are gone into without a row of their own, only for what is in them
    """

    def __init__(self, messages: Mapping[str, Mapping[int, str]], quiet: Collection[str] = ()) -> None:
        self.states = {name: i for i, name in enumerate(messages)}
        most = max(number for fields in messages.values() for number in fields)
        self.table = np.full((len(messages), most + 1), _SKIPPED, np.int32)
        self.loud = np.array([name not in quiet for name in messages])
        for name, fields in messages.items():
            for number, inner in fields.items():
                self.table[self.states[name], number] = self.states[inner] if inner else _KEPT

    def code(self, message: str, number: int, kind: int = LENGTH) -> int:
        """What stands first in rows of that field of that message, if it is of that kind on the wire."""
        return (self.states[message] * self.table.shape[1] + number) * 8 + kind


def walk(data: bytes, grammar: Grammar, root: str, depth: int = 32, start: int = 0) -> list[tuple[int, int, int]]:
    """Rows of the fields that matter, in order, each ``(code, from, to)``.

    ``from`` and ``to`` are where a string, bytes, a fixed number or a message lie in ``data``; of a varint, ``from`` is
    its value as 64 bits with a sign. A field of another kind than the grammar's user expects has a code that he does
    not ask for: that is how odd types are passed over.

    Parameters
    ----------
    root : the message that ``data`` is
    start : where in ``data`` it begins

    Raises
    ------
    Refused : the bytes are no such message, with the byte where that shows, or have more than 262,144 fields
    """
    return list(zip(*columns(data, grammar, root, depth, start), strict=True))


def columns(
    data: bytes, grammar: Grammar, root: str, depth: int = 32, start: int = 0
) -> tuple[list[int], list[int], list[int]]:
    """As :func:`walk`: the codes of all rows, where each begins, and where it ends.

    Raises
    ------
    Refused : as :func:`walk`
    """
    size = 64 + (len(data) >> 3)
    view = np.frombuffer(data, np.uint8)
    while True:
        rows = np.empty((3, min(size, MOST_ROWS)), np.int64)
        count, error, at = _walk(view, start, grammar.states[root], grammar.table, grammar.loud, depth, rows)
        if error:
            raise Refused(f"no protobuf of the expected kind: {_ERRORS[error]} at byte {at}")
        if count <= rows.shape[1]:
            codes, starts, stops = rows[:, :count].tolist()
            return codes, starts, stops
        if rows.shape[1] == MOST_ROWS:
            raise Refused(f"there are more than {MOST_ROWS} fields in one message")
        size *= 4


def integers(data: bytes, first: int, end: int) -> list[int]:
    """Whole numbers packed one behind the other, as 64 bits with a sign.

    Raises
    ------
    Refused : one runs over the end, with its byte
    """
    part = data[first:end]
    if part.isascii():  # each of them is one byte
        return list(part)
    numbers = np.empty(len(part), np.int64)
    count, at = _unpacked(np.frombuffer(part, np.uint8), numbers)
    if at >= 0:
        raise Refused(f"no protobuf of the expected kind: {_ERRORS[1]} at byte {first + at}")
    found: list[int] = numbers[:count].tolist()
    return found


@compiled
def _unpacked(data: Any, numbers: Any) -> tuple[int, int]:
    """How many numbers there are, and at which byte one runs over the end, or -1."""
    at = count = 0
    while at < len(data):
        value, after = _varint(data, at, len(data))
        if after < 0:
            return count, at
        numbers[count] = value
        count, at = count + 1, after
    return count, -1


@compiled
def _varint(data: Any, at: int, stop: int) -> tuple[int, int]:
    """A number and where it ends, -1 where it does not."""
    value, shift = np.int64(0), 0
    for i in range(at, min(stop, at + 10)):
        value |= np.int64(data[i] & 0x7F) << shift
        if data[i] < 0x80:
            return int(value), i + 1
        shift += 7
    return 0, -1


@compiled
def _field(data: Any, at: int, stop: int) -> tuple[int, int, int, int, int]:
    """The field at a byte: its number, kind, where what it holds begins and ends, and an error or 0."""
    tag, after = _varint(data, at, stop)
    number, kind, error = tag >> 3, tag & 7, 0
    first = end = after
    if after < 0:
        error = 1
    elif number < 1 or number > 536_870_911:
        error = 3
    elif kind == VARINT:
        first, end = _varint(data, after, stop)
        error = 0 if end >= 0 else 1
    elif kind == LENGTH:
        length, first = _varint(data, after, stop)
        error = 1 if first < 0 else 2 if length < 0 or length > stop - first else 0
        end = first + length
    elif kind in (FIXED64, FIXED32):
        end = after + (8 if kind == FIXED64 else 4)
        error = 0 if end <= stop else 2
    else:
        error = 3
    return number, kind, first, end, error


@compiled
def _walk(data: Any, start: int, root: int, table: Any, loud: Any, depth: int, rows: Any) -> tuple[int, int, int]:
    """How many rows there are (more than fit: try again with more), an error or 0, and the byte where it is."""
    states = np.empty(depth + 1, np.int64)
    stops = np.empty(depth + 1, np.int64)
    states[0], stops[0] = root, len(data)
    level, at, count = 0, start, 0
    while True:
        while level > 0 and at == stops[level]:
            level -= 1
        state = states[level]
        if at >= stops[level]:
            return count, 0, at
        number, kind, first, end, error = _field(data, at, stops[level])
        if error:
            return count, error, at
        inner = table[state, number] if number < table.shape[1] else _SKIPPED
        if inner == _KEPT or (inner >= 0 and (loud[inner] or kind != LENGTH)):
            if count >= rows.shape[1]:
                return rows.shape[1] + 1, 0, at
            rows[0, count] = (state * table.shape[1] + number) * 8 + kind
            rows[1, count], rows[2, count] = first, end
            count += 1
        at = end
        if inner >= 0 and kind == LENGTH:
            if level == depth:
                return count, 4, first
            level += 1
            states[level], stops[level], at = inner, end, first
