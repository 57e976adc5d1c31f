"""Part: one of the things that a process does with topics of its own, and what attaches it to the app it runs in."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence

from streams.batches import Hooks, RecordBatch, TopicPartition
from streams.outlets.api import Outlet


class Part(Hooks, ABC):
    """Hooks about its own topics' partitions; the app is attached before it starts.

    Attributes
    ----------
    committed : what the group has committed on a partition of ours, as far as known
    lag : how many offsets lie beyond that; None if not known yet
    log_end : the offset behind the last record, as of the last fetch; None if not known yet
    fail : ends the process, with nothing more committed
    pause, resume : stop and go on fetching a partition
    outlets : that this part pushes alerts to
    """

    committed: Callable[[TopicPartition], int | None]
    lag: Callable[[TopicPartition], int | None]
    log_end: Callable[[TopicPartition], int | None]
    fail: Callable[[BaseException], None]
    pause: Callable[[TopicPartition], None]
    resume: Callable[[TopicPartition], None]
    outlets: Sequence[Outlet] = ()

    @abstractmethod
    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Handle the slices of this part's topics."""

    @property
    def waits(self) -> bool:
        """Whether slices wait for somebody else's system, and a restart would cure nothing."""
        return False

    def kept(self) -> list[float | None]:
        """When the last snapshot of each partition was written, s on the monotonic clock."""
        return []

    def ended(self, task: asyncio.Task[None]) -> None:
        """Fail with a task of ours."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)
