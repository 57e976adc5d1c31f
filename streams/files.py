"""Records' lines from files: JSONL, gzip, Zstandard, Parquet or standard input, in chunks and constant memory."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from schemas.record import Reject
from streams.decompress import Broken, Counted, pieces
from streams.parquet import rows_as_lines

STDIN = "-"
_BOM = b"\xef\xbb\xbf"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that follow each other in a file.

    Attributes
    ----------
    path : as the user named it
    first : number of the first line, from 0
    lines : N lines without their ends, none of them empty
    rejects : what could not be made a line, from this place in the file
    consumed : bytes of all files read so far, as they are stored
    """

    path: str
    first: int
    lines: list[bytes]
    rejects: list[Reject] = field(default_factory=list)
    consumed: int = 0


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
    """Chunks of at most ``at_most`` lines, file after file; memory does not grow with files or lines.

    A line over ``limit_bytes`` and a file that ends in the middle of its compression become rejects; empty lines are
    passed over, yet counted. Parquet rows come as JSON.

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
                chunks = _Lines(path, at_most, limit_bytes, kept_bytes).chunks(stream, before)
            yield from chunks
            before += Path(path).stat().st_size if stream.head == _PARQUET else stream.consumed


def _parquet(path: str, raw: BinaryIO, at_most: int, before: int) -> Iterator[Chunk]:
    if path == STDIN:
        raise OSError("Parquet cannot be read from standard input; name the file")
    size = Path(path).stat().st_size
    first = 0
    try:
        for lines, share in rows_as_lines(raw, at_most):
            yield Chunk(path, first, lines, consumed=before + int(share * size))
            first += len(lines)
    except Broken as error:
        reject = Reject(
            offset=first, topic=path, partition=0, reason=f"{path}: {error}; the rows from here on are lost"
        )
        yield Chunk(path, first, [], [reject], before + size)


class _Lines:
    """Cuts one file's pieces at line ends; remembers the line that is not yet whole."""

    def __init__(self, path: str, at_most: int, limit_bytes: int, kept_bytes: int) -> None:
        self.path, self.at_most, self.limit, self.kept = path, at_most, limit_bytes, kept_bytes
        self.number = 0  # of the line that comes next
        self.begun = b""  # what is there of it, cut at the limit
        self.length = 0  # bytes there are of it

    def chunks(self, stream: Counted, before: int) -> Iterator[Chunk]:
        broken = ""
        try:
            for data in pieces(stream):
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
