"""Router: reads sources in any format and writes their records, keyed by principal, to one topic for workers.

A record that a log has in two halves goes to the halves' topic first, keyed by what both share, and
:mod:`streams.pairing` goes on from there. The router remembers nothing: what it had not committed when it died it reads
and writes again, and whoever reads that topic tells repetitions by where they are from (:mod:`streams.origins`).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from time import monotonic, time

import msgspec
import numpy as np
import structlog

from schemas.formats.rules import Source
from streams import routing
from streams.batches import RecordBatch, TopicPartition
from streams.forwarder import Forwarder, Parcel
from streams.origins import FROM, header
from streams.part import Part
from streams.passage import Reader
from streams.readers import Readers
from streams.routing import Messages
from streams.settings import Settings

log = structlog.get_logger()

AHEAD = 4  # slices on their way before no more are taken
TICK = 1.0  # s between two words on how far the sources are
IDLE = 3.0  # s that a partition of which all is committed is held back: what was just written may not be fetched yet
LOST = 60.0  # s without a slice after which one whose end is not known, or cannot be reached, counts as read too
TICKED = f"{FROM}progress"  # the header of such a word


class Router(Part):
    """All partitions of routed sources that this process has.

    Attributes
    ----------
    counts : messages read and records, halves, refusals and odd things made of them
    reached : by partition, when the newest message that went on was written, s
    waiting : whether halves are known to wait, although none has come by here
    """

    def __init__(self, settings: Settings, readers: Readers, forwarder: Forwarder) -> None:
        self.settings, self.readers, self.forwarder = settings, readers, forwarder
        self.own = settings.kafka.topics
        self.counts: Counter[str] = Counter()
        self.reached: dict[TopicPartition, float] = {}
        self.heard: dict[TopicPartition, float] = {}
        self.busy: Counter[TopicPartition] = Counter()
        self.halves = False
        self.waiting: Callable[[], bool] = lambda: False
        self.clock: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(AHEAD)
        self._tasks: set[asyncio.Task[None]] = set()

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Send on what each slice becomes; several slices are on their way at a time, each partition's in order."""
        async for batch in stream:
            if batch.tp not in self.reached:
                batch.release()
                continue
            await self._room.acquire()
            self.busy[batch.tp] += 1
            task = asyncio.create_task(self._forward(batch, *self.read(batch)))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def read(self, batch: RecordBatch) -> tuple[list[Parcel], float]:
        """What a slice becomes; and when its newest message was written, s."""
        now = int(time() * 1000)
        reader, tp = self.readers.reader(batch), batch.tp
        offsets = np.array(batch.offsets(), np.int64)
        stamps = np.array([raw.timestamp or 0 for raw in batch.records], np.int64)
        stamps[stamps <= 0] = now
        self.counts["read"] += len(batch)
        if passes(reader):
            whole, halved = self._native(batch, reader, offsets, stamps), Messages.of([])
        else:
            written = dict(zip(offsets.tolist(), stamps.tolist(), strict=True))
            whole, halved = self._foreign(batch, reader, offsets, written)
        self.counts["records"] += len(whole.places)
        self.counts["halves"] += len(halved.places)
        self.halves |= len(halved.places) > 0
        wide, name = self.forwarder.widths, header(*tp)
        made = [
            parcel
            for topic, some in ((self.own.records, whole), (self.own.halves, halved))
            for parcel in routing.parcels(some, topic, wide[topic], origin=name, otherwise=tp.partition, now=now)
        ]
        return made, float(stamps.max()) / 1000.0

    def _native(self, batch: RecordBatch, reader: Reader, offsets: "np.ndarray", stamps: "np.ndarray") -> Messages:
        """Records that go on as they are, once it is known whose they are."""
        values, limit = batch.values(), reader.limits.size_bytes
        messages, odd = routing.plain(values, offsets, stamps, limit)
        if not odd:
            return messages
        some = [values[i] for i in odd]
        found = reader.format.read_many(
            some, offsets[odd], topic=batch.tp.topic, partition=batch.tp.partition, limits=reader.limits,
            source=reader.source,
        )  # fmt: skip
        self.counts["rejected"] += len(found.rejects)
        raw = {offset: value or b"" for offset, value in zip(offsets[odd].tolist(), some, strict=True)}
        written = dict(zip(offsets[odd].tolist(), stamps[odd].tolist(), strict=True))
        return messages.with_(Messages.of(routing.records(found, written, limit, raw)))

    def _foreign(
        self, batch: RecordBatch, reader: Reader, offsets: "np.ndarray", stamps: dict[int, int]
    ) -> tuple[Messages, Messages]:
        """Records and halves of a format that has to be read."""
        found = reader.format.read_many(
            batch.values(), offsets, topic=batch.tp.topic, partition=batch.tp.partition, limits=reader.limits,
            source=reader.source, raws=batch.records,
        )  # fmt: skip
        self.counts["rejected"] += len(found.rejects)
        self.counts["warnings"] += sum(found.warnings.values())
        whole = routing.records(found, stamps, reader.limits.size_bytes)
        return Messages.of(whole), Messages.of(routing.halves(found, batch.tp.topic, stamps))

    async def _forward(self, batch: RecordBatch, made: list[Parcel], newest: float) -> None:
        tp = batch.tp
        batch.forget()
        await self.forwarder.forward(made)
        self.busy[tp] -= 1
        self.heard[tp] = monotonic()
        if tp in self.reached:
            self.reached[tp] = max(self.reached[tp], newest)
        batch.ack()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()
        self.ended(task)

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Begin with these partitions."""
        await self.forwarder.start(self.own.records, self.own.halves)
        for tp in tps:
            self.reached[tp] = 0.0
            self.heard[tp] = monotonic()
        if self.clock is None:
            self.clock = asyncio.create_task(self._tick())
            self.clock.add_done_callback(self.ended)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Forget these partitions; what is on its way arrives once, or once more from elsewhere."""
        for tp in tps:
            self.reached.pop(tp, None)
            self.heard.pop(tp, None)

    def progress(self) -> dict[str, float]:
        """By partition, how far it is, s: all that was written to it before has gone on."""
        made: dict[str, float] = {}
        for tp, time_ in self.reached.items():
            silent = 0.0 if self.busy[tp] else monotonic() - self.heard[tp]
            idle = (silent > IDLE and self.lag(tp) == 0) or silent > LOST
            made[f"{tp.topic}/{tp.partition}"] = max(time_, time() - IDLE) if idle else time_
        return made

    async def _tick(self) -> None:
        """Tell whoever joins halves how far the sources are, in the order of what they wait for."""
        while True:
            await asyncio.sleep(TICK)
            if self.reached and (self.halves or self.waiting()):
                await self.forwarder.forward(ticks(self.own.halves, self.forwarder.widths, self.progress()))


def ticks(topic: str, widths: dict[str, int], progress: dict[str, float]) -> list[Parcel]:
    """A word on how far sources are, for each partition of the halves."""
    now = time()
    value = msgspec.msgpack.encode((now, progress))
    messages = Messages.of([routing.Row(b"", value, 0, int(now * 1000))])
    return [
        parcel
        for partition in range(widths[topic])
        for parcel in routing.parcels(
            messages, topic, widths[topic], origin=TICKED, otherwise=0, now=int(now * 1000), fixed=partition
        )
    ]


def passes(reader: Reader) -> bool:
    """Whether records go on as they are: native, and the source's configuration adds nothing."""
    bare = Source(principal=("principal",))
    return reader.name == "native" and reader.source == bare
