"""Halves of a backlog, joined on several partitions: their calls go on together in time."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.record.memory_records import MemoryRecords

from schemas.formats import calls
from schemas.formats.exchange import Exchange
from schemas.formats.reading import Half
from schemas.formats.rules import SOURCE
from streams import aligned
from streams.batches import RecordBatch, TopicPartition
from streams.batches.ledger import Ledger
from streams.forwarder import Forwarder
from streams.origins import STEPS, origin
from streams.pairing import PairingAgent
from streams.settings import Settings
from tests.streams.rows import delivered
from tests.streams.test_aligned import Broker, settled

A, B = TopicPartition("tidegate.halves", 0), TopicPartition("tidegate.halves", 1)
START, HOUR = 1_767_571_200.0, 3600.0


def halves(number: int, time: float) -> list[Any]:
    """The request and the answer of a call, as a router wrote them today though the log is old."""
    made = []
    for k, (kind, row) in enumerate((("request", {"features": [1.0]}), ("response", {"probabilities": [0.5, 0.5]}))):
        exchange = Exchange({"id": f"r{number}", "model": "m", "time": time}, [row], kind, f"k{number}")
        content = calls.content(Half(exchange, number, time, 0, "u-1"), "source")
        place, stamp = (2 * number + k) << STEPS, int((START + 1000 * HOUR) * 1000)
        said = place.to_bytes(8, "big") + stamp.to_bytes(8, "big")
        made.append(
            SimpleNamespace(
                offset=2 * number + k, key=content.key.encode(), value=calls.packed(content), timestamp=stamp,
                headers=[("from:source/0", said)],
            )
        )  # fmt: skip
    return made


class Joined(Broker):
    """Keeps the times of records in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
        async def sent() -> None:
            records = list(MemoryRecords(bytes(batch.data)).next_batch())
            assert all(origin(one) is not None for one in records)
            self.times += [json.loads(one.value)["time"] for one in records]

        return sent()


class Agent:
    def __init__(self) -> None:
        forwarder, self.broker, self.ledger = Forwarder({}), Joined(), Ledger()
        forwarder.producer, forwarder.widths = self.broker, {"tidegate.records": 1, "tidegate.halves": 2}
        kept = SimpleNamespace(read=lambda: None, take=lambda *_, **__: None)
        self.agent = PairingAgent(Settings(), {"source": SOURCE}, forwarder, lambda tp: kept)
        self.agent.committed, self.agent.log_end = self.ledger.committed, lambda tp: 0
        self.agent.pause = self.agent.resume = lambda tp: None
        self.errors: list[BaseException] = []
        self.agent.fail = self.errors.append
        self.ledger.open([A, B])
        for tp in (A, B):
            self.agent.resume_offset(tp, None)
        self.agent.begin({A, B})

    async def reads(self, tp: TopicPartition, first: int, times: list[float]) -> RecordBatch:
        batch = delivered(self.ledger, tp, [each for i, t in enumerate(times) for each in halves(first + i, t)])

        async def one() -> AsyncIterator[RecordBatch]:
            yield batch

        await asyncio.wait_for(self.agent.consume(one()), 5)
        await asyncio.sleep(0.02)
        return batch


@pytest.fixture
async def made(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Agent]:
    monkeypatch.setattr(aligned, "LOOK", 0.01)
    one = Agent()
    yield one
    assert one.agent._looking is not None
    one.agent._looking.cancel()
    assert one.errors == []


def hours(first: float, count: int) -> list[float]:
    return [START + HOUR * (first + i) for i in range(count)]


async def test_calls_of_one_partition_wait_for_those_of_another_that_routers_are_about_to_write(made: Agent):
    await made.reads(A, 0, hours(0, 24))
    assert made.broker.times == []
    await made.reads(B, 0, hours(0.5, 24))
    assert len(made.broker.times) > 40
    assert made.broker.times == sorted(made.broker.times)


async def test_they_do_not_wait_for_long_where_routers_write_nothing_more(made: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PairingAgent, "grace", 0.2)
    batch = await made.reads(A, 0, hours(0, 24))
    assert made.broker.times == []
    await settled(lambda: batch.receipt.done)
    assert made.broker.times == hours(0, 24)


async def test_calls_of_today_do_not_wait(made: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aligned, "time", lambda: START + HOUR)
    batch = await made.reads(A, 0, [START + HOUR - 2, START + HOUR - 1])
    await settled(lambda: batch.receipt.done)
    assert len(made.broker.times) == 2
