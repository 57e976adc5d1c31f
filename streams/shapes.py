"""Shapes: how a file holds its entries, told by what it begins with."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path

from streams.decompress import Broken
from streams.displayed import displayed
from streams.documents import first_end

HEAD = 64 << 10  # bytes looked at
_EVENTS = re.compile(rb"\A(?:event|data|id|retry): ?[^\n]*\n")
_HTTP = re.compile(rb"\A(?:(?:POST|PUT|GET) \S+ HTTP/[12](?:\.\d)?|HTTP/[12](?:\.\d)? \d{3}[^\n]*)\r?\n")
_SPREAD = re.compile(rb"^\{[ \t]*\r?\n", re.MULTILINE)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_PIECE = re.compile(
    rb"^\{[^\n]*(?:\"done\": ?(?:true|(false))|\"id\": ?(\"[^\"\n]+\")[^\n]*\"chat\.completion\.chunk\")", re.MULTILINE
)
_CELL = re.compile(r'"?[A-Za-z_][\w .:\-\[\]()%/#]*"?')


class Shape(StrEnum):
    """One way of holding entries."""

    LINES = "lines"
    DOCUMENTS = "documents"
    ARRAY = "array"
    WHOLE = "whole"
    HTTP = "http"
    TABLE = "table"
    DISPLAYED = "displayed"


def peeked(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all pieces again; what breaks meanwhile breaks where it did."""
    taken: list[bytes] = []
    broken: Broken | None = None
    try:
        while sum(map(len, taken)) < HEAD and (piece := next(pieces, None)) is not None:
            taken.append(piece)
    except Broken as error:
        broken = error
    return b"".join(taken)[:HEAD], chain(taken, _rest(pieces) if broken is None else _failing(broken))


def _rest(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from pieces


def _failing(error: Broken) -> Iterator[bytes]:
    yield from ()
    raise error


def shape(head: bytes, path: str) -> Shape:
    """The shape of a file that begins with ``head``; ``path`` helps where its ending says it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    ending = Path(path.removesuffix(".gz").removesuffix(".zst")).suffix.lower()
    if ending == ".bin":
        return Shape.WHOLE
    if text[:1] in (b"{", b"[") and ending not in (".csv", ".tsv"):
        return Shape.WHOLE if len(head) < HEAD and _streamed(text) else _json(text, len(head) < HEAD)
    if head[:4096].translate(None, _CONTROL) != head[:4096]:
        return Shape.WHOLE
    return _text(text, ending)


def _text(text: bytes, ending: str) -> Shape:
    if displayed(text):
        return Shape.DISPLAYED
    if _EVENTS.match(text):
        return Shape.WHOLE
    if _HTTP.match(text):
        return Shape.HTTP
    if ending in (".csv", ".tsv") or _table(text):
        return Shape.TABLE
    return Shape.DOCUMENTS if _SPREAD.search(text) else Shape.LINES  # between lines of other text


def _streamed(text: bytes) -> bool:
    """Whether these are the pieces of one answer, a line each: only the last says that it is done, or all name it."""
    pieces = _PIECE.findall(text)
    if len(pieces) < 2 or text.count(b"\n{") >= len(pieces):
        return False
    ongoing, names = sum(bool(one) for one, _ in pieces), {name for _, name in pieces}
    return len(names) == 1 and (names != {b""} or (ongoing >= len(pieces) - 1 and bool(pieces[0][0])))


def _json(text: bytes, whole: bool) -> Shape:
    """One value a line, values over several lines or behind each other, or all of them in one list."""
    line, newline, rest = text.partition(b"\n")
    end = first_end(text)
    of_objects = text[0] == 0x5B and text[1:].lstrip()[:1] == b"{"
    inside = Shape.ARRAY if of_objects else Shape.DOCUMENTS
    if end is None:
        spread = newline and (line.strip() in (b"{", b"[") or not any(map(_alone, rest.split(b"\n")[:20])))
        return inside if spread or of_objects else Shape.LINES
    if end <= len(line):
        if whole and of_objects and not text[end:].strip():
            return Shape.ARRAY
        return Shape.DOCUMENTS if text[end : len(line)].lstrip()[:1] in (b"{", b"[") else Shape.LINES
    if line.strip() not in (b"{", b"[") and any(map(_alone, rest.split(b"\n")[:20])):
        return Shape.LINES  # the first line is broken, others are not
    return inside


def _alone(line: bytes) -> bool:
    """Whether a line holds one whole object from its beginning to its end."""
    line = line.rstrip()
    return line[:1] == b"{" and first_end(line) == len(line)


def delimiter(line: str) -> str:
    """What stands between the cells of a table's first line; empty if it is none."""
    for mark in ("\t", ",", ";", "|"):
        cells = line.split(mark)
        if len(cells) > 1 and all(_CELL.fullmatch(cell.strip()) for cell in cells) and len(set(cells)) == len(cells):
            return mark
    return ""


def _table(text: bytes) -> bool:
    first, newline, rest = text.partition(b"\n")
    line = first.decode("utf-8", "replace").rstrip("\r")
    mark = delimiter(line) if newline and len(line) < 32_768 else ""
    second = rest.partition(b"\n")[0].decode("utf-8", "replace")
    return bool(mark) and second.count(mark) >= line.count(mark)
