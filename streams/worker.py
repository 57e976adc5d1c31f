"""Worker: reads the traffic of its partitions, watches it, and acknowledges what is durable."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from time import time
from typing import Any

import structlog

from detectors.faults import parted
from detectors.need import Answer, Need
from detectors.plan import Plan
from schemas import formats
from schemas.signal import LARGEST, Signal, encode
from streams.asking import Asking
from streams.batches import RecordBatch, TopicPartition
from streams.outbox import Outbox
from streams.part import Part
from streams.partition import Partition
from streams.passage import Handled, Held, Reader, Ways
from streams.publisher import Letters
from streams.retention import Retention
from streams.rows import ledger, write_set
from streams.settings import Settings
from streams.settlements import Settlements
from streams.tally import Tally
from streams.writer import WriteSet

log = structlog.get_logger()

SAMPLES = 64  # records from which a topic's format is recognised
LEDGER = 10.0  # s between two looks at what running epochs have paid
PULSE = 1.0  # s between two signals of a partition that has nothing to say but that it is alive
LAST = 5.0  # s that a partition's task may take to end


class Worker(Part):
    """Partitions of one process: their tasks, and what lies between them and the world."""

    def __init__(
        self,
        settings: Settings,
        plan: Plan,
        *,
        outbox: Outbox,
        settlements: Settlements,
        retention: Callable[[TopicPartition], Retention],
        tally: Tally,
    ) -> None:
        self.settings, self.plan = settings, plan
        self.outbox, self.settlements = outbox, settlements
        self.retention, self.tally = retention, tally
        self.sources = {source.topic: source for source in settings.source}
        self.recognised: dict[str, str] = {}
        self.readers: dict[tuple[str, str], Reader] = {}
        self.partitions: dict[TopicPartition, Partition] = {}
        self.tasks: dict[TopicPartition, asyncio.Task[None]] = {}
        self.counts: dict[TopicPartition, Counter[str]] = {}
        self.pulses: dict[TopicPartition, float] = {}
        self.awaited: set[TopicPartition] = set()
        self.paid: dict[TopicPartition, list[dict[str, object]]] = {}
        self.asking = Asking(plan.classifiers, wait=settings.onnx.wait)
        self.clerk: asyncio.Task[None] | None = None

    def held(self, topic: str) -> dict[int, Held]:
        """The partitions of a topic that this worker has, and what holds them up."""
        return {tp.partition: partition.held for tp, partition in self.partitions.items() if tp.topic == topic}

    def kept(self) -> list[float | None]:
        """When the last snapshot of each partition was written."""
        return [partition.retention.kept for partition in list(self.partitions.values())]

    @property
    def repeated(self) -> int:
        """Records that a router wrote again, and that were not taken again."""
        return sum(partition.origins.repeated for partition in list(self.partitions.values()))

    # -- from Faust

    async def consume(self, stream: AsyncIterator[RecordBatch]) -> None:
        """Hand each slice to its partition."""
        async for batch in stream:
            partition = self.partitions.get(batch.tp)
            if partition is None:
                batch.release()
            else:
                await partition.enter(batch, self._reader(batch, partition))

    def _reader(self, batch: RecordBatch, partition: Partition) -> Reader:
        """How a partition is read: as it was read before, or in the format that the topic's first slices are in."""
        topic = batch.tp.topic
        source = self.sources[topic]
        name = source.form if source.form != "auto" else partition.reading or self.recognised.get(topic, "")
        if name not in formats.FORMATS:
            some = [raw for raw in batch.records if raw.value][:SAMPLES]
            rules = source.rules(self.settings.secret())
            found = formats.recognise([raw.value for raw in some if raw.value], rules, topic=topic, raws=some)
            name = self.recognised[topic] = found.name if found else next(iter(formats.FORMATS))
            if found and found.doubt:
                log.warning("format in doubt", topic=topic, problem=found.doubt, cure="set [[source]] format")
        if (topic, name) not in self.readers:
            log.info("reading", topic=topic, format=name)
            self.readers[topic, name] = Reader(
                name,
                formats.named(name),
                source.rules(self.settings.secret()),
                self.settings.limits.rules(),
                self.settings.kafka.max_skew,
                routed=topic == self.settings.kafka.topics.records,
            )
        return self.readers[topic, name]

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """Load the partition's snapshot, and go back to where it holds."""
        ways = Ways(self._ask, self._deliver, self._pause, self._resume, self.asking.read)
        partition = Partition(tp, self.plan.of(tp.topic), ways, self.retention(tp))
        offset = partition.restore(committed)
        self.partitions[tp] = partition
        log.info("partition", topic=tp.topic, partition=tp.partition, committed=committed, state_from=offset)
        return offset

    def _pause(self, tp: TopicPartition) -> None:
        if tp in self.partitions:
            self.pause(tp)

    def _resume(self, tp: TopicPartition) -> None:
        if tp in self.partitions:
            self.resume(tp)

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Start the partitions' tasks."""
        if self.clerk is None:
            self.clerk = asyncio.create_task(self._keep_ledger())
            self.clerk.add_done_callback(self.ended)
        for tp in tps:
            task = self.tasks[tp] = asyncio.create_task(self.partitions[tp].run())
            task.add_done_callback(self.ended)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep the snapshots that these commits make valid."""
        for tp, offset in offsets.items():
            if tp in self.partitions:
                self.partitions[tp].retention.committed(offset)

    def on_drain(self) -> None:
        """Give back what waits for a settlement; what can be finished will be acknowledged."""
        for partition in self.partitions.values():
            partition.leave()

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Stop the partitions' tasks, and hand over their state where all of it is committed."""
        for tp in tps:
            task, partition = self.tasks.pop(tp, None), self.partitions.pop(tp, None)
            self.paid.pop(tp, None)
            if task is not None:
                task.cancel()
                await asyncio.wait([task], timeout=LAST)
            committed = self.committed(tp)
            state = partition.final(committed) if partition else None
            if partition is not None and committed is not None and state is not None:
                await partition.retention.last(committed, state)

    async def _keep_ledger(self) -> None:
        """Write down now and then what the running epochs of each partition have paid, where that has changed."""
        while True:
            await asyncio.sleep(LEDGER)
            for tp, partition in list(self.partitions.items()):
                paid = partition.pipeline.running() if partition.pipeline.next_offset >= partition.muted else []
                if paid and paid != self.paid.get(tp):
                    self.paid[tp] = paid
                    await self.outbox.put(WriteSet({"ledger": ledger(paid, tp)}), Letters(), lambda: None)

    # -- from partitions

    async def _ask(self, need: Need, tp: TopicPartition, written: float) -> Answer:
        return await self.settlements.ask(need, tp.topic, tp.partition, written)

    async def _deliver(self, handled: Handled) -> None:
        """Make what came of a slice durable, publish it, then acknowledge the slice."""
        batch, outcome = handled.batch, handled.outcome
        told = [] if handled.muted else self._signals(handled)
        self.tally.handled(handled)
        rows = write_set(outcome, batch.tp, keep=self.settings.clickhouse.records)
        alerts = outcome.findings.alerts
        if handled.last:
            batch.forget()

        def done() -> None:
            for alert in alerts:
                log.info("alert", id=alert.id, threat=alert.threat, model=alert.model, principal=alert.principal)
            if handled.last:
                batch.ack()

        await self.outbox.put(rows, Letters(alerts, handled.rejects, told), done)

    def _signals(self, handled: Handled) -> list[Signal]:
        """Blocks that ended, what else the correlator must know, and now and then a sign of life.

        Faults of a model leave the alerts of the slice: other partitions find them too, and the correlator tells them.
        Each says its own time, earliest first, and only the last how far the partition has come: what came after would
        count as late. A partition of which it was said that there is more speaks again when it has come to the end.
        """
        tp, now = handled.batch.tp, handled.outcome.now
        topic, partition = tp
        counts = self.counts.setdefault(tp, Counter())
        for model, offsets, _ in handled.outcome.heard:
            counts[model] += len(offsets)
        last = handled.batch.next_offset - 1
        more = not handled.last or (self.log_end(tp) or 0) > handled.batch.next_offset
        own, faults = parted(handled.outcome.findings.alerts)
        found: list[tuple[float, dict[str, Any]]] = [(fault.time, {"fault": fault}) for fault in faults]
        for model, version, block in handled.outcome.blocks:
            found.append((block.last, {"block": block, "model": model, "version": version}))
        for model, version, sketch in handled.outcome.sketches:
            found.append((sketch.last, {"sketch": sketch, "model": model, "version": version}))
        for model, version, suspect in handled.outcome.suspects:
            found.append((suspect.time, {"suspect": suspect, "model": model, "version": version}))
        for model, version, late in handled.outcome.late:
            found.append((late.last, {"late": late, "model": model, "version": version}))
        made: list[Signal] = []
        for at, content in sorted(found, key=lambda each: each[0]):
            signal = Signal(topic=topic, partition=partition, time=min(at, now), offset=last, more=more, **content)
            if signal.fault is None or len(encode(signal)) <= LARGEST:
                made.append(signal)
            else:  # a client chose a name of many kilobytes
                own.append(signal.fault)
        handled.outcome.findings.alerts = own
        if made or time() - self.pulses.get(tp, 0.0) > PULSE or (tp in self.awaited and not more):
            self.pulses[tp] = time()
            (self.awaited.add if more else self.awaited.discard)(tp)
            made.append(Signal(topic=topic, partition=partition, time=now, offset=last, counts=dict(counts), more=more))
            counts.clear()
        return made
