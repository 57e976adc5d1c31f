"""Agents over batches: bodies that never let an error reach Faust's stream, which would skip the batch."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from streams.batches.delivery import RecordBatch

if TYPE_CHECKING:
    from streams.batches.app import BatchApp

Handler = Callable[[RecordBatch], Awaitable[None]]
Poison = Callable[[RecordBatch, Exception], Awaitable[None]]
LONGEST_PAUSE = 30.0
"""s between two tries of one batch, at most."""


def one_by_one(
    app: "BatchApp", handler: Handler, *, retries: int, backoff: float, on_poison: Poison | None
) -> Callable[[Any], Awaitable[None]]:
    """Return an agent that gives each batch to `handler` and acknowledges it when that returns.

    A batch that fails is tried again after `backoff` s, doubling; after `retries` tries more it goes to
    `on_poison`, and is acknowledged if that returns. Without `on_poison`, or if that fails, the app crashes
    with nothing of the batch committed.
    """

    async def run(stream: AsyncIterator[RecordBatch]) -> None:
        async for batch in stream:
            try:
                await _try(app, handler, batch, retries=retries, backoff=backoff, on_poison=on_poison)
            except Exception as error:  # noqa: BLE001 - Faust would go on with the next batch
                await app.crash(error)
                return
            batch.ack()

    return run


async def _try(
    app: "BatchApp", handler: Handler, batch: RecordBatch, *, retries: int, backoff: float, on_poison: Poison | None
) -> None:
    for attempt in range(retries + 1):
        try:
            return await handler(batch)
        except Exception as error:
            app.log.exception("%r failed, try %d of %d", batch, attempt + 1, retries + 1)
            if attempt < retries:
                await asyncio.sleep(min(LONGEST_PAUSE, backoff * 2**attempt))
            elif on_poison is None:
                raise
            else:
                await on_poison(batch, error)
    return None


def whole_stream(
    app: "BatchApp", body: Callable[[AsyncIterator[RecordBatch]], Awaitable[None]]
) -> Callable[[Any], Awaitable[None]]:
    """Return an agent that runs `body` over the stream; an error ends the app with nothing more committed."""

    async def run(stream: AsyncIterator[RecordBatch]) -> None:
        try:
            await body(stream)
        except Exception as error:
            app.log.exception("agent failed")
            await app.crash(error)

    return run


class _Pool:
    """Batches that arrived while the consumer of `coalesce` was busy."""

    def __init__(self, stream: AsyncIterator[RecordBatch], *, enough: int, most: int) -> None:
        self.stream, self.enough, self.most = stream, enough, most
        self.batches: deque[RecordBatch] = deque()
        self.records = 0
        self.some, self.full, self.room = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def fill(self) -> None:
        try:
            async for batch in self.stream:
                self.batches.append(batch)
                self.records += len(batch)
                self.note()
                await self.room.wait()
        finally:
            self.some.set()
            self.full.set()

    def note(self) -> None:
        for event, state in (
            (self.some, bool(self.batches)),
            (self.full, self.records >= self.enough),
            (self.room, self.records < self.most),
        ):
            event.set() if state else event.clear()

    def draw(self) -> list[RecordBatch]:
        drawn: list[RecordBatch] = []
        taken = 0
        while self.batches and (not drawn or taken + len(self.batches[0]) <= self.enough):
            drawn.append(self.batches.popleft())
            taken += len(drawn[-1])
        self.records -= taken
        return drawn


async def coalesce(
    stream: AsyncIterator[RecordBatch],
    *,
    max_records: int = 8192,
    linger: float = 0.005,
    max_pending: int = 32768,
) -> AsyncIterator[list[RecordBatch]]:
    """Yield lists of batches, across partitions and in order, for one vectorised call.

    While the caller is busy, what arrives piles up to about `max_pending` records and is handed over
    together, up to `max_records` at once (one batch may be larger); `linger` waits that many seconds for more.
    The caller acknowledges each batch. What stopped the stream is raised here.
    """
    pool = _Pool(stream, enough=max_records, most=max_pending)
    filling = asyncio.ensure_future(pool.fill())
    try:
        while True:
            await pool.some.wait()
            if linger and not pool.full.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(pool.full.wait(), linger)
            drawn = pool.draw()
            if not filling.done():
                pool.note()
            if drawn:
                yield drawn
            elif filling.done():
                filling.result()
                return
    finally:
        filling.cancel()
