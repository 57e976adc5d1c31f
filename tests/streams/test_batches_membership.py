"""When a process learns that its group took it for dead."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from streams.batches.membership import Membership
from streams.roles import Roles


def test_a_member_that_keeps_its_name_through_rebalances_was_never_lost():
    one = Membership()
    assert not any(one.follow(name) for name in ("", "a-1", "a-1", "", "a-1"))
    assert one.lost == 0


@pytest.mark.parametrize("names", [("", "a-1", "", "a-2", "a-2", "a-3"), ("a-1", "a-2", "", "", "a-3")])
def test_each_new_name_is_a_membership_lost(names: tuple[str, ...]):
    one = Membership()
    assert sum(one.follow(name) for name in names) == 2
    assert one.lost == 2


def test_who_loses_it_again_and_again_is_told_why_and_the_cure_ever_more_rarely():
    roles = Roles(None, {})
    with capture_logs() as told:
        for times in range(1, 54):
            roles.on_lost(times)
    lines: list[Any] = [one for one in told if one["log_level"] == "warning"]
    assert [one["times"] for one in lines] == [1, 2, 4, 8, 16, 32]
    assert all("kafka.session_timeout" in one["event"] and "kafka.session_timeout" in one["cure"] for one in lines)
