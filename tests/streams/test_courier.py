"""The agent of the role outlets: slices of the alerts topic, acknowledged once every receiver has them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from schemas.exports import jsonl
from streams.batches import RecordBatch, TopicPartition
from streams.batches.ledger import Ledger
from streams.courier import AHEAD, Courier
from streams.dead_letters import DeadLetters
from streams.outlets.webhook import Webhook
from streams.pauses import Pauses
from tests.streams.outlets.receiver import HANG, Receiver, alert
from tests.streams.rows import slices, stream

TP = TopicPartition("tidegate.alerts", 0)
ALERTS = [jsonl.encode(alert(number)) for number in range(60)]


def read(ledger: Ledger, values: Sequence[bytes | None]) -> AsyncIterator[RecordBatch]:
    """The slices of a stream, taken before the agent sees them."""
    made = slices(ledger, TP, values, size=10)
    for batch in made:
        ledger.take(batch.receipt)
    return stream(made)


def webhook(url: str, tmp_path, name: str = "soc", **options) -> Webhook:
    options = {"pauses": lambda: Pauses(first=0.001, largest=0.01)} | options
    return Webhook(name=name, url=url, key=None, dead_letters=DeadLetters(tmp_path / f"{name}.jsonl"), **options)


@asynccontextmanager
async def courier(*outlets: Webhook):
    made, ledger = Courier(outlets), Ledger()
    made.fail = lambda error: pytest.fail(repr(error))
    ledger.open([TP])
    await made.on_assigned({TP})
    try:
        yield made, ledger
    finally:
        await made.on_revoked({TP})
        for outlet in outlets:
            await outlet.close()


async def until(true, seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not within {seconds} s")


def ids(receiver: Receiver) -> list[int]:
    return [int(json.loads(body)["id"], 16) for _, _, body in receiver.got]


async def test_alerts_arrive_in_order_and_their_slices_are_acknowledged(tmp_path):
    async with (
        Receiver() as a,
        Receiver("500 Oops\r\n") as b,
        courier(webhook(a.url, tmp_path, "a"), webhook(b.url, tmp_path, "b")) as (made, ledger),
    ):
        await made.consume(read(ledger, ALERTS))
        await until(lambda: ledger.committable(TP) == 60)
    assert ids(a) == list(range(60))
    assert ids(b) == [0, *range(60)]


async def test_nothing_is_acknowledged_before_the_last_receiver_has_it(tmp_path):
    async with Receiver() as fast, Receiver(HANG) as slow:
        outlets = webhook(fast.url, tmp_path, "fast"), webhook(slow.url, tmp_path, "slow", timeout=30.0)
        async with courier(*outlets) as (made, ledger):
            await made.consume(read(ledger, ALERTS))
            await until(lambda: len(fast.got) == 60)
            assert ledger.committable(TP) is None
            assert ids(slow) == [0]


async def test_what_a_receiver_will_never_take_holds_nothing_up(tmp_path):
    async with (
        Receiver("400 No\r\n", "410 Gone\r\n") as receiver,
        courier(webhook(receiver.url, tmp_path)) as (made, ledger),
    ):
        await made.consume(read(ledger, ALERTS[:10]))
        await until(lambda: ledger.committable(TP) == 10)
    letters = [json.loads(line) for line in (tmp_path / "soc.jsonl").read_text().splitlines()]
    assert [jsonl.decode(letter["body"]).id for letter in letters] == [alert(0).id, alert(1).id]


async def test_messages_that_are_no_alerts_are_counted_and_passed_over(tmp_path):
    values = [ALERTS[0], b"\xff junk", None, b"{}", ALERTS[1]]
    async with Receiver() as receiver, courier(webhook(receiver.url, tmp_path)) as (made, ledger):
        await made.consume(read(ledger, values))
        await until(lambda: ledger.committable(TP) == 5)
        assert made.unread == 3
        assert ids(receiver) == [0, 1]


async def test_while_a_receiver_is_away_reading_stops_and_the_process_is_well(tmp_path):
    pauses = {"pauses": lambda: Pauses(first=60, largest=60)}
    async with courier(webhook("http://127.0.0.1:9/", tmp_path, **pauses)) as (made, ledger):
        many = [value for _ in range(4) for value in ALERTS]
        reading = asyncio.create_task(made.consume(read(ledger, many)))
        await until(lambda: made.waits)
        await asyncio.sleep(0.1)
        assert not reading.done()
        assert len(made.rounds[TP].open) == AHEAD + 2  # one in hand, one at the door
        await made.on_revoked({TP})
        await asyncio.wait_for(reading, 5)
    assert ledger.committable(TP) is None
    assert ledger.in_hand == 0
    assert not (tmp_path / "soc.jsonl").exists()


async def test_what_is_in_hand_when_the_partition_goes_may_arrive_and_the_rest_is_given_back(tmp_path, monkeypatch):
    monkeypatch.setattr("streams.courier.FAREWELL", 0.2)
    async with (
        Receiver(*["200 OK\r\n"] * 25, HANG) as receiver,
        courier(webhook(receiver.url, tmp_path, timeout=30.0)) as (made, ledger),
    ):
        await made.consume(read(ledger, ALERTS))
        made.on_drain()
        await until(lambda: ledger.in_hand == 0)
        assert ledger.committable(TP) == 20
    assert ids(receiver)[:26] == list(range(26))


async def test_a_partition_that_comes_back_is_pushed_from_what_was_not_acknowledged(tmp_path):
    async with Receiver() as receiver, courier(webhook(receiver.url, tmp_path)) as (made, ledger):
        await made.on_revoked({TP})
        await made.consume(read(ledger, ALERTS[:10]))
        assert ledger.in_hand == 0
        ledger.open([TP])
        await made.on_assigned({TP})
        await made.consume(read(ledger, ALERTS[:10]))
        await until(lambda: ledger.committable(TP) == 10)
    assert ids(receiver) == list(range(10))
