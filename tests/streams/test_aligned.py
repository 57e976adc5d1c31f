"""A router with a backlog and a stand-in for the broker: what goes on when, is acknowledged, is given back."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from aiokafka.record.memory_records import MemoryRecords

from streams import aligned
from streams.aligned import QUEUED
from streams.batches import RecordBatch, TopicPartition
from streams.batches.ledger import Ledger
from streams.forwarder import Forwarder
from streams.origins import STEPS, origin
from streams.readers import Readers
from streams.router import Router
from streams.settings import Settings
from streams.settings.connections import Source
from tests.streams.rows import Row, delivered

A, B = TopicPartition("calls", 0), TopicPartition("calls", 1)
NOW = 1_767_571_200.0
HOUR = 3600.0


class Broker:
    """Takes batches as aiokafka's producer does, at once or when it is let."""

    def __init__(self) -> None:
        self.written: dict[int, list[tuple[str, int, float]]] = {}
        self.let = asyncio.Event()
        self.let.set()

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
        async def sent() -> None:
            await self.let.wait()
            for record in MemoryRecords(bytes(batch.data)).next_batch():
                said = origin(record)
                assert said is not None
                at = json.loads(record.value)["time"]
                self.written.setdefault(partition, []).append((said[0], said[1] >> STEPS, at))

        return sent()

    def read(self) -> list[float]:
        return [time for rows in self.written.values() for _, _, time in rows]


class Installed:
    """A router of two partitions."""

    def __init__(self, form: str, width: int) -> None:
        source = Source(topic="calls", format=form, routed=True)
        forwarder = Forwarder({})
        self.broker = Broker()
        forwarder.producer, forwarder.widths = self.broker, {"tidegate.records": width, "tidegate.halves": width}
        settings = Settings(source=[source])
        self.router = Router(settings, Readers(settings, [source]), forwarder)
        self.ledger = Ledger()
        self.ends: dict[TopicPartition, int | None] = {A: None, B: None}
        self.paused: set[TopicPartition] = set()
        self.errors: list[BaseException] = []
        self.router.log_end = lambda tp: self.ends[tp]
        self.router.committed = self.ledger.committed
        self.router.pause, self.router.resume = self.paused.add, self.paused.discard
        self.router.fail = self.errors.append
        self.router.lag = lambda tp: None
        self.tasks: list[asyncio.Task[None]] = []

    def assign(self, *tps: TopicPartition) -> None:
        self.ledger.open(tps)
        self.router.begin(set(tps))
        self.router.reached |= dict.fromkeys(tps, 0.0)

    async def reads(self, tp: TopicPartition, first: int, times: list[float]) -> RecordBatch:
        rows = [Row(first + i, value(time, first + i), timestamp=int(time * 1000)) for i, time in enumerate(times)]
        batch = delivered(self.ledger, tp, rows)
        self.ledger.take(batch.receipt)

        async def one() -> Any:
            yield batch

        await asyncio.wait_for(self.router.consume(one()), 5)
        await asyncio.sleep(0.01)
        return batch


def value(time: float, number: int) -> bytes:
    return json.dumps({"id": f"r{number}", "time": time, "principal": f"u-{number}", "model": "m", "features": [1.0],
                       "probabilities": [0.5, 0.5]}).encode()  # fmt: skip


def hours(first: float, last: float, step: float = 1.0) -> list[float]:
    return [NOW + HOUR * (first + i * step) for i in range(int((last - first) / step) + 1)]


@pytest.fixture(params=["native", "auto"])
async def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(aligned, "LOOK", 0.01)
    one = Installed(request.param, 1)
    one.assign(A, B)
    yield one
    assert one.router._looking is not None
    one.router._looking.cancel()
    assert one.errors == []


async def settled(true: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # nothing is told of a task's end
            await asyncio.sleep(0.01)


async def test_a_day_of_one_partition_does_not_go_on_before_the_first_hour_of_another(made: Installed):
    await made.reads(A, 0, hours(0, 24))
    assert made.broker.read() == []
    await made.reads(B, 0, hours(0.5, 24.5))
    read = made.broker.read()
    assert read == sorted(read)
    assert len(read) == 25 + 24
    made.ends[A] = 25
    await settled(lambda: len(made.broker.read()) == 50)
    made.ends[B] = 25
    assert made.broker.read() == sorted(made.broker.read())
    assert made.ledger.committable(A) == made.ledger.committable(B) == 25


async def test_live_traffic_waits_for_nobody_not_even_for_history_that_is_loaded_meanwhile(
    made: Installed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aligned, "time", lambda: NOW + 60.0)
    made.ends |= {A: 1, B: 1}
    await made.reads(A, 0, [NOW - 40 * HOUR])
    await made.reads(B, 0, [NOW - 30 * HOUR])
    made.ends |= {A: 900, B: 4}
    await made.reads(A, 1, hours(-40, -20))
    await made.reads(B, 1, [NOW - 1, NOW - 2, NOW])
    assert made.ledger.committable(B) == 4


async def test_what_is_read_to_its_end_is_not_waited_for(made: Installed):
    made.ends |= {A: 3, B: 0}
    await made.reads(A, 0, hours(0, 48, 24))
    assert len(made.broker.read()) == 3
    assert made.ledger.committable(A) == 3


async def test_a_partition_whose_broker_is_away_is_not_waited_for_after_a_while(
    made: Installed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aligned, "LOST", 0.3)
    made.ends |= {A: 3, B: 700}
    await made.reads(A, 0, hours(0, 48, 24))
    assert made.broker.read() == []
    await settled(lambda: made.ledger.committable(A) == 3)


async def test_what_waits_takes_nobody_elses_place_and_no_more_of_it_is_fetched(made: Installed):
    for number in range(12):
        await made.reads(A, 3 * number, hours(number, number + 0.5, 0.25))
    assert made.broker.read() == []
    assert made.paused == {A}
    assert len(made.router.alignment.waiting(A)) > QUEUED
    await made.reads(B, 0, hours(0, 12))
    assert made.broker.read() == sorted(made.broker.read())
    made.ends |= {A: 36, B: 13}
    await settled(lambda: len(made.broker.read()) == 49)
    await settled(lambda: not made.paused)
    assert made.broker.read() == sorted(made.broker.read())


async def test_nothing_is_acknowledged_before_all_of_it_went_on(made: Installed):
    made.ends |= {A: 3, B: 0}
    made.broker.let.clear()
    batch = await made.reads(A, 0, hours(0, 2))
    assert not batch.receipt.done
    assert made.ledger.committable(A) is None
    made.broker.let.set()
    await settled(lambda: made.ledger.committable(A) == 3)


async def test_a_rebalance_gives_back_what_waits_and_whoever_has_it_next_sends_it_again(made: Installed):
    first, second = await made.reads(A, 0, hours(0, 24)), await made.reads(B, 0, hours(0, 2))
    assert 0 < len(made.broker.read()) < 28
    made.router.on_drain()
    assert made.ledger.in_hand == 0
    assert not first.receipt.done
    assert second.receipt.done
    late = await made.reads(A, 25, hours(25, 26))
    assert not late.receipt.live
    await made.router.on_revoked({A, B})
    made.ledger.close([A, B])
    made.assign(A)
    made.ends |= {A: 27}
    await made.reads(A, 0, hours(0, 24))
    await made.reads(A, 25, hours(25, 26))
    places = [place for name, place, _ in made.broker.written[0] if name == "from:calls/0"]
    assert places[-27:] == list(range(27))
    assert made.ledger.committable(A) == 27


async def test_a_slice_that_was_fetched_before_a_rebalance_does_not_overtake_what_comes_again(made: Installed):
    old = delivered(made.ledger, A, [Row(50, value(NOW, 50), timestamp=int(NOW * 1000))])
    made.ledger.open([A])

    async def one() -> Any:
        yield old

    made.ends |= {A: 51, B: 0}
    await made.router.consume(one())
    await asyncio.sleep(0.05)
    assert made.broker.read() == []


@pytest.mark.parametrize("lie", [0.0, 4_070_908_800.0], ids=["1970", "2099"])
async def test_a_liar_delays_nobody(made: Installed, lie: float):
    times = hours(0, 23.75, 0.25)
    await made.reads(A, 0, [*times[:40], lie, *times[41:]])
    await made.reads(B, 0, times)
    honest = [time for time in made.broker.read() if time != lie]
    assert len(honest) > 150
    assert max(past - now for past, now in pairwise(honest)) <= 2 * HOUR
    made.ends |= {A: 96, B: 96}
    await settled(lambda: made.ledger.committable(A) == made.ledger.committable(B) == 96)


async def test_portions_of_one_slice_on_their_way_to_several_partitions_count_when_the_last_is_there():
    made = Installed("native", 5)
    made.assign(A, B)
    first, second = await made.reads(A, 0, hours(0, 24)), await made.reads(B, 0, hours(0, 24))
    made.ends |= {A: 25, B: 25}
    await settled(lambda: first.receipt.done and second.receipt.done)
    for rows in made.broker.written.values():
        assert [time for _, _, time in rows] == sorted(time for _, _, time in rows)
        for name in ("from:calls/0", "from:calls/1"):
            places = [place for one, place, _ in rows if one == name]
            assert places == sorted(set(places))
    assert sum(map(len, made.broker.written.values())) == 50
    assert made.router._looking is not None
    made.router._looking.cancel()


async def test_live_slices_wait_until_every_partition_was_read_to_where_it_ended(
    made: Installed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aligned, "time", lambda: NOW + 60.0)
    made.ends |= {A: 30, B: 2}
    await made.reads(B, 0, [NOW, NOW + 1])
    assert made.broker.read() == []
    await made.reads(A, 0, [NOW - HOUR])
    assert made.broker.read() == [NOW - HOUR]


async def test_a_partition_is_no_further_than_the_oldest_message_of_it_that_waits(made: Installed):
    times = hours(0, 9)
    shuffled = [times[0], times[2], times[1], *times[3:7], times[4] + 60, *times[7:]]
    await made.reads(A, 0, shuffled)
    assert made.router.progress()["calls/0"] == 0.0
    await made.reads(B, 0, hours(0, 3.5, 0.5))
    went = len([1 for name, _, _ in made.broker.written[0] if name == "from:calls/0"])
    assert 0 < went < len(shuffled)
    assert made.router.progress()["calls/0"] <= min(shuffled[went:])
