"""Oddities of a log are counted by kind, in bounded room, and each kind is said once."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from streams.oddities import KINDS, OTHER, Oddities, add


def test_each_kind_is_said_once_and_counted_always() -> None:
    oddities = Oddities()
    with capture_logs() as said:
        oddities.note("traffic", {"$.shape: odd": 2})
        oddities.note("traffic", {"$.shape: odd": 3, "$.time: none": 1})
    assert [one["what"] for one in said] == ["$.shape: odd", "$.time: none"]
    assert (oddities.counts["$.shape: odd"], oddities.total) == (5, 6)


@given(st.lists(st.dictionaries(st.integers(0, 1000).map(str), st.integers(1, 5), max_size=300), max_size=4))
def test_a_writer_who_invents_kinds_takes_no_room_and_nothing_is_uncounted(slices: list[dict[str, int]]) -> None:
    counts: Counter[str] = Counter()
    for warnings in slices:
        add(counts, warnings)
    assert counts.total() == sum(sum(one.values()) for one in slices)
    assert len(counts) <= KINDS + 1
    assert (OTHER in counts) == (len(set().union(*slices)) > KINDS)
