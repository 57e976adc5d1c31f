"""Partition: one Kafka partition's slices, in order, through its pipeline to whoever makes them durable.

::

    queue ──► read ──► steps, one a model version ──► slices in order ──► durable, published, acknowledged
                         │ one that needs a settlement holds its line; the other lines go on for a while
"""

import asyncio
from collections import deque
from itertools import dropwhile

import numpy as np
import structlog

from detectors.images.parts import any_pictured
from detectors.need import Need
from detectors.packing import Corrupt, pack, unpack
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from detectors.slices import Outcome, Step, Version
from streams.batches import RecordBatch, TopicPartition
from streams.origins import Origins
from streams.passage import CHUNK, Handled, Held, Passage, Reader, Ways, advanced, entering
from streams.retention import Retention

log = structlog.get_logger()

BACKLOG = 4  # slices that may wait for their partition before the stream waits
LARGEST = 1 << 62
AHEAD = 2 * CHUNK  # offsets beyond a record that waits for its settlement up to which other model versions go on


class Partition:
    """State and queue of one assigned partition.

    Attributes
    ----------
    muted : offsets below were handled before: they only rebuild state
    reading : name of the format that this partition's records are in, once known
    origins : how far what a router writes here has come, by where it is from
    """

    def __init__(self, tp: TopicPartition, plan: Plan, ways: Ways, retention: Retention) -> None:
        self.tp, self.plan, self.ways, self.retention = tp, plan, ways, retention
        self.pipeline = Pipeline(plan)
        self.muted = 0
        self.reading = ""
        self.origins = Origins()
        self._queue: deque[tuple[RecordBatch, Reader]] = deque()
        self._begun = 0
        self._passages: deque[Passage] = deque()
        self._lines: dict[Version, deque[tuple[Passage, Step]]] = {}
        self._needs: dict[Version, Need] = {}
        self._stir, self._room, self._freed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._paused = self._leaving = self._given_back = self._broken = False
        self._next = 0

    def restore(self, committed: int | None) -> int | None:
        """Load the snapshot; return the offset to read from, None for the committed one."""
        self.muted = committed or 0
        stored = self.retention.read()
        if stored and stored[0] <= self.muted:
            try:
                self._load(stored[1])
            except (Corrupt, KeyError, ValueError, TypeError, AttributeError) as error:
                log.warning("snapshot of another version; the partition is rebuilt from the log", topic=self.tp.topic,
                            partition=self.tp.partition, error=str(error))  # fmt: skip
                self.pipeline, self.origins = Pipeline(self.plan), Origins()
            else:
                return stored[0]
        return 0 if self.muted else None

    @property
    def holding(self) -> bool:
        """Whether a model version waits for its settlement."""
        return bool(self._lines)

    @property
    def held(self) -> Held:
        """What is waited for, and how far the partition has gone on nevertheless."""
        return Held(list(self._needs.values()), list(self.pipeline.met), self._next, full=self._full)

    @property
    def _limit(self) -> int:
        """Offset that may not enter while lines are held. By content, so that nobody's speed decides."""
        held = [self._needs[k].offset if k in self._needs else line[0][0].first for k, line in self._lines.items()]
        return min(held, default=LARGEST) + AHEAD

    @property
    def _full(self) -> bool:
        if not self.holding:
            return False
        following = self._queue[0][0].records[self._begun].offset if self._queue else self._next
        return following >= self._limit

    async def enter(self, batch: RecordBatch, reader: Reader) -> None:
        """Queue a slice; waits while several wait, unless the partition itself waits for a settlement."""
        if self._given_back:
            batch.release()
            return
        self._queue.append((batch, reader))
        self._stir.set()
        while len(self._queue) > BACKLOG and not self._full:
            self._room.clear()
            await self._room.wait()

    async def run(self) -> None:
        """Handle slices until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._pace()
                if self._passages and not self._passages[0].open:
                    await self._leave(self._passages.popleft())
                    self._photograph()
                elif self._queue and not self._full:
                    await self._enter(tasks)
                    await asyncio.sleep(0)
                else:
                    self._stir.clear()
                    await self._stir.wait()

    def _pace(self) -> None:
        """Fetch this partition only while what is fetched can be handled."""
        if self._full != self._paused:
            self._paused = self._full
            (self.ways.pause if self._paused else self.ways.resume)(self.tp)
            self._room.set()

    # -- into the pipeline

    async def _enter(self, tasks: asyncio.TaskGroup) -> None:
        """Let the next records enter, up to where something changes."""
        batch, reader = self._queue[0]
        offsets = np.array(batch.offsets(), np.int64)
        part = entering(offsets, self._begun, self.muted, self._limit)
        sifted = self.origins.sift(batch.records[part]) if reader.routed else None
        reading, late = reader.read(batch, offsets, part, sifted)
        some = None
        if self.plan.classifiers or any_pictured(reading.records):  # long enough that nobody should wait for it
            columns = await asyncio.to_thread(self.pipeline.read, reading.records, reading.offsets)
            some = await self.ways.classify(columns)
            if self._given_back:
                return
        self._begun = part.stop
        if part.stop == len(batch):
            self._queue.popleft()
            self._begun = 0
            self._room.set()
        self._broken = True
        self.reading = reader.name
        entered = self.pipeline.enter(reading.records, reading.offsets, reading.rejects, some)
        passage = Passage(
            batch, int(offsets[part.start]), part.stop - part.start, entered, reading.rejects, late, len(entered.steps),
            muted=bool(offsets[part.stop - 1] < self.muted), last=part.stop == len(batch),
        )  # fmt: skip
        self._next = int(offsets[part.stop - 1]) + 1
        entered.next_offset = max(entered.next_offset, self._next)  # what has come before is neither record nor reject
        self._passages.append(passage)
        for key, step in passage.slice.steps:
            self._take(key, step, passage, tasks)
        self._broken = False

    def _take(self, key: Version, step: Step, passage: Passage, tasks: asyncio.TaskGroup) -> None:
        """Take a step, unless its line is held or it must hold it now."""
        if key in self._lines:
            self._lines[key].append((passage, step))
            return
        waits = self.pipeline.waits(key, self._lines)
        need = None if waits else advanced(step)
        if need is None and not waits:
            passage.open -= 1
        else:
            self._lines[key] = deque([(passage, step)])
            self._needs |= {key: need} if need else {}
            tasks.create_task(self._hold(key))
            if self._leaving:
                self._give_back()

    async def _hold(self, key: Version) -> None:
        """Take the steps of a line once their settlements are there; the others go on meanwhile.

        A version that may inherit from one that is about to be settled first waits for that.
        """
        line = self._lines[key]
        while self.pipeline.waits(key, self._lines):
            await self._freed.wait()
        while line:
            passage, step = line[0]
            need = self._needs.pop(key, None) or advanced(step)
            while need is not None:
                self._needs[key] = need
                answer = await self.ways.ask(need, self.tp, passage.written)
                del self._needs[key]
                need = advanced(step, answer)
            line.popleft()
            passage.open -= 1
            if not line:
                del self._lines[key]
            self._stir.set()
            self._freed.set()
            self._freed = asyncio.Event()
            await asyncio.sleep(0)

    # -- out of the pipeline

    async def _leave(self, passage: Passage) -> None:
        outcome, rejects, late = self.pipeline.leave(passage.slice), passage.rejects, passage.clamped
        if passage.muted:
            outcome, rejects, late = Outcome(now=outcome.now), [], 0
        handled = Handled(passage.batch, outcome, rejects, passage.records, late, passage.muted, passage.last)
        await self.ways.deliver(handled)

    def leave(self) -> None:
        """Finish what is in hand, or give it back if it waits for a settlement: the partition goes."""
        self._leaving = True
        if self.holding:
            self._give_back()

    def _give_back(self) -> None:
        """Release what stands behind a held line; nothing enters any more."""
        self._given_back = True
        blocked = dropwhile(lambda passage: not passage.open, self._passages)
        for batch in [passage.batch for passage in blocked] + [batch for batch, _ in self._queue]:
            batch.release()
        self._queue.clear()
        self._room.set()

    # -- snapshots

    def _photograph(self) -> None:
        """Let a snapshot be taken, if nothing is half-done."""
        if not self._passages:
            self.retention.take(self.pipeline.next_offset, self._state, committed=self.muted)

    def final(self, committed: int | None) -> bytes | None:
        """The state to hand over when the partition goes, if all of it is committed."""
        if self._broken or self._passages or committed is None or self.pipeline.next_offset != committed:
            return None
        return self._state()

    def _state(self) -> bytes:
        plain = {"format": self.reading, "origins": self.origins.plain()}
        return pack(plain, {"pipeline": np.frombuffer(self.pipeline.to_bytes(), np.uint8)})

    def _load(self, state: bytes) -> None:
        plain, arrays = unpack(state)
        self.pipeline = Pipeline.from_bytes(self.plan, arrays["pipeline"].tobytes())
        self.reading, self.origins = str(plain["format"]), Origins(plain.get("origins"))
