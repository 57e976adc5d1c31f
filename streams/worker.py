"""Worker: the Faust app that reads the traffic, watches it, and commits what is durable. Role ``worker`` of ``run``."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping
from functools import partial
from time import time

import structlog

from detectors.plan import Plan
from detectors.watch import Answer, Need
from schemas import formats
from schemas.alert import Alert
from schemas.formats import Limits
from schemas.signal import Signal
from streams.batches import BatchApp, Hooks, RecordBatch, TopicPartition
from streams.partition import Handled, Partition, Reader, Waiting, Ways
from streams.publisher import Publisher
from streams.rows import write_set
from streams.settings import Settings, Source
from streams.settlements import Settlements
from streams.snapshots import Snapshots
from streams.writer import Writer

log = structlog.get_logger()

SAMPLES = 64  # records from which a topic's format is recognised
PULSE = 1.0  # s between two signals of a partition that has nothing to say but that it is alive


class Worker(Hooks):
    """Partitions of one process: their tasks, and what lies between them and the world."""

    def __init__(
        self, settings: Settings, plan: Plan, *, writer: Writer, publisher: Publisher, settlements: Settlements
    ) -> None:
        self.settings, self.plan = settings, plan
        self.writer, self.publisher, self.settlements = writer, publisher, settlements
        directory = settings.state.snapshots
        self.snapshots = Snapshots(directory, key=settings.secret()) if directory else None
        self.sources = {source.topic: source for source in settings.source}
        self.readers: dict[str, Reader] = {}
        self.partitions: dict[TopicPartition, Partition] = {}
        self.tasks: dict[TopicPartition, asyncio.Task[None]] = {}
        self.publishing: set[asyncio.Task[None]] = set()
        self.pulses: dict[TopicPartition, float] = {}
        self.app: BatchApp | None = None
        self.ready = False
        self.records = 0

    # -- from Faust

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Hand each slice to its partition."""
        async for batch in stream:
            partition = self.partitions.get(batch.tp)
            if partition is None:
                batch.release()
                continue
            await partition.enter(batch, self._reader(batch))

    def _reader(self, batch: RecordBatch) -> Reader:
        """How this topic is read; where the format is to be recognised, by the first slice that any format can read."""
        topic = batch.tp.topic
        found = self.readers.get(topic)
        if found is None:
            source = self.sources[topic]
            values = [v for v in batch.values()[:SAMPLES] if v]
            name = source.format if source.format != "auto" else getattr(formats.recognise(values), "name", "native")
            found = self.readers[topic] = Reader(
                formats.named(name), rules(source, self.settings), limits(self.settings)
            )
            log.info("reading", topic=topic, format=name)
        return found

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Load the partition's snapshot, and go back to where it holds."""
        assert self.app is not None
        ways = Ways(self._ask, self._deliver, self._pause, self._resume)
        partition = Partition(tp, self.plan, ways, self.snapshots, self.settings.state.interval_seconds)
        offset = partition.restore(committed)
        self.partitions[tp] = partition
        log.info("partition", topic=tp.topic, partition=tp.partition, committed=committed, state_from=offset)
        return offset

    def _pause(self, tp: TopicPartition) -> None:
        if self.app is not None and tp in self.partitions:
            self.app.pause({tp})

    def _resume(self, tp: TopicPartition) -> None:
        if self.app is not None and tp in self.partitions:
            self.app.resume({tp})

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Start what the first partitions need, then the partitions' tasks."""
        if not self.ready:
            self.writer.start()
            await self.publisher.start()
        for tp in tps:
            self.tasks[tp] = asyncio.create_task(self._guard(self.partitions[tp].run()))
        if not self.ready:
            self.ready = True
            log.info("ready", partitions=len(tps))
            print("ready", file=sys.stderr, flush=True)  # noqa: T201  # promised to whoever starts us

    async def _guard(self, work: Awaitable[None]) -> None:
        """Run a task of ours; if it fails, so does the process, with nothing more committed."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("partition failed")
            assert self.app is not None
            await self.app.crash(error)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Write the snapshots that these commits make valid."""
        for tp, offset in offsets.items():
            partition = self.partitions.get(tp)
            ready = partition.committed(offset) if partition else None
            if ready is not None:
                asyncio.get_running_loop().run_in_executor(None, self._write, tp, ready)

    def _write(self, tp: TopicPartition, snapshot: Waiting) -> None:
        assert self.snapshots is not None
        try:
            self.snapshots.write(tp.topic, tp.partition, snapshot.offset, snapshot.state)
        except OSError as error:
            log.warning("snapshot not written; the previous one stays", topic=tp.topic, error=str(error))

    def on_drain(self) -> None:
        """Give back what waits for a settlement or in a queue; what is with the writer will be acknowledged."""
        for tp, partition in self.partitions.items():
            if partition.holding and tp in self.tasks:
                self.tasks[tp].cancel()

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Stop the partitions' tasks, and hand over their state where all of it is committed."""
        for tp in tps:
            task, partition = self.tasks.pop(tp, None), self.partitions.pop(tp, None)
            if task is not None:
                task.cancel()
                await asyncio.wait([task], timeout=5.0)
            last = partition.final(self.app.committed(tp)) if partition and self.app else None
            if last is not None:
                await asyncio.to_thread(self._write, tp, last)

    # -- from partitions

    async def _ask(self, need: Need, tp: TopicPartition) -> Answer:
        return await self.settlements.ask(need, tp.topic, tp.partition)

    async def _deliver(self, handled: Handled) -> None:
        """Write what came of a slice; publish and acknowledge it once that is durable, in order."""
        self.records += len(handled.batch)
        keep = self.settings.clickhouse.records
        signals = self._signals(handled)
        if not (handled.outcome.findings.alerts or handled.rejects or signals):
            await self.writer.put(write_set(handled.outcome, handled.batch.tp, keep=keep), partial(_ack, handled.batch))
            return
        durable = asyncio.Event()
        await self.writer.put(write_set(handled.outcome, handled.batch.tp, keep=keep), durable.set)
        task = asyncio.create_task(self._guard(self._publish(handled, signals, durable)))
        self.publishing.add(task)  # a task that nobody holds may be collected
        task.add_done_callback(self.publishing.discard)

    async def _publish(self, handled: Handled, signals: list[Signal], durable: asyncio.Event) -> None:
        await durable.wait()
        alerts: list[Alert] = handled.outcome.findings.alerts
        for alert in alerts:
            log.info("alert", id=alert.id, threat=alert.threat, model=alert.model, principal=alert.principal)
        await self.publisher.publish(alerts, handled.rejects, signals)
        handled.batch.ack()

    def _signals(self, handled: Handled) -> list[Signal]:
        """Blocks that ended, and now and then a sign of life."""
        tp = handled.batch.tp
        partition = self.partitions.get(tp)
        now, last = partition.pipeline.now if partition else 0.0, handled.batch.next_offset - 1
        made = [
            Signal(
                topic=tp.topic, partition=tp.partition, time=now, offset=last, block=block, model=model, version=version
            )
            for model, version, block in handled.outcome.blocks
        ]
        if not made and time() - self.pulses.get(tp, 0.0) > PULSE:
            made = [Signal(topic=tp.topic, partition=tp.partition, time=now, offset=last)]
        if made:
            self.pulses[tp] = time()
        return made


def _ack(batch: RecordBatch) -> None:
    batch.ack()


def rules(source: Source, settings: Settings) -> formats.Source:
    """What the reader must know of a source."""
    return formats.Source(
        model=source.model, version=source.version, tenant=source.tenant, principal=tuple(source.principal),
        secret=settings.secret() if source.hash_principal else b"",
    )  # fmt: skip


def limits(settings: Settings) -> Limits:
    """What a record may cost."""
    chosen = settings.limits
    return Limits(
        size_bytes=chosen.record_bytes, features=chosen.features, depth=chosen.depth, kept_bytes=chosen.reject_bytes
    )


def plan_of(settings: Settings, *, release: str = "") -> Plan:
    """What the pipeline must know; a burn-in given as a share of a file is a day here."""
    seconds = settings.calibration.burn_in.seconds
    return Plan(
        burn_in=seconds if seconds is not None else 86_400.0,
        alerts_per_day=settings.budget.alerts_per_day,
        max_principals=settings.state.max_principals,
        secret=settings.secret(),
        detectors=settings.detectors,
        release=release,
    )
