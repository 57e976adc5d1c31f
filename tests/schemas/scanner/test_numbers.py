"""Numbers from bytes: the nearest double, or known not to be, or left to others."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.scanner.numbers import number, single

digits = st.text("0123456789", min_size=1, max_size=19)
written = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    st.floats(1.6e9, 2e9).map(repr),
    st.integers(-(10**19), 10**19).map(str),
    st.builds("{}.{}".format, st.integers(0, 10**9), digits),
    st.builds("{}.{}e{}".format, st.integers(0, 9), digits, st.integers(-50, 40)),
)


def read(text: str) -> tuple[float, int, bool]:
    data = np.frombuffer(text.encode() + b",1", np.uint8)
    return number(data, 0, len(data))


@settings(deadline=None)
@given(written)
@example("1763785363.1234567")
@example("9007199254740993")
@example("1e23")
@example("-0.0")
def test_a_value_is_the_nearest_double_or_within_its_margin(text: str):
    value, end, sure = read(text)
    if end < 0:
        return
    right = float(text)
    assert end == len(text)
    assert np.copysign(1.0, value) == np.copysign(1.0, right)
    if sure:
        assert value == right
    else:
        assert abs(value - right) <= 1e-15 * abs(right)
        assert not single(value) or np.float32(value) == np.float32(right)


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9 - 1))
def test_seconds_since_the_epoch_are_read_to_their_last_bit(seconds: int, nanoseconds: int):
    text = f"{seconds}.{nanoseconds:09d}"
    assert read(text) == (float(text), len(text), True)


@pytest.mark.parametrize("text", ["", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "--1", "x", "NaN", "Infinity"])
def test_what_json_does_not_call_a_number_is_none(text: str):
    assert read(text)[1] == -1


@pytest.mark.parametrize("text", ["12345678901234567890", "1e-400", "1e400", "0.12345678901234567890"])
def test_what_is_too_long_or_too_far_is_left_to_others(text: str):
    assert read(text)[1] == -1


def test_a_number_at_the_end_of_the_bytes_ends_there():
    data = np.frombuffer(b"12", np.uint8)
    assert number(data, 0, 2) == (12.0, 2, True)
