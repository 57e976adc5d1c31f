"""Retention: when a partition's state is taken, and when it may be kept: only once its offset is committed."""

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic, perf_counter

import structlog

from streams.batches import TopicPartition
from streams.snapshots import Snapshots

log = structlog.get_logger()

SHARE = 0.02  # of the time that taking snapshots may cost


@dataclass(frozen=True, slots=True)
class Waiting:
    """State that must not be kept before its offset is committed."""

    offset: int
    state: bytes


class Retention:
    """Snapshots of one assigned partition, taken now and then, written one at a time and never out of order.

    Parameters
    ----------
    store : where they are kept; None keeps none
    interval : s between two
    thread : the one thread that writes the snapshots of this process

    Attributes
    ----------
    kept : when the last one was written, s on the monotonic clock; None if none was
    """

    def __init__(
        self, store: Snapshots | None, tp: TopicPartition, *, interval: float, thread: ThreadPoolExecutor
    ) -> None:
        self.store, self.tp, self.interval, self.thread = store, tp, interval, thread
        self.waiting: Waiting | None = None
        self.due = monotonic() + interval
        self.kept: float | None = None

    def read(self) -> tuple[int, bytes] | None:
        """Offset and state of the last good snapshot."""
        return self.store.read(*self.tp) if self.store else None

    def take(self, offset: int, state: Callable[[], bytes], *, committed: int) -> None:
        """Take the state that holds for ``offset`` if it is time to, and keep it once that is committed."""
        if self.store is None or self.waiting is not None or monotonic() < self.due:
            return
        began = perf_counter()
        self.waiting = Waiting(offset, state())
        self.due = monotonic() + max(self.interval, (perf_counter() - began) / SHARE)
        self.committed(committed)

    def committed(self, offset: int) -> None:
        """Write what waits for this commit; from the event loop."""
        if self.waiting is not None and offset >= self.waiting.offset:
            ready, self.waiting = self.waiting, None
            self.thread.submit(self._write, ready)

    async def last(self, offset: int, state: bytes) -> None:
        """Write the state to hand over; returns when it is written, after all earlier ones."""
        if self.store is not None:
            self.waiting = None
            await get_running_loop().run_in_executor(self.thread, self._write, Waiting(offset, state))

    def _write(self, ready: Waiting) -> None:
        assert self.store is not None
        try:
            self.store.write(*self.tp, ready.offset, ready.state)
            self.kept = monotonic()
        except OSError as error:
            log.warning("snapshot not written; the previous one stays", topic=self.tp.topic, error=str(error))
