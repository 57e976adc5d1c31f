"""Delivery by public means of Faust only, for versions in which a name that exact delivery needs is gone.

The agents see the same API, and an offset is still committed only when everything before it was acknowledged.
What is weaker: a fatal error of the group does not end the process; a rebalance or stop does not wait for batches
in hand, and may not manage its last commit (they are delivered again); state is rebuilt by re-reading only when the
next record arrives.
"""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aiokafka.errors import KafkaError
from faust import Sensor

from streams.batches.delivery import RawRecord, Receipt, RecordBatch, TopicPartition
from streams.batches.group_offsets import GroupOffsets
from streams.batches.mode import ExactDelivery

if TYPE_CHECKING:
    from streams.batches.app import BatchApp

COMMITS_TO_SETTLE = 6
"""Commits after which Faust has committed all that it can be told of: two for what it was told, and as many again."""


@dataclass(slots=True)
class _Notes:
    """What is remembered of one partition.

    Attributes
    ----------
    back : offset to send the consumer back to, once
    read : offset that Faust's reader believes it has read
    end : where the next slice is expected to begin
    done : passed by the acknowledged prefix and not yet told
    told : end of what Faust was told last
    """

    back: int | None = None
    read: int | None = None
    end: int | None = None
    done: list[Receipt] = field(default_factory=list)
    told: int = 0


class PublicDelivery(ExactDelivery):
    """Delivery in which Faust's own bookkeeping is told only what it gets right.

    Faust commits past an unacknowledged batch when a later one is acknowledged first, and moves by one batch
    per commit when it is told of several: it enters the offsets between two messages as a gap, which includes
    the later message. So it is told just before a commit, of the last batch of the acknowledged prefix and of those
    for which it entered no gap, and of more only once that is committed.
    """

    settings: ClassVar[dict[str, Any]] = {"stream_wait_empty": False}  # stock waits for ever for a stuck step

    def __init__(self, app: "BatchApp") -> None:
        super().__init__(app)
        self._notes: defaultdict[TopicPartition, _Notes] = defaultdict(_Notes)
        self._asking = False
        self._tasks: set[asyncio.Task[None]] = set()

    def transport(self, stock: Any) -> Any:
        """Return Faust's own transport."""
        return stock

    def install(self) -> None:
        """Listen to the app's signals."""
        self._offsets = GroupOffsets(self.app.conf)
        self.app.on_partitions_assigned.connect(cast("Any", self._assigned))
        self.app.on_partitions_revoked.connect(cast("Any", self._revoked))
        self.app.sensors.add(_CommitSensor(self))

    def admit(self, tp: TopicPartition, fetched: list[RawRecord]) -> list[RawRecord]:
        """Return what is new of the fetched records; send the consumer back first if state must be rebuilt."""
        notes = self._notes[tp]
        if notes.back is not None:
            # The next fetch begins only after this one is consumed, so that the seek comes before it.
            self._soon(self._seek(tp, notes.back))
            notes.back = None
            return []
        if notes.end is None:
            notes.end = fetched[0].offset
        end = notes.end
        return fetched if fetched[0].offset >= end else [each for each in fetched if each.offset >= end]

    def enter(self, message: Any) -> None:
        """Enter a message's batch in the ledger, and note where its partition goes on."""
        super().enter(message)
        batch: RecordBatch = message.value
        if batch.receipt.live:
            notes, last = self._notes[batch.tp], batch.next_offset - 1
            no_gap = bool(notes.read) and last - (notes.read or 0) <= 1
            batch.receipt.token = (message, no_gap)
            notes.read, notes.end = last, batch.next_offset

    async def _seek(self, tp: TopicPartition, offset: int) -> None:
        self._notes[tp].read = self._notes[tp].end = offset
        await self.app.consumer.seek(tp, offset)

    def pause(self, tps: Iterable[TopicPartition]) -> None:
        """Stop fetching these partitions."""
        paused = set(tps)
        super().pause(paused)
        self.app.consumer.pause_partitions(paused)

    def resume(self, tps: Iterable[TopicPartition]) -> None:
        """Fetch these partitions again, from where the last delivered batch ended."""
        resumed = set(tps) & self.app.held
        super().resume(resumed)
        self._soon(self._fetch_again(resumed))

    async def _fetch_again(self, tps: set[TopicPartition]) -> None:
        # pause_partitions() drops slices that were fetched but not yet handed on: read them again.
        tps &= self.ledger.partitions
        for tp in tps:
            end = self._notes[tp].end
            if end is not None:
                await self._seek(tp, end)
        self.app.consumer.resume_partitions(tps)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _settle(self, receipts: list[Receipt]) -> None:
        super()._settle(receipts)
        for receipt in receipts:
            done = self._notes[receipt.tp].done
            if done and not _without_gap(done[-1]):
                done.pop()
            if receipt.end > 1:  # after a lone offset 0 Faust enters no gap, and would never commit again
                done.append(receipt)

    def tell(self) -> None:
        """Tell Faust what may be committed now."""
        known = self.app.monitor.tp_committed_offsets
        for tp, notes in self._notes.items():
            if notes.done and known.get(tp, 0) >= notes.told:
                notes.told = notes.done[-1].end
                for receipt in notes.done:
                    message: Any = receipt.token
                    message[0].ack(self.app.consumer)
                notes.done.clear()

    async def _assigned(self, _app: Any, assigned: set[TopicPartition], **_signal: Any) -> None:
        mine = {tp for tp in assigned if tp.topic in self.app.batch_topics}
        self.ledger.open(mine)
        self._notes.clear()
        for tp, committed in (await self._offsets.of(mine)).items():
            offset = self.app.hooks.resume_offset(tp, committed)
            back = offset if offset is not None and committed is not None and offset < committed else None
            self._notes[tp] = _Notes(back=back, read=committed)
            self.ledger.start(tp, committed, committed if back is None else back)
        if mine:
            await self.app.hooks.on_assigned(set(mine))

    async def _revoked(self, _app: Any, revoked: set[TopicPartition], **_signal: Any) -> None:
        await self.leave(set(revoked))

    async def leave(self, tps: set[TopicPartition] | None = None) -> None:
        """Close the books of partitions, of all if None."""
        mine = self.ledger.partitions if tps is None else self.ledger.partitions & tps
        if mine:
            self.app.hooks.on_drain()
            for _ in range(COMMITS_TO_SETTLE):
                await asyncio.sleep(0)  # let the last acknowledgements arrive
                await self.app.consumer.commit()
            await self._learn()
            await self.app.hooks.on_revoked(set(mine))
        self.ledger.close(mine)
        self.app.held -= mine
        for tp in mine:
            self._notes.pop(tp, None)
        if tps is None:
            await self._offsets.close()
            self.app.drained = True

    def committed(self) -> None:
        """Ask the broker what it holds by now: Faust does not say whether its commit was accepted."""
        if not self._asking and self.ledger.ready():
            self._asking = True
            self._soon(self._learn())

    async def _learn(self) -> None:
        try:
            held = await self._offsets.of(self.ledger.partitions)
        except KafkaError as error:
            self.app.log.warning("cannot ask what is committed: %r", error)
            return
        finally:
            self._asking = False
        new = {tp: offset for tp, offset in held.items() if offset and offset > (self.ledger.committed(tp) or 0)}
        for tp, offset in new.items():
            self.ledger.commit(tp, offset)
        if new:
            self.app.hooks.on_committed(new)


def _without_gap(receipt: Receipt) -> bool:
    token: Any = receipt.token
    return bool(token[1])


class _CommitSensor(Sensor):
    """Tells the delivery that a commit begins, and that it was made."""

    def __init__(self, delivery: PublicDelivery) -> None:
        super().__init__()
        self.delivery = delivery

    def on_commit_initiated(self, consumer: Any) -> Any:
        """Let Faust know what is done."""
        self.delivery.tell()

    def on_commit_completed(self, consumer: Any, state: Any) -> None:
        """Pass it on."""
        self.delivery.committed()
