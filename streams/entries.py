"""Entries of files that do not hold one a line: documents, tables, whole files, HTTP messages."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from schemas.formats.message import Around
from streams.csv_rows import rows
from streams.displayed import events
from streams.documents import Cutter
from streams.shapes import Shape

CSV = Around(headers=(("content-type", b"text/csv"),))
PARQUET = Around(headers=(("content-type", b"application/vnd.apache.parquet"),))


class Entry(NamedTuple):
    """One entry, or what is wrong with it.

    Attributes
    ----------
    number : of its line where it begins on one, else how many came before
    around : what stood around it, where the file keeps that
    """

    number: int
    value: bytes
    problem: str = ""
    around: Around | None = None


def entries(form: Shape, pieces: Iterator[bytes], path: str, limit: int) -> Iterator[Entry]:
    """The entries of a file of that shape.

    Raises
    ------
    streams.decompress.Broken : as the pieces do
    """
    if form is Shape.TABLE:
        return _table(pieces, limit)
    if form is Shape.DISPLAYED:
        return (_bounded(i, value, length, limit) for i, (value, length) in enumerate(events(pieces, limit)))
    if form in (Shape.WHOLE, Shape.HTTP):
        return _whole(form, pieces, path, limit)
    return _documents(pieces, path, limit, array=form is Shape.ARRAY)


def _table(pieces: Iterator[bytes], limit: int) -> Iterator[Entry]:
    for number, row, problem in rows(pieces, limit):
        yield Entry(number, row, problem, CSV)


def _documents(pieces: Iterator[bytes], path: str, limit: int, *, array: bool) -> Iterator[Entry]:
    """Values one behind the other. A file of a single one is that one, written when the file was."""
    held: Entry | None = None
    for one in _values(pieces, limit, array=array):
        if held is not None:
            yield held
        elif not one.number:
            held = one
            continue
        yield one
        held = None
    if held is not None:
        yield held._replace(around=Around(_written(path)))


def _values(pieces: Iterator[bytes], limit: int, *, array: bool) -> Iterator[Entry]:
    cutter = Cutter(limit, array=array)
    number = 0
    for i, piece in enumerate(pieces):
        for value, length in cutter.cut(piece.removeprefix(b"\xef\xbb\xbf") if not i else piece):
            if not value.startswith(b"#"):  # a comment between documents
                yield _bounded(number, value, length, limit)
                number += 1
    value, length = cutter.rest()
    if length:
        yield _bounded(number, value, length, limit)


def _bounded(number: int, value: bytes, length: int, limit: int) -> Entry:
    if length > limit:
        return Entry(number, value, f"an entry of {length} bytes, more than the {limit} that a record may have")
    return Entry(number, value)


def _whole(form: Shape, pieces: Iterator[bytes], path: str, limit: int) -> Iterator[Entry]:
    """One entry; of an HTTP message its body, with its headers around it."""
    value, length = b"", 0
    for piece in pieces:
        value += piece[: max(0, limit + 1 - len(value))]
        length += len(piece)
    if not length or length > limit:
        yield from [_bounded(0, value, length, limit)] if length else ()
        return
    headers, time = _beside(path), _written(path)
    if form is Shape.HTTP:
        head, body = _parted(value)
        names = [line.partition(b":") for line in head.splitlines()[1:] if b":" in line]
        headers += [(name.strip().decode("latin-1"), said.strip()) for name, _, said in names]
        value = body or value
    yield Entry(0, value, "", Around(time, None, tuple(headers)))


def _parted(value: bytes) -> tuple[bytes, bytes]:
    """Head and body of an HTTP message; the body begins behind an empty line, or with a bracket of its own."""
    at = 0
    while at < len(value):
        end = value.find(b"\n", at) + 1 or len(value)
        line = value[at:end].strip()
        if not line:
            return value[:at], value[end:]
        if line[:1] in (b"{", b"["):
            break
        at = end
    return value[:at], value[at:]


def _beside(path: str) -> list[tuple[str, bytes | None]]:
    """Headers out of ``NAME.headers.json`` beside a file ``NAME.bin``."""
    beside = Path(path).with_suffix(".headers.json")
    with suppress(OSError, ValueError, msgspec.MsgspecError, RecursionError):
        if beside.is_file() and beside.stat().st_size < 1 << 20:
            said = msgspec.json.decode(beside.read_bytes())
            if isinstance(said, dict):
                return [(name, str(value).encode("utf-8", "replace")) for name, value in said.items()]
    return []


def _written(path: str) -> int | None:
    """When a file was written, ms: the time of what has no other."""
    with suppress(OSError, ValueError):
        return int(Path(path).stat().st_mtime * 1000) if Path(path).is_file() else None
    return None
