"""The correlator's agent: slices of signals in, durable and published alerts out, state that outlives it."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
import pytest
from confluent_kafka import Consumer

from detectors import blocks
from detectors.correlator import Correlator
from detectors.features.tails import TAILS
from schemas.signal import Signal, encode
from streams.batches import Hooks, RecordBatch, TopicPartition
from streams.batches.ledger import Ledger
from streams.correlator import CorrelatorAgent
from streams.dead_letters import DeadLetters
from streams.embedded import EmbeddedBroker
from streams.outbox import Outbox
from streams.publisher import Publisher
from streams.retention import Retention
from streams.roles import ByTopic
from streams.sinks.embedded import Embedded
from streams.sinks.memory import Memory
from streams.sinks.migrations import migrate
from streams.snapshots import Snapshots
from streams.tally import Tally
from streams.writer import Writer
from tests.streams.rows import slices, stream

START, DAY = 1.75e9, 86400.0
TP = TopicPartition("tidegate.signals", 0)


def signals(days: float = 3.0, move: float = 0.6) -> list[Signal]:
    r = np.random.default_rng(1)
    n = int(days * 3000)
    time = START + np.sort(r.uniform(0, days * DAY, n))
    tails = r.exponential(0.4, (n, len(TAILS)))
    tails[time > START + days * DAY / 2, 0] += move
    columns = {
        "tails": tails.astype(np.float32),
        "label": r.integers(0, 3, n).astype(np.int32),
        "confidence": r.beta(9, 1, n).astype(np.float32),
        "u": r.integers(-256, 256, (n, 32)).astype(np.int16),
    }
    state, block = np.zeros(30, blocks.state), np.zeros(1, blocks.open_block)
    names, z = [f"u-{k}" for k in range(30)], np.zeros((n, blocks.WIDTH), np.float32)
    ended = blocks.collect(columns, r.integers(0, 30, n), time, z, state, block, names=names)
    made = [one.block for one in ended]
    return [Signal(topic="traffic", partition=0, time=b.last, block=b, model="fraud", version="1") for b in made]


SIGNALS = signals()


@pytest.fixture(scope="module")
def broker():
    with EmbeddedBroker(topics={"tidegate.alerts": 1, "tidegate.rejects": 1, "tidegate.signals": 1}) as broker:
        yield broker


@asynccontextmanager
async def agent(broker, tmp_path, *, sink=None, now=lambda: 0.0, **options):
    writer = Writer(sink or Memory(), dead_letters=DeadLetters(None))
    publisher = Publisher(
        {"bootstrap_servers": broker.bootstrap},
        alerts="tidegate.alerts",
        rejects="tidegate.rejects",
        signals="tidegate.signals",
    )
    outbox, store = Outbox(writer, publisher), Snapshots(tmp_path, key=b"k" * 32)
    await outbox.start()
    publishing = asyncio.create_task(outbox.run())
    thread = ThreadPoolExecutor(1)
    made = CorrelatorAgent(
        Correlator,
        outbox=outbox,
        retention=lambda tp: Retention(store, tp, interval=0.0, thread=thread),
        tally=Tally(),
        sources={"traffic": {0}},
        now=now,
        **options,
    )
    made.committed = lambda tp: made.desks[tp].next_offset if tp in made.desks else None
    try:
        yield made
    finally:
        await made.on_revoked(set(made.desks))
        publishing.cancel()
        await publisher.stop()
        await writer.close()
        thread.shutdown()


async def acknowledged(batches: list[RecordBatch]) -> None:
    for _ in range(3000):
        if all(batch.receipt.done for batch in batches):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not acknowledged within 30 s")


def published(broker, number: int) -> list[dict]:
    consumer = Consumer(
        {"bootstrap.servers": broker.bootstrap, "group.id": "soc", "auto.offset.reset": "earliest", "log_level": 0}
    )
    consumer.subscribe(["tidegate.alerts"])
    found = []
    for _ in range(150):
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            found.append(json.loads(message.value()))
        if len(found) >= number:
            break
    consumer.close()
    return found


async def test_signals_become_a_durable_and_published_alert_before_they_are_acknowledged(broker, tmp_path):
    sink, ledger = Memory(), Ledger()
    ledger.open([TP])
    async with agent(broker, tmp_path, sink=sink) as made:
        made.resume_offset(TP, None)
        await made.on_assigned({TP})
        values: list[bytes | None] = [encode(s) for s in SIGNALS]
        values[3:3] = [b"\xff junk", None]
        batches = slices(ledger, TP, values)
        await made.consume(stream(batches))
        await acknowledged(batches)
        assert made.unread == 2
    (alert,) = sink.tables["alerts"]
    assert alert["threat"] == "drift_input"
    assert len(sink.tables["signals"]) == len(SIGNALS)
    assert sink.tables["signals"][-1]["voices"] == SIGNALS[-1].block.voices
    assert [a["id"] for a in published(broker, 1)] == [alert["id"]]


@pytest.mark.parametrize("cut", [1, 5])
async def test_another_process_goes_on_from_the_snapshot(broker, tmp_path, cut):
    values: list[bytes | None] = [encode(s) for s in SIGNALS]
    sinks = Memory(), Memory()
    ledger = Ledger()
    ledger.open([TP])
    async with agent(broker, tmp_path, sink=sinks[0]) as first:
        first.resume_offset(TP, None)
        batches = slices(ledger, TP, values)
        await first.consume(stream(batches[:cut]))
        first.on_committed({TP: batches[cut - 1].next_offset})
        await acknowledged(batches[:cut])
    async with agent(broker, tmp_path, sink=sinks[1]) as second:
        offset = second.resume_offset(TP, batches[cut - 1].next_offset)
        assert offset is not None
        assert 0 < offset <= batches[cut - 1].next_offset
        rest = slices(ledger, TP, values[offset:], start=offset)
        await second.consume(stream(rest))
        await acknowledged(rest)
    found = [row["id"] for sink in sinks for row in sink.tables.get("alerts", [])]
    assert len(found) == 1


async def test_signals_handled_before_only_rebuild_state(broker, tmp_path):
    sink, ledger = Memory(), Ledger()
    ledger.open([TP])
    values: list[bytes | None] = [encode(s) for s in SIGNALS]
    async with agent(broker, tmp_path, sink=sink) as made:
        assert made.resume_offset(TP, len(values)) == 0
        batches = slices(ledger, TP, values)
        await made.consume(stream(batches))
        await acknowledged(batches)
    assert "alerts" not in sink.tables


async def test_without_a_snapshot_all_signals_are_read_again(broker, tmp_path):
    async with agent(broker, tmp_path) as made:
        assert made.resume_offset(TP, 500) == 0
        assert made.resume_offset(TP, None) is None


async def test_a_snapshot_that_somebody_else_wrote_is_not_loaded(broker, tmp_path):
    Snapshots(tmp_path, key=b"x" * 32).write(*TP, 7, b"state")
    async with agent(broker, tmp_path) as made:
        assert made.resume_offset(TP, 500) == 0
    Snapshots(tmp_path, key=b"k" * 32).write(*TP, 7, b"state")
    async with agent(broker, tmp_path) as made:
        assert made.resume_offset(TP, 500) == 0


async def test_silence_is_said_while_nothing_arrives(broker, tmp_path):
    sink, ledger, clock = Memory(), Ledger(), [0.0]
    ledger.open([TP])
    async with agent(broker, tmp_path, sink=sink, now=lambda: clock[0], tick=0.05, behind=0.01) as made:
        made.resume_offset(TP, None)
        await made.on_assigned({TP})
        pulses = [encode(Signal(topic="traffic", partition=0, time=START + 60.0 * k)) for k in range(1600)]
        await made.consume(stream(slices(ledger, TP, list(pulses), size=200)))
        clock[0] = 1e6
        for _ in range(100):
            await asyncio.sleep(0.05)
            if sink.tables.get("alerts"):
                break
    (alert,) = sink.tables["alerts"]
    assert alert["threat"] == "source_silent"


async def test_blocks_fit_the_table_they_are_kept_in(broker, tmp_path):
    sink = Embedded(tmp_path / "db")
    migrate(sink)
    ledger = Ledger()
    ledger.open([TP])
    try:
        async with agent(broker, tmp_path, sink=sink) as made:
            made.resume_offset(TP, None)
            batches = slices(ledger, TP, [encode(s) for s in SIGNALS[:30]])
            await made.consume(stream(batches))
            await acknowledged(batches)
        (row,) = sink.execute("SELECT count() AS n, max(number) AS last, any(length(moved)) AS k FROM tidegate.signals")
    finally:
        sink.close()
    assert (int(row["n"]), int(row["last"]), int(row["k"])) == (30, 30, len(blocks.NAMES))


class Agent(Hooks):
    def __init__(self) -> None:
        self.told: list[object] = []

    def resume_offset(self, tp, committed):
        self.told.append(("resume", tp, committed))
        return 7

    async def on_assigned(self, tps):
        self.told.append(("assigned", tps))

    def on_committed(self, offsets):
        self.told.append(("committed", dict(offsets)))

    def on_drain(self):
        self.told.append("drain")

    async def on_revoked(self, tps):
        self.told.append(("revoked", tps))

    def on_stopped(self):
        self.told.append("stopped")


async def test_each_agent_hears_of_its_own_topics_only():
    traffic, signal = Agent(), Agent()
    both = ByTopic({"a": traffic, "b": traffic, "tidegate.signals": signal})
    a, b = TopicPartition("a", 0), TopicPartition("b", 1)
    assert both.resume_offset(a, 3) == 7
    await both.on_assigned({a, b, TP})
    both.on_committed({a: 4, TP: 9})
    both.on_drain()
    await both.on_revoked({TP})
    both.on_stopped()
    assert traffic.told == [
        ("resume", a, 3),
        ("assigned", {a, b}),
        ("committed", {a: 4}),
        "drain",
        "stopped",
    ]
    assert signal.told == [("assigned", {TP}), ("committed", {TP: 9}), "drain", ("revoked", {TP}), "stopped"]
