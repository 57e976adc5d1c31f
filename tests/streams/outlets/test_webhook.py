import asyncio
import json
import time
from email.utils import formatdate

import pytest

from schemas.exports import jsonl
from streams.dead_letters import DeadLetters
from streams.log import configure
from streams.outlets.signature import genuine
from streams.outlets.webhook import LONGEST, Webhook, WrongOutlet, _asked
from streams.pauses import Pauses
from tests.streams.outlets.receiver import HANG, Receiver, alert

KEY = b"a shared key"


def webhook(url, tmp_path, **arguments):
    arguments = {"pauses": lambda: Pauses(first=0.001, largest=0.002), "key": KEY} | arguments
    return Webhook(name="soc", url=url, dead_letters=DeadLetters(tmp_path / "dead.jsonl"), **arguments)


def letters(tmp_path):
    path = tmp_path / "dead.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def test_an_alert_arrives_whole_and_signed(tmp_path):
    async with Receiver() as receiver:
        one = webhook(receiver.url, tmp_path)
        assert await one.deliver(alert())
        await one.close()
    ((line, names, body),) = receiver.got
    assert line == "POST /alerts HTTP/1.1"
    assert names["content-type"] == "application/json"
    assert jsonl.decode(body) == alert()
    assert names["webhook-id"] == alert().id
    assert genuine(KEY, names, body, now=time.time())
    assert (one.sent, one.failed, one.problem) == (1, 0, "")


async def test_an_alert_can_go_as_ocsf(tmp_path):
    async with Receiver() as receiver:
        one = webhook(receiver.url, tmp_path, form="ocsf")
        assert await one.deliver(alert())
        await one.close()
    assert json.loads(receiver.got[0][2])["class_uid"] == 2004


async def test_without_a_key_nothing_is_signed(tmp_path):
    async with Receiver() as receiver:
        one = webhook(receiver.url, tmp_path, key=None)
        assert await one.deliver(alert())
        await one.close()
    assert not [name for name in receiver.got[0][1] if name.startswith("webhook-")]


@pytest.mark.parametrize("status", ["500 Oops", "429 Slow", "503 Later", None])
async def test_what_may_pass_is_tried_again_with_the_same_id(tmp_path, status):
    answer = None if status is None else f"{status}\r\n"
    async with Receiver(answer, answer) as receiver:
        one = webhook(receiver.url, tmp_path)
        assert await one.deliver(alert())
        await one.close()
    assert {names["webhook-id"] for _, names, _ in receiver.got} == {alert().id}
    assert len(receiver.got) == 3
    assert letters(tmp_path) == []


@pytest.mark.parametrize(
    "status", ["400 No", "401 Who", "404 Where", "410 Gone", "302 Found\r\nlocation: http://169.254.169.254/"]
)
async def test_what_will_not_pass_goes_to_the_dead_letters_at_once(tmp_path, status):
    async with Receiver(f"{status}\r\n") as receiver:
        one = webhook(receiver.url, tmp_path)
        assert not await one.deliver(alert())
        await one.close()
    assert len(receiver.got) == 1
    (letter,) = letters(tmp_path)
    assert letter["reason"].startswith(f"the receiver answered {status[:3]}")
    assert jsonl.decode(letter["body"]) == alert()


async def test_a_receiver_that_stays_away_is_given_up_after_so_many_tries(tmp_path):
    async with Receiver() as receiver:
        url = receiver.url
    one = webhook(url, tmp_path, tries=4)
    assert not await one.deliver(alert())
    await one.close()
    (letter,) = letters(tmp_path)
    assert letter["tries"] == 4
    assert "ConnectError" in letter["reason"]
    assert one.problem.startswith(url)


async def test_a_receiver_that_hangs_costs_one_timeout_a_try(tmp_path):
    async with Receiver(HANG, HANG) as receiver:
        one = webhook(receiver.url, tmp_path, timeout=0.1, tries=2)
        began = time.monotonic()
        assert not await one.deliver(alert())
        assert 0.2 <= time.monotonic() - began < 2
        await one.close()
    assert "ReadTimeout" in letters(tmp_path)[0]["reason"]


async def test_a_receiver_may_ask_to_wait(tmp_path):
    async with Receiver("429 Slow\r\nretry-after: 1\r\n") as receiver:
        one = webhook(receiver.url, tmp_path)
        assert await one.deliver(alert())
        await one.close()
    assert receiver.times[1] - receiver.times[0] >= 0.95


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("5", 5, 5), ("86400", LONGEST, LONGEST), ("", 0, 0), ("soon", 0, 0), ("-5", 0, 0), ("²", 0, 0),
     ("9" * 400, LONGEST, LONGEST), (formatdate(0, usegmt=True), 0, 0)],
)  # fmt: skip
def test_what_a_receiver_asks_for_is_read_with_care(text, least, most):
    assert least <= _asked(text) <= most


def test_a_date_to_come_back_at_is_understood():
    assert 58 <= _asked(formatdate(time.time() + 60, usegmt=True)) <= 61


async def test_offers_are_delivered_in_order(tmp_path):
    async with Receiver("500 Oops\r\n") as receiver:
        one = webhook(receiver.url, tmp_path)
        one.start()
        assert all(one.offer(alert(number)) for number in range(5))
        assert await one.drain(5)
        await one.close()
    assert [names["webhook-id"] for _, names, _ in receiver.got] == [alert(number).id for number in (0, 0, 1, 2, 3, 4)]
    assert one.sent == 5


async def test_an_offer_never_waits(tmp_path):
    one = webhook("http://127.0.0.1:9/", tmp_path, capacity=3, pauses=lambda: Pauses(first=60, largest=60))
    one.start()
    began = time.monotonic()
    taken = [one.offer(alert(number)) for number in range(10)]
    assert time.monotonic() - began < 0.5
    assert taken == [True] * 3 + [False] * 7
    assert not await one.drain(0.1)
    await one.close()
    assert sorted(jsonl.decode(letter["body"]).id for letter in letters(tmp_path)) == [alert(n).id for n in range(10)]
    assert one.failed == 10


async def test_what_is_left_at_the_end_of_the_process_is_kept_and_said(tmp_path, capsys):
    configure("info", "json")
    async with Receiver(HANG) as receiver:
        one = webhook(receiver.url, tmp_path)
        one.start()
        assert all(one.offer(alert(number)) for number in range(5))
        while not receiver.got:  # noqa: ASYNC110  # the receiver is another machine
            await asyncio.sleep(0.01)
        assert one.leave() == 5
        assert one.leave() == 0
        await one.close()
    assert [jsonl.decode(letter["body"]).id for letter in letters(tmp_path)] == [alert(n).id for n in range(5)]
    assert {letter["reason"] for letter in letters(tmp_path)} == {"not delivered before the end"}
    (said,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (said["event"], said["alerts"], said["outlet"]) == ("alerts were not delivered", 5, "soc")
    assert said["dead_letters"] == str(tmp_path / "dead.jsonl")


async def test_where_nothing_can_be_kept_that_is_said(tmp_path, capsys):
    configure("info", "json")
    one = Webhook(name="soc", url="http://127.0.0.1:9/", key=None, dead_letters=DeadLetters(None), tries=1)
    assert not await one.deliver(alert())
    await one.close()
    assert "[state] snapshots is not set" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["ftp://h/x", "file:///etc/passwd", "http:///x", "//h/x", "javascript:1", "http://[", "h"]
)
def test_only_web_addresses_are_taken(tmp_path, url):
    with pytest.raises(WrongOutlet, match="right would be https://host/path"):
        webhook(url, tmp_path)


def test_an_unknown_form_is_refused(tmp_path):
    with pytest.raises(WrongOutlet, match="json and ocsf"):
        webhook("https://h/", tmp_path, form="xml")


async def test_secrets_in_an_address_are_not_shown(tmp_path):
    one = webhook("http://user:pass@127.0.0.1:9/x?token=abc", tmp_path, tries=1)
    assert one.where == "http://127.0.0.1:9/x"
    assert not await one.deliver(alert())
    await one.close()
    assert "abc" not in one.problem + json.dumps(letters(tmp_path))
    assert "pass" not in one.problem
