"""Rows, then messages, then the acknowledgement; outlets last, and nobody waits for them."""

import asyncio
import json

from schemas.alert import Alert, Severity, Verdict
from streams.dead_letters import DeadLetters
from streams.outbox import Outbox
from streams.outlets.webhook import Webhook
from streams.publisher import Letters
from streams.roles import Roles
from streams.sinks import rows
from streams.sinks.memory import Memory
from streams.writer import Writer, WriteSet


class Post:
    """A publisher and an outlet that write down what reaches them, in one list."""

    name, problem = "post", ""

    def __init__(self, said):
        self.said = said

    async def publish(self, letters):
        self.said += [("published", alert.id) for alert in letters.alerts]

    async def start(self):
        self.said.append(("started", ""))

    def offer(self, alert):
        self.said.append(("offered", alert.id))
        return True

    async def drain(self, seconds):
        self.said.append(("drained", ""))
        return True


class Outlet(Post):
    def start(self):
        self.said.append(("outlet started", ""))


def alert(name):
    return Alert(
        id=name, time=1.7e9, first_time=1.7e9, last_time=1.7e9, verdict=Verdict.ATTACK, threat="flood",
        severity=Severity.HIGH, detector="flood", model="m",
    )  # fmt: skip


async def test_alerts_are_durable_then_published_then_acknowledged_then_offered():
    said, sink = [], Memory()
    outbox = Outbox(Writer(sink, dead_letters=DeadLetters(None)), Post(said), [Outlet(said)])
    await outbox.start()
    running = asyncio.ensure_future(outbox.run())
    for name in ("a", "b"):
        one = alert(name)
        done = asyncio.Event()

        def acknowledge(name=name, done=done):
            assert {row["id"] for row in sink.query("alerts_list", {})} >= {name}
            said.append(("acknowledged", name))
            done.set()

        await outbox.put(WriteSet({"alerts": rows.alerts([one])}), Letters([one], [], []), acknowledge)
        await asyncio.wait_for(done.wait(), 10)
    await asyncio.sleep(0.05)
    await outbox.drained()
    running.cancel()
    await outbox.writer.close()
    steps = [("published", "a"), ("acknowledged", "a"), ("offered", "a")]
    steps += [("published", "b"), ("acknowledged", "b"), ("offered", "b")]
    assert said == [("started", ""), ("outlet started", ""), *steps, ("drained", "")]


async def test_rows_without_letters_are_acknowledged_as_soon_as_they_are_durable():
    said = []
    outbox = Outbox(Writer(Memory(), dead_letters=DeadLetters(None)), Post(said))
    await outbox.start()
    done = asyncio.Event()
    await outbox.put(WriteSet({}), Letters([], [], []), done.set)
    await asyncio.wait_for(done.wait(), 10)
    await outbox.writer.close()
    assert (outbox.waiting, said) == (0, [("started", "")])


async def test_outlets_get_their_last_moment_together_and_keep_what_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("streams.outbox.FAREWELL", 0.3)
    outlets = [
        Webhook(name=name, url="http://127.0.0.1:9/", key=None, dead_letters=DeadLetters(tmp_path / f"{name}.jsonl"))
        for name in ("a", "b", "c")
    ]
    outbox = Outbox(Writer(Memory(), dead_letters=DeadLetters(None)), Post([]), outlets)
    roles = Roles(outbox, {})
    for outlet in outlets:
        outlet.start()
        assert outlet.offer(alert("x"))
    began = asyncio.get_running_loop().time()
    await roles.on_revoked(set())
    assert 0.2 < asyncio.get_running_loop().time() - began < 0.8
    roles.on_stopped()
    for outlet in outlets:
        (line,) = (tmp_path / f"{outlet.name}.jsonl").read_text().splitlines()
        assert json.loads(json.loads(line)["body"])["id"] == "x"
        await outlet.close()
    assert [outlet.failed for outlet in roles.outlets] == [1, 1, 1]
