"""The first share of files, for ``--burn-in 20%``: how much record time it covers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from schemas.formats import LIMITS, SOURCE, Limits, Source
from streams.files import Chunk, read_lines
from streams.meeting import time_of
from streams.scan import recognised

SMALL = 64 << 20  # bytes up to which a share of files is counted in lines


def burn_in_of_share(
    paths: Sequence[str], share: float, total: int, *, form: str, source: Source = SOURCE, limits: Limits = LIMITS
) -> float:
    """Seconds of record time in the first ``share`` of the files: reads that part once more.

    Large files are measured by their bytes as stored, small ones by their lines.
    """
    if total < SMALL:
        lines = sum(len(c.lines) for c in read_lines(paths, limit_bytes=limits.size_bytes))
        chunks = _first_lines(read_lines(paths, limit_bytes=limits.size_bytes), round(share * lines))
    else:
        chunks = _first_bytes(read_lines(paths, limit_bytes=limits.size_bytes), share * total)
    first, last = np.inf, -np.inf
    for chunk in chunks:
        _, reader, _ = recognised(form, chunk, source)
        numbers = range(len(chunk.lines))
        reading = reader.read_many(
            chunk.lines, numbers, topic=chunk.path, limits=limits, source=source, raws=chunk.raws
        )  # fmt: skip
        for time in [record.time for record in reading.records] + [time_of(half) for half in reading.halves]:
            first, last = min(first, time), max(last, time)
    return max(1.0, float(last - first)) if last > first else 1.0


def _first_lines(chunks: Iterator[Chunk], count: int) -> Iterator[Chunk]:
    for chunk in chunks:
        if chunk.lines and count > 0:
            yield replace(chunk, lines=chunk.lines[:count], raws=chunk.raws and chunk.raws[:count])
        count -= len(chunk.lines)


def _first_bytes(chunks: Iterator[Chunk], consumed: float) -> Iterator[Chunk]:
    for chunk in chunks:
        if chunk.lines:
            yield chunk
        if chunk.consumed >= consumed:
            return
