"""Rows as a consumer fetches them, in slices that a ledger has delivered, and a stream of slices."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from streams.batches import RecordBatch, TopicPartition
from streams.batches.ledger import Ledger


@dataclass
class Row:
    offset: int
    value: bytes | None = b"v"
    key: bytes | None = b"k"
    timestamp: int | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()


def delivered(ledger: Ledger, tp: TopicPartition, rows: Sequence[Row]) -> RecordBatch:
    """A slice that can be acknowledged."""
    batch = RecordBatch(tp, list(rows))
    batch.entrust(ledger.deliver(batch.receipt), ledger.ack, ledger.release)
    return batch


def slices(
    ledger: Ledger, tp: TopicPartition, values: Sequence[bytes | None], *, start: int = 0, size: int = 20
) -> list[RecordBatch]:
    """Slices of at most ``size`` rows, one after the other from offset ``start`` on."""
    rows = [Row(start + k, value) for k, value in enumerate(values)]
    return [delivered(ledger, tp, rows[first : first + size]) for first in range(0, len(rows), size)]


async def stream(made: Sequence[RecordBatch], *, gap: float = 0.0) -> AsyncIterator[RecordBatch]:
    """Slices as an agent gets them, ``gap`` seconds apart."""
    for batch in made:
        await asyncio.sleep(gap)
        yield batch
