"""Chunks no faster than a rate."""

from collections.abc import Iterable, Iterator
from time import monotonic, sleep

from streams.files import Chunk


def paced(chunks: Iterable[Chunk], rate: float) -> Iterator[Chunk]:
    """Hand on ``chunks`` at ``rate`` lines a second on average; 0 is as fast as they come."""
    began, lines = monotonic(), 0
    for chunk in chunks:
        if rate > 0:
            sleep(max(0.0, began + lines / rate - monotonic()))
        lines += len(chunk.lines)
        yield chunk
