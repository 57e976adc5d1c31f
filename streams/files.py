"""Entries of logs from files, as they are held there, plain or compressed: in chunks and constant memory."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from schemas.formats.message import Around
from schemas.record import Reject
from streams.decompress import Broken, Counted, pieces
from streams.entries import PARQUET, Entry, entries
from streams.envelopes import enveloped, opened
from streams.parquet import rows_as_lines
from streams.shapes import Shape, peeked, shape

STDIN = "-"
_BOM = b"\xef\xbb\xbf"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Entries that follow each other in a file, each usually a line.

    Attributes
    ----------
    path : as the user named it
    first : number of the first line, from 0; where entries are no lines, of the first entry
    lines : N lines without their ends, none of them empty
    rejects : what could not be made a line, from this place in the file
    consumed : bytes of all files read so far, as they are stored
    raws : what stood around each of the N, where the file keeps that
    """

    path: str
    first: int
    lines: list[bytes]
    rejects: list[Reject] = field(default_factory=list)
    consumed: int = 0
    raws: list[Around] | None = None


def total_bytes(paths: Sequence[str]) -> int | None:
    """Size of all files together, None where it cannot be known (standard input, pipes)."""
    total = 0
    for path in paths:
        if path == STDIN or not Path(path).is_file():
            return None
        total += Path(path).stat().st_size
    return total


def read_lines(
    paths: Sequence[str], *, at_most: int = 2000, limit_bytes: int = 1 << 20, kept_bytes: int = 4096
) -> Iterator[Chunk]:
    """Chunks of at most ``at_most`` entries, file after file; memory does not grow with files or entries.

    A file holds one a line, JSON documents on several lines or in one list, messages in envelopes, a table, or is one
    entry as a whole; :mod:`streams.shapes` tells which. An entry over ``limit_bytes`` and a file that ends in the
    middle of its compression become rejects; empty lines are passed over, yet counted. Rows of tables come as JSON.

    Raises
    ------
    OSError
        if a file cannot be opened or read
    """
    before = 0
    for path in paths:
        with ExitStack() as stack:
            raw = sys.stdin.buffer if path == STDIN else stack.enter_context(Path(path).open("rb"))
            stream = Counted(raw)
            if stream.head == _PARQUET:
                chunks = _parquet(path, raw, at_most, before)
            else:
                head, parts = peeked(pieces(stream))
                form = shape(head, path)
                if form is Shape.LINES:
                    chunks = _Lines(path, at_most, limit_bytes, kept_bytes).chunks(parts, stream, before)
                else:
                    made = entries(form, parts, path, limit_bytes)
                    chunks = _Entries(path, at_most, kept_bytes).chunks(made, stream, before)
                chunks = _unwrapped(chunks)
            yield from chunks
            before += Path(path).stat().st_size if stream.head == _PARQUET else stream.consumed


def _unwrapped(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Messages out of their envelopes, where the first entry is one; what is none among them is a reject."""
    within: bool | None = None
    for chunk in chunks:
        if chunk.lines and within is None:
            within = enveloped(chunk.lines[0])
        if within and chunk.lines:
            yield from _opened(chunk)
        else:
            yield chunk


def _opened(chunk: Chunk) -> Iterator[Chunk]:
    found = [opened(line) for line in chunk.lines]
    reason = "no message in an envelope, as others in this file are"
    start = 0
    for stop in [*(i for i, one in enumerate(found) if one is None), len(found)]:
        if run := [one for one in found[start:stop] if one is not None]:
            yield replace(
                chunk, first=chunk.first + start, lines=[one.value for one in run], raws=[one.around for one in run]
            )
        if stop < len(found):
            place = chunk.first + stop
            yield replace(chunk, first=place, lines=[], rejects=[Reject(place, chunk.path, 0, reason)])
        start = stop + 1


def _parquet(path: str, raw: BinaryIO, at_most: int, before: int) -> Iterator[Chunk]:
    if path == STDIN:
        raise OSError("Parquet cannot be read from standard input; name the file")
    size = Path(path).stat().st_size
    first = 0
    try:
        for lines, share in rows_as_lines(raw, at_most):
            yield Chunk(path, first, lines, consumed=before + int(share * size), raws=[PARQUET] * len(lines))
            first += len(lines)
    except Broken as error:
        reject = Reject(
            offset=first, topic=path, partition=0, reason=f"{path}: {error}; the rows from here on are lost"
        )
        yield Chunk(path, first, [], [reject], before + size)


class _Entries:
    """Gathers entries that are no lines, and what is wrong with others."""

    def __init__(self, path: str, at_most: int, kept_bytes: int) -> None:
        self.path, self.at_most, self.kept = path, at_most, kept_bytes

    def chunks(self, made: Iterator[Entry], stream: Counted, before: int) -> Iterator[Chunk]:
        """Chunks of entries whose numbers follow each other."""
        some: list[Entry] = []
        number = 0
        try:
            for one in made:
                if some and (one.number != some[-1].number + 1 or len(some) == self.at_most or one.problem):
                    yield self._chunk(some, before + stream.consumed)
                    some = []
                number = one.number + 1
                if one.problem:
                    yield self._reject(one.number, one.problem, one.value, before + stream.consumed)
                else:
                    some.append(one)
        except Broken as error:
            if some:
                yield self._chunk(some, before + stream.consumed)
            some = []
            problem = f"{self.path}: {error}; the entry it ends in is lost"
            yield self._reject(number, problem, b"", before + stream.consumed)
        if some:
            yield self._chunk(some, before + stream.consumed)

    def _chunk(self, some: list[Entry], consumed: int) -> Chunk:
        raws = [one.around for one in some] if some[0].around is not None else None
        return Chunk(self.path, some[0].number, [one.value for one in some], [], consumed, cast("Any", raws))

    def _reject(self, number: int, problem: str, value: bytes, consumed: int) -> Chunk:
        reject = Reject(offset=number, topic=self.path, partition=0, reason=problem, value=value[: self.kept])
        return Chunk(self.path, number, [], [reject], consumed)


class _Lines:
    """Cuts one file's pieces at line ends; remembers the line that is not yet whole."""

    def __init__(self, path: str, at_most: int, limit_bytes: int, kept_bytes: int) -> None:
        self.path, self.at_most, self.limit, self.kept = path, at_most, limit_bytes, kept_bytes
        self.number = 0  # of the line that comes next
        self.begun = b""  # what is there of it, cut at the limit
        self.length = 0  # bytes there are of it

    def chunks(self, parts: Iterator[bytes], stream: Counted, before: int) -> Iterator[Chunk]:
        """Chunks of whole lines."""
        broken = ""
        try:
            for data in parts:
                first_piece = self.number == 0 and not self.length
                yield from self._cut(data.removeprefix(_BOM) if first_piece else data, before + stream.consumed)
        except Broken as error:
            broken = str(error)
        if broken:
            reject = self._reject(f"{self.path}: {broken}; the line it ends in is lost", self.begun)
            yield Chunk(self.path, self.number, [], [reject], before + stream.consumed)
        elif self.length:
            yield from self._cut(b"\n", before + stream.consumed)

    def _cut(self, data: bytes, consumed: int) -> Iterator[Chunk]:
        """Yield whole lines; keep the rest. The first of them may have begun in an earlier piece."""
        head, end, rest = data.partition(b"\n")
        self.length += len(head)
        self.begun += head[: max(0, self.limit - len(self.begun))]
        if not end:
            return
        long = self.length > self.limit
        lines = [b"" if long else self.begun, *rest.split(b"\n")]
        rejects = [self._too_long(self.number, self.length, self.begun)] if long else []
        last = lines.pop()
        if b"\r" in data or b"\r" in self.begun:
            lines = [line.rstrip(b"\r") for line in lines]
        if len(rest) > self.limit:
            for index, line in enumerate(lines):
                if len(line) > self.limit:
                    rejects.append(self._too_long(self.number + index, len(line), line))
                    lines[index] = b""
        self.begun, self.length = last[: self.limit], len(last)
        yield from self._runs(lines, rejects, consumed)
        self.number += len(lines)

    def _runs(self, lines: list[bytes], rejects: list[Reject], consumed: int) -> Iterator[Chunk]:
        """Split at empty lines, so that a chunk's line numbers have no gaps."""
        start = 0
        while start < len(lines):
            stop = min(start + self.at_most, len(lines))
            run = lines[start:stop]
            if b"" in run:
                stop = start + run.index(b"")
                run = lines[start:stop]
            if run:
                yield Chunk(self.path, self.number + start, run, consumed=consumed)
            start = stop + (stop < len(lines) and not lines[stop])
        if rejects:
            yield Chunk(self.path, self.number, [], rejects, consumed)

    def _too_long(self, number: int, length: int, line: bytes) -> Reject:
        reason = f"a line of {length} bytes, more than the {self.limit} that a record may have"
        return Reject(offset=number, topic=self.path, partition=0, reason=reason, value=line[: self.kept])

    def _reject(self, reason: str, line: bytes) -> Reject:
        return Reject(offset=self.number, topic=self.path, partition=0, reason=reason, value=line[: self.kept])
