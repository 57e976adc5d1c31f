"""Correlator: the Faust agent that reads workers' signals and raises alerts on models and sources.

One correlator a partition of the signals topic. Its state is a function of the signals before an offset: it is written
with that offset once the offset is committed, and on assignment read back, and reading goes on from there. Alerts that
come again then have the ids they had before, so the database keeps one of each.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, time

import numpy as np
import structlog

from detectors.correlator import Correlator
from detectors.packing import Corrupt
from schemas.alert import Alert
from schemas.signal import Block, Signal, decode
from streams.batches import BatchApp, Hooks, RecordBatch, TopicPartition
from streams.publisher import Publisher
from streams.sinks import rows
from streams.sinks.api import Columns
from streams.snapshots import Snapshots
from streams.writer import Writer, WriteSet

log = structlog.get_logger()


@dataclass(slots=True)
class Desk:
    """One partition of the signals topic: its correlator, and the snapshot that waits for a commit."""

    correlator: Correlator
    offset: int = 0
    due: float = field(default_factory=monotonic)
    waiting: tuple[int, bytes] | None = None


class CorrelatorAgent(Hooks):
    """Correlators of one process, and what lies between them and the world.

    Parameters
    ----------
    release : version of tidegate, for alerts
    interval : s between snapshots
    wait : s that a window waits for a slow partition
    tick : s between looks at the clock while nothing arrives
    now : the clock, s since the epoch
    """

    def __init__(
        self,
        *,
        writer: Writer,
        publisher: Publisher,
        snapshots: Snapshots | None,
        release: str = "",
        interval: float = 5.0,
        wait: float = 60.0,
        tick: float = 5.0,
        now: Callable[[], float] = time,
    ) -> None:
        self.writer, self.publisher, self.snapshots = writer, publisher, snapshots
        self.release, self.interval, self.wait = release, interval, wait
        self.tick, self.now = tick, now
        self.desks: dict[TopicPartition, Desk] = {}
        self.ticking: asyncio.Task[None] | None = None
        self.app: BatchApp | None = None
        self.unread = 0

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Take signals in, raise what follows, and acknowledge once that is durable and published."""
        async for batch in stream:
            desk = self.desks.get(batch.tp)
            if desk is None:
                batch.release()
                continue
            read = [decode(value or b"") for value in batch.values()]
            signals = [signal for signal in read if signal is not None]
            self.unread += len(read) - len(signals)
            for signal in signals:
                desk.correlator.add(signal, self.now())
            await self._tell(desk.correlator.advance(self.now()), signals)
            desk.offset = batch.next_offset
            self._photograph(desk)
            batch.ack()

    async def _tell(self, alerts: Sequence[Alert], signals: Sequence[Signal] = ()) -> None:
        """Return once alerts and blocks are durable, and alerts published."""
        tables = {"alerts": rows.alerts(alerts)} if alerts else {}
        if any(signal.block for signal in signals):
            tables["signals"] = blocks(signals)
        if not tables:
            return
        durable = asyncio.Event()
        await self.writer.put(WriteSet(tables), durable.set)
        await durable.wait()
        for alert in alerts:
            log.info("alert", id=alert.id, threat=alert.threat, model=alert.model, title=alert.title)
        await self.publisher.publish(alerts)

    # -- from Faust

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Load the partition's snapshot; without one, read again all signals that the topic still has."""
        desk = self.desks[tp] = Desk(Correlator(wait=self.wait, release=self.release))
        stored = self.snapshots.read(*tp) if self.snapshots else None
        if stored and stored[0] <= (committed or 0):
            try:
                desk.correlator.load(stored[1], self.now())
            except Corrupt as error:
                log.warning("snapshot of another version", topic=tp.topic, partition=tp.partition, error=str(error))
            else:
                return stored[0]
        return 0 if committed else None

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Begin to look at the clock: windows close and sources go silent while nothing arrives."""
        if self.ticking is None:
            self.ticking = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        """Look at the clock until cancelled; an error ends the process, with nothing more committed."""
        try:
            while True:
                await asyncio.sleep(self.tick)
                for desk in list(self.desks.values()):
                    await self._tell(desk.correlator.advance(self.now()))
        except Exception as error:
            log.exception("correlator failed")
            if self.app is not None:
                await self.app.crash(error)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Write the snapshots that these commits make valid."""
        for tp, offset in offsets.items():
            desk = self.desks.get(tp)
            if desk is not None and desk.waiting is not None and offset >= desk.waiting[0]:
                ready, desk.waiting = desk.waiting, None
                asyncio.get_running_loop().run_in_executor(None, self._write, tp, *ready)

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Hand over the state of partitions that go, where all of it is committed."""
        for tp in tps:
            desk = self.desks.pop(tp, None)
            if desk is not None and self.app is not None and self.app.committed(tp) == desk.offset:
                await asyncio.to_thread(self._write, tp, desk.offset, desk.correlator.to_bytes())
        if not self.desks and self.ticking is not None:
            self.ticking.cancel()
            self.ticking = None

    def _photograph(self, desk: Desk) -> None:
        if self.snapshots is not None and desk.waiting is None and monotonic() >= desk.due:
            desk.waiting = (desk.offset, desk.correlator.to_bytes())
            desk.due = monotonic() + self.interval

    def _write(self, tp: TopicPartition, offset: int, state: bytes) -> None:
        if self.snapshots is None:
            return
        try:
            self.snapshots.write(tp.topic, tp.partition, offset, state)
        except OSError as error:
            log.warning("snapshot not written; the previous one stays", topic=tp.topic, error=str(error))


def blocks(signals: Sequence[Signal]) -> Columns:
    """Rows of table ``signals``: the blocks among these signals."""
    found: list[tuple[Signal, Block]] = [(s, s.block) for s in signals if s.block is not None]
    lists = ("names", "moved", "spread", "usual", "level")
    counts = ("number", "records", "voices", "newcomers")
    return (
        {name: [getattr(s, name) for s, _ in found] for name in ("topic", "model", "version")}
        | {name: [getattr(b, name) for _, b in found] for name in lists}
        | {name: np.array([getattr(b, name) for _, b in found], np.uint64) for name in counts}
        | {name: rows.moments([getattr(b, name) for _, b in found]) for name in ("first", "last")}
        | {
            "time": rows.moments([s.time for s, _ in found]),
            "partition": np.array([s.partition for s, _ in found], np.int32),
            "offset": np.array([s.offset for s, _ in found], np.int64),
        }
    )
