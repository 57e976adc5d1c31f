"""Short numbers are read as Python reads them, and whatever else is there is left to others."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.scanner.short import short

ROOM = b", 12345678"


def read(text: bytes) -> tuple[float, int]:
    data = np.frombuffer(text, np.uint8)
    value, at = short(data, 0, len(data))
    return float(value), int(at)


@given(st.booleans(), st.integers(0, 9), st.text("0123456789", min_size=1, max_size=7))
def test_one_digit_and_up_to_seven_decimals_are_the_nearest_double(negative: bool, first: int, decimals: str) -> None:
    text = f"{'-' * negative}{first}.{decimals}"
    value, at = read(text.encode() + ROOM)
    assert (value, at) == (float(text), len(text))
    assert np.signbit(value) == negative


@pytest.mark.parametrize(
    "text",
    ["12.5", "1", "-1", "1.", ".5", "-.5", "+1.5", "1.12345678", "1.5e3", "1.5E3", "null", "-", "--1.5", "1,5", "a.5",
     "/.5", ":.5", "1./", "1.:"],
)  # fmt: skip
def test_other_forms_are_left_to_others(text: str) -> None:
    assert read(text.encode() + ROOM)[1] == -1


@pytest.mark.parametrize("size", range(11))
def test_nothing_is_read_beyond_the_end(size: int) -> None:
    data = np.frombuffer(b"0.125, 0.5, 0.75", np.uint8)
    _, at = short(data, 0, size)
    assert at == (5 if size >= 10 else -1)


@given(st.binary(max_size=30))
def test_bytes_that_are_no_number_never_become_one(text: bytes) -> None:
    value, at = read(text + ROOM)
    if at >= 0:
        assert json.loads((text + ROOM)[:at]) == value
