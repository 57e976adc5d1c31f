"""Several workers on one topic and one ClickHouse server: they join, leave and die, and no alert changes."""

import time
from collections.abc import Callable

import pytest

from tests.servers.clickhouse import Server
from tests.servers.workers.installation import Installation, Left, assert_same
from tests.servers.workers.traffic import Message

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


def test_workers_that_join_leave_and_die_change_no_alert(
    database: Server, installed: Callable[..., Installation], undisturbed: Left, traffic: list[Message]
):
    one = installed(database.url, TIDEGATE_KAFKA__SLICE_RECORDS="500")
    first = one.start().ready()
    one.reaches(0.1, traffic, first)
    second = one.start().ready()
    one.reaches(0.3, traffic, second)
    begun = time.monotonic()
    assert first.stop(60) == 0
    assert time.monotonic() - begun < 30
    one.reaches(0.5, traffic, second)
    third = one.start().ready()
    one.reaches(0.65, traffic, third)
    second.kill()
    one.reaches(0.8, traffic, third)
    fourth = one.start().ready()
    one.finishes(traffic)
    assert [third.stop(), fourth.stop()] == [0, 0]
    assert all(each.told.count("\nready\n") == 1 for each in one.workers)
    assert_same(one.left(), undisturbed)
