"""Partitions whose rows classifiers are asked about together come to the same alerts as one that asks alone."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
from aiokafka.structs import ConsumerRecord

from schemas.formats import LIMITS, SOURCE, native
from streams.asking import Asking
from streams.batches import TopicPartition
from streams.batches.delivery import RecordBatch
from streams.partition import Partition
from streams.passage import Reader, Ways
from streams.retention import Retention
from streams.settlements import answer
from tests.streams.test_classifiers import NAME, configured, files, run, undisturbed  # noqa: F401 - fixtures

READER = Reader("native", native, SOURCE, LIMITS, 1e12)


async def one(lines, plan, number, asking, thread):
    """Alerts of a partition that reads all lines."""
    found, done, tp = [], asyncio.Event(), TopicPartition("traffic", number)

    async def ask(need, tp, written):
        await asyncio.sleep(0.01)
        return answer(need, [need.payload], plan)

    async def deliver(handled):
        found.extend(handled.outcome.findings.alerts)
        if handled.last and handled.batch.records[-1].offset == len(lines) - 1:
            done.set()

    ways = Ways(ask, deliver, lambda _: None, lambda _: None, asking.read)
    partition = Partition(tp, plan, ways, Retention(None, tp, interval=60.0, thread=thread))
    running = asyncio.create_task(partition.run())
    for a in range(0, len(lines), 700):
        await partition.enter(slice_of(lines[a : a + 700], a, tp), READER)
    await asyncio.wait_for(done.wait(), 120)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return [msgspec.json.encode(alert) for alert in found]


def slice_of(values, first, tp):
    late = 4_000_000_000_000
    return RecordBatch(tp, [
        ConsumerRecord(tp.topic, tp.partition, first + i, late, 0, None, value, None, 0, len(value), ())
        for i, value in enumerate(values)
    ])  # fmt: skip


async def test_two_partitions_at_once_say_what_one_alone_says(files, undisturbed):  # noqa: F811 - fixtures
    folder, lines = files
    plan = configured(folder)
    asking = Asking(plan.classifiers, wait=0.02)
    with ThreadPoolExecutor(1) as thread:
        both = await asyncio.gather(*(one(lines, plan, number, asking, thread) for number in range(2)))
    expected = [msgspec.json.encode(alert) for alert in undisturbed[0]]
    assert both == [expected, expected]
    assert any(NAME.encode() in alert for alert in expected)
    assert asking.asked == 2 * len(lines)
    assert asking.rounds < 2 * -(-len(lines) // 700)
