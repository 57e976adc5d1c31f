"""A scan's alerts at its end: pushed in order, and counted where they do not arrive."""

import json
import time

from streams.dead_letters import DeadLetters
from streams.outlets.history import PATIENCE, Delivered, deliver
from streams.outlets.webhook import Webhook
from streams.pauses import Pauses
from tests.streams.outlets.receiver import Receiver, alert

ALERTS = [alert(number) for number in range(8)]


def webhook(url, tmp_path, name="soc"):
    return Webhook(
        name=name, url=url, key=None, dead_letters=DeadLetters(tmp_path / f"{name}.jsonl"), tries=2,
        pauses=lambda: Pauses(first=0.001, largest=0.002),
    )  # fmt: skip


def kept(tmp_path, name="soc"):
    lines = (tmp_path / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(json.loads(line)["body"])["id"] for line in lines]


async def test_every_receiver_gets_all_alerts_in_order(tmp_path):
    steps = []
    async with Receiver("500 Oops\r\n") as first, Receiver() as second:
        outlets = [webhook(first.url, tmp_path, "a"), webhook(second.url, tmp_path, "b")]
        assert await deliver(outlets, ALERTS, lambda: steps.append(1)) == [
            Delivered("a", 8, 0, ""), Delivered("b", 8, 0, "")
        ]  # fmt: skip
    assert [json.loads(body)["id"] for _, _, body in second.got] == [one.id for one in ALERTS]
    assert len(steps) == 16


async def test_what_is_refused_is_counted_and_the_rest_goes_on(tmp_path):
    async with Receiver("200 OK\r\n", "400 No\r\n") as receiver:
        (done,) = await deliver([webhook(receiver.url, tmp_path)], ALERTS, lambda: None)
    assert (done.arrived, done.missing) == (7, 1)
    assert kept(tmp_path) == [ALERTS[1].id]


async def test_a_receiver_that_is_away_is_left_alone_after_a_while_and_everything_is_kept(tmp_path):
    began = time.monotonic()
    (done,) = await deliver([webhook("http://127.0.0.1:9/", tmp_path)], ALERTS, lambda: None)
    assert time.monotonic() - began < 5
    assert (done.arrived, done.missing) == (0, 8)
    assert "ConnectError" in done.problem
    assert kept(tmp_path) == [one.id for one in ALERTS]
    assert len(ALERTS) > PATIENCE
