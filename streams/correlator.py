"""Correlator: the Faust agent that reads workers' signals and raises alerts on models and sources.

The clock is the time at which a signal was written to its topic. So a replay of the topic gives the same alerts; where
nothing is written any more, the wall clock goes on, a little behind, so that nothing on its way is overtaken.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from time import monotonic, time

import numpy as np
import structlog

from detectors.correlator import Correlator
from detectors.packing import Corrupt, pack, unpack
from schemas.alert import Alert
from schemas.signal import Block, Signal, decode
from streams.batches import RecordBatch, TopicPartition
from streams.outbox import Done, Outbox
from streams.part import Part
from streams.publisher import Letters
from streams.retention import Retention
from streams.sinks import rows
from streams.sinks.api import Columns
from streams.tally import Tally
from streams.writer import WriteSet

log = structlog.get_logger()

TICK = 1.0  # s between two looks at the wall clock
BEHIND = 5.0  # s without a signal before the wall clock counts, and s that it is held back, for those on their way


class Desk:
    """One partition of the signals topic: its correlator, and how far it has read.

    Attributes
    ----------
    muted : offsets below were handled before: they only rebuild state
    next_offset, now : behind the last signal read, and when that was written, s
    """

    def __init__(self, fresh: Callable[[], Correlator], retention: Retention) -> None:
        self.fresh, self.retention = fresh, retention
        self.correlator = fresh()
        self.muted = self.next_offset = 0
        self.now = 0.0
        self.heard = monotonic()

    def restore(self, committed: int | None) -> int | None:
        """Load the snapshot; return the offset to read from, None for the committed one."""
        self.muted = committed or 0
        stored = self.retention.read()
        if stored and stored[0] <= self.muted:
            try:
                plain, arrays = unpack(stored[1])
                made = self.fresh()
                made.load(arrays["correlator"].tobytes())
                self.now = float(plain["now"])
            except (Corrupt, KeyError, ValueError, TypeError) as error:
                log.warning("snapshot of another version; the correlator is rebuilt from its topic", error=str(error))
            else:
                self.correlator, self.next_offset = made, stored[0]
                return self.next_offset
        return 0 if self.muted else None

    def expect(self, topics: Mapping[str, Iterable[int]]) -> None:
        """Learn which partitions will be heard."""
        for topic, partitions in topics.items():
            self.correlator.expect(topic, partitions)

    def read(self, batch: RecordBatch) -> tuple[list[Alert], list[Signal]]:
        """Take in a slice; return the alerts of what was not handled before, and the signals in it."""
        alerts: list[Alert] = []
        signals: list[Signal] = []
        for raw in batch.records:
            self.now = max(self.now, (raw.timestamp or 0) / 1000.0)
            found = self.correlator.advance(self.now)
            alerts += found if raw.offset >= self.muted else []
            if (signal := decode(raw.value or b"")) is not None:
                self.correlator.add(signal, self.now)
                signals.append(signal)
        self.next_offset, self.heard = batch.next_offset, monotonic()
        return alerts, signals

    def tick(self, wall: float, behind: float) -> list[Alert]:
        """Alerts of what has become late or silent while nothing was written."""
        if self.next_offset < self.muted or monotonic() - self.heard < behind:
            return []
        return self.correlator.advance(max(self.now, wall - behind))

    def state(self) -> bytes:
        """All of it, as bytes."""
        return pack({"now": self.now}, {"correlator": np.frombuffer(self.correlator.to_bytes(), np.uint8)})


class CorrelatorAgent(Part):
    """The desks of one process; the signals topic has one partition that is used, so there is one desk at work.

    Parameters
    ----------
    sources : the partitions of the topics that workers read, by topic
    now, behind, tick : the wall clock, s since the epoch; how far it is held back; how often it is looked at, s

    Attributes
    ----------
    unread : messages that were no signals
    """

    def __init__(
        self,
        fresh: Callable[[], Correlator],
        *,
        outbox: Outbox,
        retention: Callable[[TopicPartition], Retention],
        tally: Tally,
        sources: Mapping[str, set[int]],
        now: Callable[[], float] = time,
        behind: float = BEHIND,
        tick: float = TICK,
    ) -> None:
        self.fresh, self.outbox, self.retention, self.tally = fresh, outbox, retention, tally
        self.sources, self.now, self.behind, self.tick = sources, now, behind, tick
        self.desks: dict[TopicPartition, Desk] = {}
        self.clock: asyncio.Task[None] | None = None
        self.unread = 0

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Read each slice; what it raises is durable and published before it is acknowledged."""
        async for batch in stream:
            desk = self.desks.get(batch.tp)
            if desk is None:
                batch.release()
                continue
            alerts, signals = desk.read(batch)
            self.unread += len(batch) - len(signals)
            desk.retention.take(desk.next_offset, desk.state, committed=desk.muted)
            await self._tell(alerts, signals, batch.ack)

    async def _tell(self, alerts: Sequence[Alert], signals: Sequence[Signal], done: Done) -> None:
        tables: dict[str, Columns] = {"alerts": rows.alerts(alerts)} if alerts else {}
        if any(signal.block for signal in signals):
            tables["signals"] = blocks(signals)
        for alert in alerts:
            self.tally.alert(alert)
            log.info("alert", id=alert.id, threat=alert.threat, model=alert.model, title=alert.title)
        await self.outbox.put(WriteSet(tables), Letters(alerts), done)

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Load the correlator's snapshot, and go back to where it holds."""
        desk = self.desks[tp] = Desk(self.fresh, self.retention(tp))
        offset = desk.restore(committed)
        desk.expect(self.sources)
        log.info("signals", topic=tp.topic, partition=tp.partition, committed=committed, state_from=offset)
        return offset

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Let the clock tick."""
        if self.clock is None:
            self.clock = asyncio.create_task(self._tick())
            self.clock.add_done_callback(self.ended)

    def kept(self) -> list[float | None]:
        """When the last snapshot of each desk was written."""
        return [desk.retention.kept for desk in list(self.desks.values())]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.tick)
            for desk in list(self.desks.values()):
                if found := desk.tick(self.now(), self.behind):
                    await self._tell(found, (), lambda: None)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep the snapshots that these commits make valid."""
        for tp, offset in offsets.items():
            if tp in self.desks:
                self.desks[tp].retention.committed(offset)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Hand over the state where all of it is committed."""
        for tp in tps:
            desk, committed = self.desks.pop(tp, None), self.committed(tp)
            if desk is not None and committed is not None and desk.next_offset == committed:
                await desk.retention.last(committed, desk.state())


def blocks(signals: Sequence[Signal]) -> Columns:
    """Rows of table ``signals``: the blocks among these signals."""
    found: list[tuple[Signal, Block]] = [(s, s.block) for s in signals if s.block is not None]
    counts = ("number", "records", "voices", "newcomers")
    means = [_means(b) for _, b in found]
    return (
        {name: [getattr(s, name) for s, _ in found] for name in ("topic", "model", "version")}
        | {"names": [b.names for _, b in found]}
        | {name: [one[name] for one in means] for name in ("moved", "spread", "usual", "level")}
        | {name: np.array([getattr(b, name) for _, b in found], np.uint64) for name in counts}
        | {name: rows.moments([getattr(b, name) for _, b in found]) for name in ("first", "last")}
        | {
            "time": rows.moments([s.time for s, _ in found]),
            "partition": np.array([s.partition for s, _ in found], np.int32),
            "offset": np.array([s.offset for s, _ in found], np.int64),
        }
    )


def _means(block: Block) -> dict[str, list[float]]:
    """Means over a block's voices: what each spoke of, what is usual with it, how far that is apart, and its square."""
    shape = (block.voices, len(block.names))
    level, usual = (np.frombuffer(half, "<f2").reshape(shape).astype(np.float64) for half in (block.level, block.usual))
    columns = {"moved": level - usual, "spread": (level - usual) ** 2, "usual": usual, "level": level}
    return {name: rows.mean(0).tolist() if len(rows) else [0.0] * shape[1] for name, rows in columns.items()}
