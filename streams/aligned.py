"""Aligned: a part that forwards what slices become, those of a backlog in order of time across its partitions."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from math import inf
from time import monotonic, time

import numpy as np

from schemas.batch import Doubles, Integers
from streams import routing
from streams.alignment import SLACK, WITNESSES, Alignment, Portion
from streams.batches import RecordBatch, TopicPartition
from streams.forwarder import Forwarder, Parcel
from streams.origins import STEPS, header
from streams.part import Part
from streams.routing import Messages

AHEAD = 4  # portions on their way before no more are taken
LOOK = 0.5  # s between two looks for what nobody has to wait for any more
LOST = 60.0  # s without a slice after which a partition whose end is not reached is waited for no longer
QUEUED = 2  # slices of a partition that wait, with more messages than witnesses, before no more of it is fetched


class Taken:
    """A slice that was read, and what became of it.

    Attributes
    ----------
    offsets, stamps : (n,) of its messages, and when they were written, s
    made : by topic, what they become
    open : portions on their way; ``sent`` once there is no other
    """

    def __init__(
        self, batch: RecordBatch, offsets: Integers, stamps: Doubles, made: Sequence[tuple[str, Messages]]
    ) -> None:
        self.batch, self.offsets, self.stamps, self.made = batch, offsets, stamps, made
        self.open, self.sent = 0, False

    def part(self, start: int, stop: int) -> list[tuple[str, Messages]]:
        """By topic, what the messages from ``start`` up to ``stop`` become."""
        if stop - start == len(self.offsets):
            return list(self.made)
        first, behind = int(self.offsets[start]), int(self.offsets[stop - 1]) + 1
        return [(topic, some.between(first << STEPS, behind << STEPS)) for topic, some in self.made]


class Aligned(Part):
    """Slices on their way from all partitions of a part to topics of ours.

    Attributes
    ----------
    busy : by partition, slices that have not all gone on
    heard : by partition, when the last slice with a time has gone on, s on the monotonic clock
    seen : by partition, the offset behind the last slice
    behind : partitions that were not yet read to where they ended when they came
    silent : by partition, s for which others waited for a slice with a time in vain
    lost : partitions for which they did so too long
    grace : s after which one that was read to its end is believed to have nothing more that is old
    """

    grace = 0.0

    def __init__(self, forwarder: Forwarder) -> None:
        self.forwarder = forwarder
        self.busy: Counter[TopicPartition] = Counter()
        self.heard: dict[TopicPartition, float] = {}
        self.seen: dict[TopicPartition, int] = {}
        self.behind: set[TopicPartition] = set()
        self.ends: dict[TopicPartition, int] = {}
        self.silent: dict[TopicPartition, float] = {}
        self.lost: set[TopicPartition] = set()
        self.alignment: Alignment[Taken] = Alignment(self.waited)
        self._paused: set[TopicPartition] = set()
        self._leaving = False
        self._looking: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(AHEAD)
        self._tasks: set[asyncio.Task[None]] = set()

    def welcome(self, batch: RecordBatch) -> bool:
        """Whether a slice counts; else it is given back, for it will come again, here or elsewhere, in its order."""
        counts = batch.receipt.live and not self._leaving and batch.tp in self.alignment.lines
        if not counts:
            batch.release()
        return counts

    async def take(self, taken: Taken, times: Doubles) -> None:
        """Send on a slice with (n,) times, NaN where nobody knows, or all of it that need not wait for others."""
        batch = taken.batch
        tp = batch.tp
        self.seen[tp] = batch.next_offset
        known = times[~np.isnan(times)]
        if len(known):
            self.silent[tp] = 0.0
            self.lost.discard(tp)
        self.busy[tp] += 1
        batch.forget()
        self.behind = set(filter(self._behind, self.behind))
        live = not self.behind and len(known) > 0 and float(np.median(known)) > time() - SLACK
        self.alignment.enter(tp, taken, times, live=live)
        await self.pump()

    async def pump(self) -> None:
        """Send on all that may go; several portions are on their way at a time, each partition's in order."""
        while True:
            await self._room.acquire()
            portion = self.alignment.next()
            if portion is None:
                self._room.release()
                return
            self._pace(portion.tp)
            self._send(portion)

    def _send(self, portion: Portion[Taken]) -> None:
        tp, taken = portion.tp, portion.item
        taken.sent = portion.last
        taken.open += 1
        now, wide = int(time() * 1000), self.forwarder.widths
        made = [
            parcel
            for topic, some in taken.part(portion.start, portion.stop)
            for parcel in routing.parcels(
                some, topic, wide[topic], origin=header(*tp), otherwise=tp.partition, now=now
            )
        ]  # fmt: skip
        newest = float(taken.stamps[portion.start : portion.stop].max())
        task = asyncio.create_task(self._forward(taken, made, newest))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def _forward(self, taken: Taken, made: list[Parcel], newest: float) -> None:
        tp = taken.batch.tp
        await self.forwarder.forward(made)
        self.passed(tp, newest)
        taken.open -= 1
        if taken.sent and not taken.open:
            self._settled(taken)
            taken.batch.ack()

    def _settled(self, taken: Taken) -> None:
        self.busy[taken.batch.tp] -= 1
        self.heard[taken.batch.tp] = monotonic()

    def passed(self, tp: TopicPartition, newest: float) -> None:
        """Learn that a portion has gone on, whose newest message was written at ``newest``, s."""

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()
        self.ended(task)

    # -- who waits for whom

    def waited(self, tp: TopicPartition) -> bool:
        """Whether a partition of which nothing is here may have something old that was not fetched yet."""
        end = self.log_end(tp)
        read = end is not None and self._read(tp) >= end
        return tp not in self.lost and (not read or self.silent.get(tp, 0.0) < self.grace)

    def oldest(self, tp: TopicPartition) -> float:
        """When the oldest message that waits was written, s; inf where none waits."""
        return min((float(one.stamps[begun:].min()) for one, begun in self.alignment.waiting(tp)), default=inf)

    def _behind(self, tp: TopicPartition) -> bool:
        """Whether a partition has not come to where it ended when it came to us."""
        end = self.ends.get(tp, self.log_end(tp))
        if end is not None:
            self.ends[tp] = end
        return tp not in self.lost and (end is None or self._read(tp) < end)

    def _read(self, tp: TopicPartition) -> int:
        return max(self.seen.get(tp, 0), self.committed(tp) or 0)

    def _pace(self, tp: TopicPartition) -> None:
        """Fetch a partition only while little of it waits."""
        here = self.alignment.waiting(tp)
        full = len(here) >= QUEUED and sum(len(one.offsets) - begun for one, begun in here) > WITNESSES
        if full != (tp in self._paused):
            (self.pause if full else self.resume)(tp)
            (self._paused.add if full else self._paused.discard)(tp)

    async def _look(self) -> None:
        """Count how long others wait for a partition in vain, and send on what needs to wait no longer."""
        while True:
            await asyncio.sleep(LOOK)
            lines = list(self.alignment.lines)
            held = {tp for tp in lines if self.alignment.waiting(tp)}
            for tp in lines:
                self._pace(tp)
                self.silent[tp] = self.silent.get(tp, 0.0) + LOOK if held and tp not in held else 0.0
                if self.silent[tp] >= LOST:
                    self.lost.add(tp)
            await self.pump()

    # -- partitions come and go

    def begin(self, tps: set[TopicPartition]) -> None:
        """Take slices of these partitions."""
        self._leaving = False
        self.alignment.begin(tps)
        self.behind |= tps
        for tp in tps:
            self.heard[tp], self.silent[tp] = monotonic(), 0.0
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self.ended)

    def on_drain(self) -> None:
        """Give back what waits for other partitions; what is on its way will be acknowledged."""
        self._leaving = True
        self._give_back(self.alignment.clear())

    def end(self, tps: set[TopicPartition]) -> None:
        """Forget these partitions; what is on its way arrives once, or once more from elsewhere."""
        self._give_back(self.alignment.end(tps))
        for tp in tps:
            for known in (self.heard, self.seen, self.silent, self.ends):
                known.pop(tp, None)
        self._paused -= tps
        self.behind -= tps
        self.lost -= tps

    def _give_back(self, left: list[Taken]) -> None:
        for taken in left:
            self._settled(taken)
            taken.batch.release()
