"""Blocks of rows: several made one, one cut in halves, as plain values, and the token that names one by its content."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any

import msgspec
import numpy as np

from streams.sinks.api import Coded, Column, Columns, rows_of


def joined(blocks: Sequence[Columns]) -> dict[str, Column]:
    """Rows of all blocks, in order. All have the same columns.

    Raises
    ------
    KeyError
        if one lacks a column of the first
    """
    if len(blocks) == 1:
        return dict(blocks[0])
    return {name: _joined([block[name] for block in blocks]) for name in blocks[0]}


def _joined(parts: Sequence[Column]) -> Column:
    if all(isinstance(part, Coded) for part in parts):
        return _recoded([part for part in parts if isinstance(part, Coded)])
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if len(arrays) == len(parts):
        return np.concatenate(arrays)
    return list(chain.from_iterable(part.expanded() if isinstance(part, Coded) else part for part in parts))


def _recoded(parts: Sequence[Coded]) -> Coded:
    """One table of values for all parts, in order of first appearance."""
    place: dict[str, int] = {}
    codes = []
    for part in parts:
        table = np.array([place.setdefault(value, len(place)) for value in part.values], dtype=np.int32)
        codes.append(table[part.codes] if len(table) else part.codes)
    return Coded(list(place), np.concatenate(codes))


def halves(columns: Columns) -> Iterator[dict[str, Column]]:
    """Give the first and the second half of at least two rows."""
    middle = rows_of(columns) // 2
    for cut in (slice(None, middle), slice(middle, None)):
        yield {name: _cut(column, cut) for name, column in columns.items()}


def _cut(column: Column, cut: slice) -> Column:
    return Coded(column.values, column.codes[cut]) if isinstance(column, Coded) else column[cut]


def size_of(columns: Columns) -> int:
    """About how many bytes the rows hold, without going into lists."""
    return sum(map(_size, columns.values()))


def _size(column: Column) -> int:
    if isinstance(column, Coded):
        return int(column.codes.nbytes)
    if isinstance(column, np.ndarray):
        return int(column.nbytes)
    return 50 * len(column) + (sum(map(len, column)) if column and isinstance(column[0], str | bytes) else 0)


def plain_values(column: Column) -> list[Any]:
    """One column as plain Python values; times as float seconds since the epoch."""
    if isinstance(column, Coded):
        return column.expanded()
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "M":
            ticks = column.astype("datetime64[us]").view(np.int64)
            return (ticks / 1e6).tolist()  # type: ignore[no-any-return]
        return column.tolist()  # type: ignore[no-any-return]
    return list(column)


def token(table: str, columns: Columns) -> str:
    """32 hex digits from what the rows say: the same block again has the same token, on any machine.

    Two blocks with one token would lose the second, since the server takes it for a repetition; so every length and
    every type goes into the hash.
    """
    digest = blake2b(table.encode(), digest_size=16, person=b"tidegate.block")
    for name, column in columns.items():
        digest.update(b"\0" + name.encode() + b"\0")
        if isinstance(column, np.ndarray):
            digest.update(f"{column.dtype.str}{column.shape}".encode())
            digest.update(np.ascontiguousarray(column).view(np.uint8).data)
        else:
            digest.update(_packed(column.expanded() if isinstance(column, Coded) else column))
    return digest.hexdigest()


def _packed(column: Sequence[object]) -> bytes:
    try:
        return msgspec.msgpack.encode(column)
    except (UnicodeEncodeError, TypeError, OverflowError):
        return repr(column).encode("utf-8", "backslashreplace")
