"""A topic of feedback of its own: no burn-in, no settlement, state that survives, late labels for the correlator."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import pytest
from aiokafka.structs import ConsumerRecord

from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.feedback import FEEDBACK
from schemas.formats import LIMITS, Source, native
from schemas.signal import Signal, decode, encode
from streams.batches import TopicPartition
from streams.batches.delivery import RecordBatch
from streams.partition import Partition
from streams.passage import Reader, Ways
from streams.retention import Retention
from streams.rows import write_set
from streams.scan import drive

TP = TopicPartition("feedback", 2)
PLAN = Plan(secret=b"feedback")
SAYS = Source(phase=FEEDBACK)


@pytest.fixture(scope="module")
def values():
    """Two kinds of inputs, forty contributors and one who flips; from the middle on the model is often wrong."""
    rng, made = np.random.default_rng(3), []
    for i in range(3600):
        truth = int(rng.integers(0, 2))
        bad = rng.random() < 0.02
        right = 0.95 if i < 1800 else 0.6
        answer = truth if rng.random() < right else 1 - truth
        row = {
            "id": f"f{i}", "time": 1.7675712e9 + 30 * i, "model": "shop", "version": "4",
            "principal": "flipper" if bad else f"c{rng.integers(0, 40)}", "label": 1 - truth if bad else truth,
            "features": np.round(rng.normal(3.0 * truth, 0.7, 3), 3).tolist(),
            "probabilities": [0.9, 0.1] if answer == 0 else [0.1, 0.9],
        }  # fmt: skip
        made.append(msgspec.json.encode(row))
    return made


def raw(offset, value):
    return ConsumerRecord(TP.topic, TP.partition, offset, 4_000_000_000_000, 0, None, value, None, 0, len(value), ())


async def nobody(*_):
    raise AssertionError("feedback needs no settlement")


async def through(values, start=0, state=None):
    """Alerts and blocks of late labels of a partition, and its state at the end."""
    found, blocks, done = [], [], asyncio.Event()

    async def deliver(handled):
        found.extend(handled.outcome.findings.alerts)
        blocks.extend(handled.outcome.late)
        if handled.last and handled.batch.records[-1].offset == start + len(values) - 1:
            done.set()

    with ThreadPoolExecutor(1) as thread:
        retention = Retention(None, TP, interval=60.0, thread=thread)
        partition = Partition(TP, PLAN, Ways(nobody, deliver, lambda _: None, lambda _: None, nobody), retention)
        if state is not None:
            partition._load(state)
        running = asyncio.create_task(partition.run())
        reader = Reader("native", native, SAYS, LIMITS, 1e12)
        for a in range(0, len(values), 500):
            part = [raw(start + a + k, value) for k, value in enumerate(values[a : a + 500])]
            await partition.enter(RecordBatch(TP, part), reader)
        await asyncio.wait_for(done.wait(), 120)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return found, blocks, partition._state()


async def test_a_topic_of_feedback_names_the_contributor_without_any_settlement(values):
    found, blocks, _ = await through(values)
    assert [(a.principal, a.threat, a.version) for a in found] == [("flipper", "poisoning", "4")]
    assert len(blocks) > 20
    assert {(model, version) for model, version, _ in blocks} == {("shop", "4")}


async def test_a_partition_that_moves_to_another_worker_goes_on_as_if_nothing_had_happened(values):
    whole = await through(values)
    first, before, state = await through(values[:1000])
    second, after, end = await through(values[1000:], 1000, state)
    assert [msgspec.json.encode(a) for a in first + second] == [msgspec.json.encode(a) for a in whole[0]]
    assert before + after == whole[1]
    assert end == whole[2]


async def test_late_labels_travel_as_signals(values):
    _, blocks, _ = await through(values)
    model, version, block = blocks[0]
    signal = Signal(topic=TP.topic, partition=2, time=block.last, late=block, model=model, version=version)
    assert decode(encode(signal)) == signal


def test_the_table_of_records_holds_traffic_only(values):
    reading = native.read_many(values[:50], range(50), source=SAYS)
    outcome = drive(Pipeline(PLAN), reading.records, reading.offsets)
    assert outcome.findings.judged
    assert "records" not in write_set(outcome, TP, keep="full").tables
