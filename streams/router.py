"""Router: reads sources in any format and writes their records, keyed by principal, to one topic for workers.

A record that a log has in two halves goes to the halves' topic first, keyed by what both share, and
:mod:`streams.pairing` goes on from there. Of a backlog all partitions go on together in time
(:mod:`streams.aligned`). The router remembers nothing: what it had not committed when it died it reads
and writes again, and whoever reads that topic tells repetitions by where they are from (:mod:`streams.origins`).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from time import monotonic, time

import msgspec
import numpy as np
import structlog

from schemas.batch import Doubles
from schemas.formats.rules import Source
from streams import routing
from streams.aligned import LOST, Aligned, Taken
from streams.batches import RecordBatch, TopicPartition
from streams.forwarder import Forwarder, Parcel
from streams.origins import FROM
from streams.passage import Reader
from streams.readers import Readers
from streams.routing import Messages
from streams.settings import Settings

log = structlog.get_logger()

TICK = 1.0  # s between two words on how far the sources are
IDLE = 3.0  # s that a partition of which all is committed is held back: what was just written may not be fetched yet
TICKED = f"{FROM}progress"  # the header of such a word


class Router(Aligned):
    """All partitions of routed sources that this process has.

    Attributes
    ----------
    counts : messages read and records, halves, refusals and odd things made of them
    reached : by partition, when the newest message that went on was written, s
    waiting : whether halves are known to wait, although none has come by here
    """

    def __init__(self, settings: Settings, readers: Readers, forwarder: Forwarder) -> None:
        super().__init__(forwarder)
        self.settings, self.readers = settings, readers
        self.own = settings.kafka.topics
        self.counts: Counter[str] = Counter()
        self.reached: dict[TopicPartition, float] = {}
        self.halves = False
        self.waiting: Callable[[], bool] = lambda: False
        self.clock: asyncio.Task[None] | None = None

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Send on what each slice becomes; several are on their way at a time, each partition's in order."""
        async for batch in stream:
            if self.welcome(batch):
                await self.take(*self.read(batch))

    def read(self, batch: RecordBatch) -> tuple[Taken, Doubles]:
        """What a slice becomes; and when each of its messages is from, s, NaN where nobody knows."""
        reader = self.readers.reader(batch)
        offsets = np.array(batch.offsets(), np.int64)
        stamps = np.array([raw.timestamp or 0 for raw in batch.records], np.int64)
        stamps[stamps <= 0] = int(time() * 1000)
        written: Doubles = stamps / 1000.0
        self.counts["read"] += len(batch)
        if passes(reader):
            whole, halved, times = self._native(batch, reader, offsets, stamps), Messages.of([]), written
        else:
            whole, halved, times = self._foreign(batch, reader, offsets, stamps)
        self.counts["records"] += len(whole.places)
        self.counts["halves"] += len(halved.places)
        self.halves |= len(halved.places) > 0
        made = [(self.own.records, whole), (self.own.halves, halved)]
        return Taken(batch, offsets, written, made), times

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
        self, batch: RecordBatch, reader: Reader, offsets: "np.ndarray", stamps: "np.ndarray"
    ) -> tuple[Messages, Messages, Doubles]:
        """Records and halves of a format that has to be read, and when each message is from."""
        found = reader.format.read_many(
            batch.values(), offsets, topic=batch.tp.topic, partition=batch.tp.partition, limits=reader.limits,
            source=reader.source, raws=batch.records,
        )  # fmt: skip
        self.counts["rejected"] += len(found.rejects)
        self.counts["warnings"] += sum(found.warnings.values())
        written = dict(zip(offsets.tolist(), stamps.tolist(), strict=True))
        whole = routing.records(found, written, reader.limits.size_bytes)
        halved = routing.halves(found, batch.tp.topic, written)
        return Messages.of(whole), Messages.of(halved), routing.times(found, offsets, stamps / 1000.0)

    def passed(self, tp: TopicPartition, newest: float) -> None:
        """Remember how far a partition is."""
        if tp in self.reached:
            self.reached[tp] = max(self.reached[tp], newest)

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Begin with these partitions."""
        await self.forwarder.start(self.own.records, self.own.halves)
        self.reached |= dict.fromkeys(tps, 0.0)
        self.begin(tps)
        if self.clock is None:
            self.clock = asyncio.create_task(self._tick())
            self.clock.add_done_callback(self.ended)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Forget these partitions."""
        for tp in tps:
            self.reached.pop(tp, None)
        self.end(tps)

    def progress(self) -> dict[str, float]:
        """By partition, how far it is, s: all that was written to it before has gone on."""
        made: dict[str, float] = {}
        for tp, newest in self.reached.items():
            time_ = min(newest, self.oldest(tp))
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
