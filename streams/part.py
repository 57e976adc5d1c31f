"""Part: one of the things that a process does with topics of its own, and what attaches it to the app it runs in."""

import asyncio
from collections.abc import AsyncIterator, Callable

from streams.batches import Hooks, RecordBatch, TopicPartition


class Part(Hooks):
    """Hooks about its own topics' partitions; the app is attached before it starts.

    Attributes
    ----------
    committed : what the group has committed on a partition of ours, as far as known
    fail : ends the process, with nothing more committed
    pause, resume : stop and go on fetching a partition
    """

    committed: Callable[[TopicPartition], int | None]
    fail: Callable[[BaseException], None]
    pause: Callable[[TopicPartition], None]
    resume: Callable[[TopicPartition], None]

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Handle the slices of this part's topics."""
        raise NotImplementedError

    def kept(self) -> list[float | None]:
        """When the last snapshot of each partition was written, s on the monotonic clock."""
        return []

    def ended(self, task: asyncio.Task[None]) -> None:
        """Fail with a task of ours."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)
