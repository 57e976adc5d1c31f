"""Workers that are killed at any moment: the alerts are those of a worker that nobody touched, byte for byte."""

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.servers.workers.installation import Installation, Left, assert_same, until
from tests.servers.workers.traffic import Message

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
KILLS = 10


def test_every_record_is_counted_once_and_attackers_are_found(undisturbed: Left, traffic: list[Message]):
    records, scored, rejected = undisturbed.counted
    broken = sum(message.broken for message in traffic)
    assert (records, rejected) == (len(traffic), broken)
    assert 0.6 * records < scored < 0.8 * records
    assert len(undisturbed.rejected) == broken
    assert undisturbed.published.keys() == undisturbed.alerts.keys()
    assert all(body in undisturbed.published[name] for name, body in undisturbed.alerts.items())
    told = {json.loads(body)["principal"] for body in undisturbed.alerts.values()}
    assert {f"{name}-{i}" for name in ("fuzzer", "flooder") for i in range(3)} <= told


def test_kill_9_at_ten_random_moments_changes_no_alert(
    installed: Callable[..., Installation], undisturbed: Left, traffic: list[Message]
):
    chance = random.Random(20260105)
    moments = sorted(chance.sample(range(len(traffic) // 50, len(traffic) * 49 // 50), KILLS - 1))
    one = installed()
    worker = one.start()
    worker.says('"event": "settling"')  # the first at a moment that chance would seldom meet
    worker.kill()
    for moment in moments:
        before = sum(one.committed().values())
        worker = one.start().ready()
        until(lambda: before + worker.records >= moment or worker.process.poll() is not None, 120, f"{moment} records")  # noqa: B023
        assert worker.process.poll() is None, worker.told
        worker.kill()
    one.start().ready()
    one.finishes(traffic)
    assert one.workers[-1].stop() == 0
    assert sum("snapshot refused" in each.told for each in one.workers) == 0
    assert Counter(each.told.count("\nready\n") for each in one.workers[1:]) == {1: KILLS}
    assert_same(one.left(), undisturbed)
