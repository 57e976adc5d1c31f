"""Rows of CSV and TSV files as JSON objects, for the same readers that read everything else."""

import csv
import re
from collections.abc import Iterator
from itertools import chain

import msgspec

from streams.shapes import delimiter

_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d{0,17}|\d*\.\d+|\d+\.\d*|(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)")
_encode = msgspec.json.Encoder().encode


def rows(pieces: Iterator[bytes], limit: int) -> Iterator[tuple[int, bytes, str]]:
    """Line number from 0, JSON, and what is wrong with it, of each row; one of the last two is empty.

    The first line names the columns. Cells that are numbers become such, unless a leading zero says that they are
    names; empty cells are missing.
    """
    lines = _lines(pieces, limit)
    first = next(lines, "")
    mark = delimiter(first.removeprefix("\ufeff").rstrip("\r\n")) or ","
    reader = csv.reader(chain([first.removeprefix("\ufeff")], lines), delimiter=mark)
    names: list[str] = []
    while True:
        number = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield number, b"", f"no row of a table: {error}"
            continue
        if cells is None:
            return
        if not names:
            names = [name.strip() for name in cells]
        elif len(cells) > len(names):
            yield number, b"", f"a row of {len(cells)} cells under {len(names)} names"
        elif cells:
            row = {name: _value(cell) for name, cell in zip(names, cells, strict=False) if cell != ""}
            yield number, _encode(row), ""


def _value(cell: str) -> str | float | int:
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        return cell
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _lines(pieces: Iterator[bytes], limit: int) -> Iterator[str]:
    """Text line by line with its end; of a line beyond the limit only what is within."""
    begun = b""
    for piece in pieces:
        *whole, begun = (begun + piece).split(b"\n")
        yield from (line[:limit].decode("utf-8", "replace").replace("\0", "") + "\n" for line in whole)
        begun = begun[: limit + 1]
    if begun:
        yield begun[:limit].decode("utf-8", "replace").replace("\0", "")
