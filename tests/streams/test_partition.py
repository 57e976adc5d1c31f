"""A partition whose model versions wait for settlements comes to the same whoever is slow."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import pytest
from aiokafka.structs import ConsumerRecord

from detectors import scenarios, stage
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.formats import LIMITS, SOURCE, native
from streams.batches import TopicPartition
from streams.batches.delivery import RecordBatch
from streams.partition import Partition
from streams.passage import Reader, Ways
from streams.retention import Retention
from streams.scan import drive
from streams.settlements import answer

TP = TopicPartition("traffic", 0)
DAY = 86_400.0


@pytest.fixture(scope="module")
def plan():
    return Plan(alerts_per_day=5.0, secret=b"test", burn_in=DAY, max_principals=500)


@pytest.fixture(scope="module")
def values():
    """Two days; version 2 answers from shortly after the burn-in of version 1."""
    made, start = [], None
    for number in range(2):
        day = stage.day(number, stage.customers() + [("fuzzer", scenarios.fuzzing)] * number)
        start = start or float(day.time.min())
        for i in range(len(day.time)):
            time = float(day.time[i])
            row = {
                "id": f"{number}-{i}", "time": time, "model": "loan",
                "version": "2" if time > start + 1.02 * DAY else "1", "principal": day.names[day.code[i]],
                "features": day.features[i].astype(float).tolist(),
                "probabilities": day.probabilities[i].astype(float).tolist(),
            }  # fmt: skip
            made.append(msgspec.json.encode(row))
    return made


async def through(values, plan, slow, slices):
    """Alerts of a partition whose settlements take ``slow`` s."""
    found, done = [], asyncio.Event()

    async def unasked(batches):
        raise AssertionError("there are no classifiers")

    async def ask(need, tp, written):
        await asyncio.sleep(slow)
        return answer(need, [need.payload], plan)

    async def deliver(handled):
        found.extend(handled.outcome.findings.alerts)
        if handled.last and handled.batch.records[-1].offset == len(values) - 1:
            done.set()

    with ThreadPoolExecutor(1) as thread:
        retention = Retention(None, TP, interval=60.0, thread=thread)
        partition = Partition(TP, plan, Ways(ask, deliver, lambda _: None, lambda _: None, unasked), retention)
        running = asyncio.create_task(partition.run())
        reader = Reader("native", native, SOURCE, LIMITS, 1e12)
        for a in range(0, len(values), slices):
            part = [raw(a + k, value) for k, value in enumerate(values[a : a + slices])]
            await partition.enter(RecordBatch(TP, part), reader)
        await asyncio.wait_for(done.wait(), 120)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return sorted(msgspec.json.encode(alert) for alert in found)


def raw(offset, value):
    return ConsumerRecord(TP.topic, TP.partition, offset, 4_000_000_000_000, 0, None, value, None, 0, len(value), ())


@pytest.mark.parametrize(("slow", "slices"), [(0.0, 700), (0.3, 150)])
async def test_a_version_waits_for_what_it_may_inherit_however_long_that_takes(values, plan, slow, slices):
    reading = native.read_many(values, range(len(values)))
    alone = drive(Pipeline(plan), reading.records, reading.offsets).findings.alerts
    assert {alert.version for alert in alone if alert.verdict == "attack"} >= {"2"}
    assert await through(values, plan, slow, slices) == sorted(msgspec.json.encode(alert) for alert in alone)
    assert np.isfinite([alert.score for alert in alone]).all()
