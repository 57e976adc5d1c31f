"""Pairing: the Faust agent that joins requests and answers which a log has apart, and sends on what they become.

All that decides is in the halves' topic, also how far time has come, so that whoever reads it again finds the same
calls at the same places. State is kept in snapshots as a worker's is: what was handled before only rebuilds it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from math import isfinite

import msgspec
import numpy as np
import structlog

from schemas.batch import Doubles
from schemas.formats import calls
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.refusals import wrapped
from schemas.formats.rules import Limits, Source
from schemas.formats.versions import Versions
from schemas.pairing import Call, Pairing
from schemas.progress import Progress
from schemas.record import Reject
from streams import routing
from streams.aligned import Aligned, Taken
from streams.batches import RawRecord, RecordBatch, TopicPartition
from streams.forwarder import Forwarder
from streams.origins import STEPS, Origins, origin
from streams.retention import Retention
from streams.router import TICKED
from streams.routing import Messages, Row
from streams.settings import Settings

log = structlog.get_logger()

GRACE = 10.0  # s that a partition of the halves which was read to its end is waited for: routers write to it in bursts

_Word = tuple[float, dict[str, float]]
_word = msgspec.msgpack.Decoder(_Word).decode


class _State(msgspec.Struct, array_like=True):
    """What a snapshot holds."""

    origins: dict[str, list[int]]
    progress: dict[str, list[float]]
    now: float
    pairing: bytes
    versions: dict[str, str] = {}


class Table:
    """One partition of the halves: what waits there, and what became of the rest.

    Attributes
    ----------
    muted : offsets below were handled before: they only rebuild state
    next_offset : one past what was taken
    now : the newest word on what time it is, s
    times : (N,) of the slice that was last taken, when the last call is from that each message completed, s, else NaN
    """

    def __init__(
        self, tp: TopicPartition, sources: Mapping[str, Source], limits: Limits, retention: Retention,
        fresh: Callable[[], Pairing],
    ) -> None:  # fmt: skip
        self.tp, self.sources, self.limits, self.retention, self.fresh = tp, sources, limits, retention, fresh
        self.pairing, self.origins, self.progress, self.versions = fresh(), Origins(), Progress(), Versions()
        self.muted = self.next_offset = 0
        self.now = 0.0
        self.unread = 0
        self.times: Doubles = np.zeros(0)
        self.last = np.nan

    def restore(self, committed: int | None) -> int | None:
        """Load the snapshot; return the offset to read from, None for the committed one."""
        self.muted = self.next_offset = committed or 0
        stored = self.retention.read()
        if stored and stored[0] <= self.muted:
            try:
                self._load(stored[1])
            except (msgspec.MsgspecError, ValueError, TypeError) as error:
                log.warning("snapshot of another version; halves are read again", topic=self.tp.topic,
                            partition=self.tp.partition, error=str(error))  # fmt: skip
                self.pairing, self.origins, self.progress = self.fresh(), Origins(), Progress()
                self.versions = Versions()
            else:
                self.next_offset = stored[0]
                return stored[0]
        self.next_offset = 0
        return 0 if self.muted else None

    def take(self, batch: RecordBatch) -> list[Row]:
        """What becomes of a slice, but for what was handled before."""
        made: list[Row] = []
        self.times = np.full(len(batch), np.nan)
        for i, raw in enumerate(batch.records):
            self.last = np.nan
            found = self._rows(raw)
            if raw.offset >= self.muted:
                made += found
                self.times[i] = self.last
        self.next_offset = batch.next_offset
        return made

    def _rows(self, raw: RawRecord) -> list[Row]:
        said = origin(raw)
        stamp = said[2] if said else raw.timestamp or 0
        try:
            if said and said[0] == TICKED:
                return self._tick(raw)
            if not self.origins.fresh(raw):
                return []
            one = calls.unpacked(Message(raw.value or b"", key=raw.key or b"", time=stamp / 1000.0))
        except (msgspec.MsgspecError, ValueError) as error:
            self.unread += 1
            return [self._refused(raw.offset << STEPS, str(error), raw.value or b"", stamp)]
        time_ = min(one.time, self.now) if self.now else one.time
        return self._made(list(self.pairing.take(one._replace(time=time_))), raw.offset)

    def _tick(self, raw: RawRecord) -> list[Row]:
        now, times = _word(raw.value or b"")
        if not (isfinite(now) and all(map(isfinite, times.values()))):
            raise Refused("no time")
        self.now = max(self.now, now)
        return self._made(list(self.pairing.advance(min(self.now, self.progress.hear(now, times)))), raw.offset)

    def _made(self, found: list[Call], offset: int) -> list[Row]:
        """The records of calls, each at a place of its own."""
        made: list[Row] = []
        for call in found:
            stamp = int(call.time * 1000)
            try:
                for record in calls.read(call, self.sources, self.limits, self.versions):
                    value = routing.encoded(record)
                    place = (offset << STEPS) + len(made)
                    made.append(routing.row(record, value, place, stamp, self.limits.size_bytes))
                    self.last = min(record.time, call.time)
            except Refused as refused:
                body = call.request if call.request is not None else call.response or b""
                made.append(self._refused((offset << STEPS) + len(made), str(refused), body, stamp))
        return made

    def _refused(self, place: int, reason: str, value: bytes, stamp: int) -> Row:
        kept = value[: self.limits.kept_bytes]
        return Row(b"", wrapped(Reject(place >> STEPS, *self.tp, reason, "", kept)), place, stamp)

    def state(self) -> bytes:
        """All of it, as bytes."""
        pairing, versions = self.pairing.to_bytes(), self.versions.known
        state = _State(self.origins.plain(), self.progress.plain(), self.now, pairing, versions)
        return msgspec.msgpack.encode(state)

    def _load(self, data: bytes) -> None:
        state = msgspec.msgpack.decode(data, type=_State)
        self.pairing.load(state.pairing)
        self.origins, self.progress, self.now = Origins(state.origins), Progress(state.progress), state.now
        self.versions = Versions(state.versions)


class PairingAgent(Aligned):
    """All partitions of the halves' topic that this process has."""

    grace = GRACE

    def __init__(
        self, settings: Settings, sources: Mapping[str, Source], forwarder: Forwarder,
        retention: Callable[[TopicPartition], Retention],
    ) -> None:  # fmt: skip
        super().__init__(forwarder)
        self.settings, self.sources, self.retention = settings, sources, retention
        self.own = settings.kafka.topics
        self.tables: dict[TopicPartition, Table] = {}

    @property
    def waiting(self) -> int:
        """Halves that wait for the other one."""
        return sum(table.pairing.waiting for table in list(self.tables.values()))

    @property
    def counts(self) -> Counter[str]:
        """What became of halves since the snapshots began, as :class:`schemas.pairing.Pairing` counts."""
        return sum((table.pairing.counts for table in list(self.tables.values())), Counter[str]())

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Take each slice, and send on what it becomes."""
        async for batch in stream:
            if self.welcome(batch):
                table = self.tables[batch.tp]
                rows = table.take(batch)
                table.retention.take(table.next_offset, table.state, committed=table.muted)
                offsets = np.array(batch.offsets(), np.int64)
                stamps = np.zeros(len(offsets))
                await self.take(Taken(batch, offsets, stamps, [(self.own.records, Messages.of(rows))]), table.times)

    def kept(self) -> list[float | None]:
        """When the last snapshot of each partition was written."""
        return [table.retention.kept for table in list(self.tables.values())]

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Load the partition's snapshot, and go back to where it holds."""
        pairing = self.settings.pairing
        table = self.tables[tp] = Table(
            tp, self.sources, self.settings.limits.rules(), self.retention(tp),
            lambda: Pairing(window=pairing.window, room=pairing.memory_bytes),
        )  # fmt: skip
        offset = table.restore(committed)
        log.info("halves", topic=tp.topic, partition=tp.partition, committed=committed, state_from=offset)
        return offset

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Know where records go."""
        await self.forwarder.start(self.own.records, self.own.halves)
        self.begin(tps)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep the snapshots that these commits make valid."""
        for tp, offset in offsets.items():
            if tp in self.tables:
                self.tables[tp].retention.committed(offset)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Hand over the state where all of it is committed."""
        self.end(tps)
        for tp in tps:
            table, committed = self.tables.pop(tp, None), self.committed(tp)
            if table is not None and committed is not None and table.next_offset == committed:
                await table.retention.last(committed, table.state())
