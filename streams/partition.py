"""Partition: one Kafka partition's slices, in order, through its pipeline to durable rows and an acknowledgement.

::

    queue ──► read ──► pipeline ──► writer ──► (durable) ──► publish ──► ack ──► (committed) ──► snapshot
                          │ needs a settlement: the partition is paused until it is there
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic, perf_counter

import numpy as np
import structlog

from detectors.packing import Corrupt
from detectors.pipeline import Outcome, Pipeline
from detectors.plan import Plan
from detectors.watch import Answer, Need
from schemas.batch import Integers
from schemas.formats import Format, Limits, Source
from schemas.record import Record, Reject
from streams.batches import RecordBatch, TopicPartition
from streams.snapshots import Snapshots

log = structlog.get_logger()

BACKLOG = 4  # slices that may wait for their partition before the stream waits
SHARE = 0.02  # of the time that snapshots may take


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of one slice: to be made durable, then published, then acknowledged."""

    batch: RecordBatch
    outcome: Outcome
    rejects: list[Reject]


@dataclass(slots=True)
class Reader:
    """How a topic's bytes are read."""

    format: Format
    source: Source
    limits: Limits


@dataclass(slots=True)
class Ways:
    """What a partition needs of the worker around it.

    Attributes
    ----------
    ask : returns the settlement that a need names
    deliver : takes what came of a slice; returns when there is room for more
    pause, resume : stop and go on fetching this partition
    """

    ask: Callable[[Need, TopicPartition], Awaitable[Answer]]
    deliver: Callable[[Handled], Awaitable[None]]
    pause: Callable[[TopicPartition], None]
    resume: Callable[[TopicPartition], None]


@dataclass(slots=True)
class Waiting:
    """A snapshot that is not valid before its offset is committed."""

    offset: int
    state: bytes


@dataclass(slots=True)
class Partition:
    """State and queue of one assigned partition.

    Attributes
    ----------
    muted : offsets below were handled before: they only rebuild state
    whole : whether the pipeline stands between two slices, so that its state is a snapshot's
    """

    tp: TopicPartition
    plan: Plan
    ways: Ways
    snapshots: Snapshots | None
    interval: float
    pipeline: Pipeline = field(init=False)
    muted: int = 0
    whole: bool = True
    holding: bool = False
    queue: asyncio.Queue[tuple[RecordBatch, Reader]] = field(default_factory=asyncio.Queue)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: Waiting | None = None
    due: float = 0.0

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(self.plan)
        self.due = monotonic() + self.interval

    def restore(self, committed: int | None) -> int | None:
        """Load the snapshot; return the offset to read from, None for the committed one."""
        self.muted = committed or 0
        stored = self.snapshots.read(*self.tp) if self.snapshots else None
        if stored and stored[0] <= self.muted:
            try:
                self.pipeline = Pipeline.from_bytes(self.plan, stored[1])
            except (Corrupt, KeyError, ValueError, AttributeError) as error:
                log.warning(
                    "snapshot of another version", topic=self.tp.topic, partition=self.tp.partition, error=str(error)
                )
            else:
                return stored[0]
        return 0 if committed else None

    async def enter(self, batch: RecordBatch, reader: Reader) -> None:
        """Queue a slice; waits while several wait, unless the partition itself waits for a settlement."""
        self.queue.put_nowait((batch, reader))
        while self.queue.qsize() > BACKLOG and not self.holding:
            self.room.clear()
            await self.room.wait()

    async def run(self) -> None:
        """Handle slices until cancelled."""
        while True:
            batch, reader = await self.queue.get()
            self.room.set()
            for handled in self._halves(batch):
                await self._handle(batch, handled, reader)
            self._photograph(batch.next_offset)
            await asyncio.sleep(0)

    def _halves(self, batch: RecordBatch) -> list[slice]:
        """The part that was handled before, and the rest."""
        if batch.first_offset >= self.muted:
            return [slice(0, len(batch))]
        before = int(np.searchsorted(np.array(batch.offsets()), self.muted))
        return [part for part in (slice(0, before), slice(before, len(batch))) if part.start < part.stop]

    async def _handle(self, batch: RecordBatch, part: slice, reader: Reader) -> None:
        offsets = batch.offsets()[part]
        reading = reader.format.read_many(
            batch.values()[part], offsets, topic=self.tp.topic, partition=self.tp.partition,
            limits=reader.limits, source=reader.source,
        )  # fmt: skip
        self.whole = False
        outcome = await self._process(reading.records, reading.offsets, reading.rejects)
        self.whole = True
        rejects = reading.rejects
        if offsets[-1] < self.muted:
            outcome, rejects = Outcome(), []
        last = part.stop == len(batch)
        if last:
            await self.ways.deliver(Handled(batch, outcome, rejects))

    async def _process(self, records: Sequence[Record], offsets: Integers, rejects: Sequence[Reject]) -> Outcome:
        steps = self.pipeline.process(records, offsets, rejects)
        try:
            need = next(steps)
            while True:
                need = steps.send(await self._settled(need))
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome

    async def _settled(self, need: Need) -> Answer:
        """Hold the partition until its settlement is there; the others go on meanwhile."""
        self.holding = True
        self.room.set()
        self.ways.pause(self.tp)
        try:
            return await self.ways.ask(need, self.tp)
        finally:
            self.holding = False
            self.ways.resume(self.tp)

    # -- snapshots

    def _photograph(self, offset: int) -> None:
        """Take a snapshot if one is due; it is written once its offset is committed."""
        if self.snapshots is None or self.waiting is not None or monotonic() < self.due:
            return
        began = perf_counter()
        self.waiting = Waiting(offset, self.pipeline.to_bytes())
        self.due = monotonic() + max(self.interval, (perf_counter() - began) / SHARE)

    def committed(self, offset: int) -> Waiting | None:
        """The snapshot that may be written now that ``offset`` is committed."""
        if self.waiting is None or offset < self.waiting.offset:
            return None
        ready, self.waiting = self.waiting, None
        return ready

    def final(self, committed: int | None) -> Waiting | None:
        """The state to hand over when the partition goes, if all of it is committed."""
        if self.snapshots is None or not self.whole or committed is None or self.pipeline.next_offset != committed:
            return None
        return Waiting(committed, self.pipeline.to_bytes())
