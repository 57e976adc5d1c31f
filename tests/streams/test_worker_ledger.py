"""What running epochs have paid is written down while they run, where it has changed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import pytest

from detectors import stage
from detectors.plan import Plan
from schemas.formats import native
from streams.batches import TopicPartition
from streams.dead_letters import DeadLetters
from streams.deposits import MemoryDeposits
from streams.outbox import Outbox
from streams.partition import Partition
from streams.passage import Ways
from streams.publisher import Publisher
from streams.retention import Retention
from streams.scan import drive
from streams.settings import Settings
from streams.settlements import Settlements
from streams.sinks.memory import Memory
from streams.tally import Tally
from streams.worker import Worker
from streams.writer import Writer

TP = TopicPartition("traffic", 3)
PLAN = Plan(secret=b"x", alerts_per_day=4.0)


def lines() -> list[bytes]:
    made = []
    for number in range(2):
        day = stage.day(number, stage.customers())
        made += [
            msgspec.json.encode(
                {"id": f"{number}-{i}", "time": float(day.time[i]), "model": "loan", "version": "1",
                 "principal": day.names[day.code[i]], "features": day.features[i].astype(float).tolist(),
                 "probabilities": day.probabilities[i].astype(float).tolist()}
            )
            for i in np.argsort(day.time, kind="stable")
        ]  # fmt: skip
    return made


@pytest.fixture(scope="module")
def records():
    values = lines()
    reading = native.read_many(values, list(range(len(values))))
    return reading.records, reading.offsets


async def nothing(*_):
    raise AssertionError("nobody asks for anything here")


def worker(sink: Memory) -> tuple[Worker, Outbox]:
    writer = Writer(sink, dead_letters=DeadLetters(None), seconds=0.0, calm=0.0)
    outbox = Outbox(writer, Publisher({}, alerts="a", rejects="r", signals="s"))
    settlements = Settlements(MemoryDeposits(), PLAN, wait=0.0, standing=None, local=dict)
    thread = ThreadPoolExecutor(1)
    made = Worker(Settings(), PLAN, outbox=outbox, settlements=settlements, tally=Tally(),
                  retention=lambda tp: Retention(None, tp, interval=1.0, thread=thread))  # fmt: skip
    ways = Ways(nothing, nothing, lambda tp: None, lambda tp: None, nothing)
    made.partitions[TP] = Partition(TP, PLAN, ways, made.retention(TP))
    return made, outbox


async def test_what_is_paid_is_written_when_it_has_changed_and_not_while_state_is_rebuilt(records, monkeypatch):
    monkeypatch.setattr("streams.worker.LEDGER", 0.02)
    sink, (rows, offsets) = Memory(), records
    made, outbox = worker(sink)
    outbox.writer.start()
    pipeline, half = made.partitions[TP].pipeline, int(len(rows) * 0.7)
    clerk = asyncio.create_task(made._keep_ledger())
    made.partitions[TP].muted = half + 1
    drive(pipeline, rows[:half], offsets[:half])
    await asyncio.sleep(0.2)
    assert "ledger" not in sink.tables
    made.partitions[TP].muted = half
    await asyncio.sleep(0.3)
    first = len(sink.tables["ledger"])
    assert {row["kind"] for row in sink.tables["ledger"]} == {"running"}
    assert {(row["topic"], row["partition"], row["epoch"]) for row in sink.tables["ledger"]} == {(*TP, 2)}
    assert first == len(pipeline.running())
    drive(pipeline, rows[half:], offsets[half:])
    await asyncio.sleep(0.3)
    assert len(sink.tables["ledger"]) == 2 * first
    clerk.cancel()
    await outbox.writer.close()
