from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.progress import PATIENCE, Progress

FIRST, SECOND = ("traffic", 0), ("traffic", 1)


def two(*, more: bool) -> Progress:
    """One partition that is far, and one that is not."""
    made = Progress(wait=60.0)
    made.hear(FIRST, 5000.0, more=True)
    made.hear(SECOND, 1000.0, more=more)
    return made


def test_all_have_passed_what_the_slowest_has_passed():
    assert two(more=True).passed() == 1000.0
    assert Progress(60.0).passed() == 0.0


def test_nobody_is_left_out_before_the_wait_is_over():
    assert two(more=False).due(arrived=100.0, now=160.0) == -inf


def test_who_has_nothing_to_read_is_not_waited_for_any_longer():
    assert two(more=False).due(arrived=100.0, now=160.1) == 5000.0


def test_who_has_more_to_read_is_waited_for():
    assert two(more=True).due(arrived=100.0, now=100.0 + PATIENCE) == 1000.0


def test_patience_ends():
    assert two(more=True).due(arrived=100.0, now=100.1 + PATIENCE) == inf


def test_who_was_expected_and_never_heard_is_waited_for_as_if_it_had_nothing_to_read():
    made = two(more=True)
    made.expect([("traffic", 2)])
    assert made.passed() == 0.0
    assert made.due(arrived=100.0, now=160.1) == 1000.0


@given(st.dictionaries(st.tuples(st.text(), st.integers(0, 9)), st.tuples(st.floats(0, 1e12), st.booleans())))
def test_what_is_restored_is_the_same(known):
    made, again = Progress(60.0), Progress(60.0)
    for place, (time, more) in known.items():
        made.hear(place, time, more=more)
    again.load(made.fields())
    assert (again.times, again.busy) == (made.times, made.busy)


@pytest.mark.parametrize("fields", [[["t"]], [["t", "x", 1.0, True]], [["t", 1, None, True]], 7])
def test_what_is_no_state_is_refused_and_changes_nothing(fields):
    made = two(more=True)
    before = made.fields()
    with pytest.raises((TypeError, ValueError)):
        made.load(fields)
    assert made.fields() == before
