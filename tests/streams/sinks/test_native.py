from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from streams.sinks.api import Coded
from streams.sinks.native import LAST_SECOND, plain_row, valid_text, values

MOMENT = np.array([1_767_571_245_525_123], dtype="datetime64[us]")


@pytest.mark.parametrize(
    ("kind", "ticks"),
    [
        ("DateTime", 1_767_571_245),
        ("DateTime('UTC')", 1_767_571_245),
        ("DateTime64(3, 'UTC')", 1_767_571_245_525),
        ("DateTime64(6, 'UTC')", 1_767_571_245_525_123),
        ("DateTime64(9)", 1_767_571_245_525_123_000),
    ],
)
def test_times_become_ticks_of_the_column(kind, ticks):
    assert values(MOMENT, kind) == values(list(MOMENT), kind) == [ticks]


def test_times_that_an_old_column_cannot_hold_are_clipped():
    far = np.array(["1960-01-01", "2400-01-01"], dtype="datetime64[us]")
    assert values(far, "DateTime") == [0, LAST_SECOND]


def test_columns_become_lists_of_their_own():
    original = ["a", "b"]
    assert values(original, "String") == original
    assert values(original, "String") is not original
    assert values(Coded(["x"], np.zeros(2, np.int32)), "String") == ["x", "x"]
    assert values(np.array([1.5], np.float32), "Float32") == [1.5]


def test_text_that_utf8_cannot_hold_is_written_out():
    assert valid_text(["\ud800", "é", ["\udfff"], 3]) == ["\\ud800", "é", ["\\udfff"], 3]


def test_answers_are_plain():
    moment = datetime(2026, 1, 5, 1, 0, 45, 500_000, tzinfo=timezone(timedelta(hours=1)))
    row = plain_row(["a", "b", "c", "d", "e"], [float("nan"), moment, ("x", 1.0), {1: None}, UTC])
    assert row == {"a": None, "b": "2026-01-05T00:00:45.500000Z", "c": ["x", 1.0], "d": {"1": None}, "e": "UTC"}
