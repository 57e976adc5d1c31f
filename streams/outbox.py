"""Outbox: rows, then messages, then the acknowledgement; in the order in which they were put."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from streams.outlets.api import Outlet
from streams.publisher import Letters, Publisher
from streams.writer import Writer, WriteSet

FAREWELL = 2.0  # s that outlets get when the last partition goes
MOST = 512  # sets that may be on their way before ``put`` waits

Done = Callable[[], object]


class Outbox:
    """Between what partitions found and the world.

    A set's letters are published once its rows are durable, and it is done once they are published. So an offset is
    never committed before what it caused is in ClickHouse and in Kafka, and letters of a partition keep their order.
    Outlets are offered alerts after that, and nobody waits for them.

    Attributes
    ----------
    waiting : sets put and not yet done
    """

    def __init__(self, writer: Writer, publisher: Publisher, outlets: Sequence[Outlet] = ()) -> None:
        self.writer, self.publisher, self.outlets = writer, publisher, list(outlets)
        self.waiting = 0
        self._durable: deque[tuple[Letters, Done]] = deque()
        self._more, self._room = asyncio.Event(), asyncio.Event()

    async def start(self) -> None:
        """Open what lies behind. Raises ``KafkaError`` if no broker answers."""
        self.writer.start()
        await self.publisher.start()
        for outlet in self.outlets:
            outlet.start()

    async def put(self, rows: WriteSet, letters: Letters, done: Done) -> None:
        """Take a set; returns when there is room for another. Raises ``WriterFailed``."""
        while self.waiting >= MOST:
            self._room.clear()
            await self._room.wait()
        self.waiting += 1
        await self.writer.put(rows, partial(self._written, letters, done))

    def _written(self, letters: Letters, done: Done) -> None:
        if letters.empty:
            self._finish(done)
        else:
            self._durable.append((letters, done))
            self._more.set()

    def _finish(self, done: Done) -> None:
        self.waiting -= 1
        self._room.set()
        done()

    async def run(self) -> None:
        """Publish what is durable until cancelled."""
        while True:
            while not self._durable:
                self._more.clear()
                await self._more.wait()
            ready = list(self._durable)
            alerts = [alert for letters, _ in ready for alert in letters.alerts]
            await self.publisher.publish(
                Letters(
                    alerts,
                    [reject for letters, _ in ready for reject in letters.rejects],
                    [signal for letters, _ in ready for signal in letters.signals],
                )
            )
            for _ in ready:
                self._finish(self._durable.popleft()[1])
            for outlet in self.outlets:
                for alert in alerts:
                    outlet.offer(alert)

    async def drained(self) -> None:
        """Give all outlets a moment for what was offered; the process may end next."""
        await asyncio.gather(*(outlet.drain(FAREWELL) for outlet in self.outlets))

    def leave(self) -> None:
        """Put what outlets were offered and have not delivered into their dead letters; the process ends now."""
        for outlet in self.outlets:
            outlet.leave()
