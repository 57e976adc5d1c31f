"""The array form is checked before anything is decoded."""

import base64

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.arrays import Unusable, checked, packed, row, width

FOUR = base64.b64encode(np.arange(4, dtype="<f4").tobytes()).decode()


@given(st.lists(st.floats(width=32, allow_nan=False), max_size=40), st.sampled_from(["f4", "f8"]))
def test_numbers_come_back_as_they_went_in(values, dtype):
    data = np.array(values, dtype="<" + dtype).tobytes()
    form = checked({"b64": base64.b64encode(data).decode(), "dtype": dtype, "shape": [len(values)]}, 100)
    assert row(form).tolist() == values
    assert width(form) == len(values)


def test_a_checked_form_is_json_as_before_and_may_be_checked_again():
    form = {"b64": FOUR, "dtype": "f4", "shape": [2, 2]}
    once = checked(form, 10)
    assert msgspec.json.decode(msgspec.json.encode(once)) == form
    assert checked(once, 10) == once


def test_a_form_without_a_shape_is_flat():
    assert row(checked({"b64": FOUR, "dtype": "f4"}, 10)).tolist() == [0, 1, 2, 3]


def test_named_values_are_no_array_form():
    assert packed({"b64": "", "dtype": "f4"})
    assert not packed({"b64": 3.0, "height": 2.0})


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"dtype": "f16"}, ".dtype"),
        ({"dtype": ["f4"]}, ".dtype"),
        ({"dtype": "O"}, ".dtype"),
        ({"b64": 17}, ".b64"),
        ({"b64": FOUR[:-2] + "*="}, ".b64"),
        ({"b64": FOUR[:-1]}, ".b64"),
        ({"b64": "é" * len(FOUR)}, ".b64"),
        ({"shape": [5]}, ".b64"),
        ({"shape": [-4]}, ".shape"),
        ({"shape": [2.0, 2]}, ".shape"),
        ({"shape": [True, 4]}, ".shape"),
        ({"shape": 4}, ".shape"),
        ({"shape": [10**30, 10**30]}, ".shape"),
        ({"shape": [1] * 100}, ".shape"),
        ({"shape": [101]}, ".shape"),
    ],
)
def test_what_does_not_hold_together_is_refused_with_its_place(changes, path):
    with pytest.raises(Unusable) as refused:
        checked({"b64": FOUR, "dtype": "f4", "shape": [4]} | changes, 100)
    assert refused.value.path == path
    assert str(refused.value)


@given(st.dictionaries(st.sampled_from(["b64", "dtype", "shape"]), st.one_of(st.none(), st.text(), st.integers(),
       st.lists(st.integers()), st.floats(), st.binary())))  # fmt: skip
def test_any_other_form_is_refused_and_nothing_else_is_raised(form):
    if packed(form):
        try:
            assert len(row(checked(form, 1000))) <= 1000
        except Unusable as refused:
            assert refused.path in (".b64", ".dtype", ".shape")  # noqa: PT017  # either outcome is right
    else:
        assert not {"b64", "dtype"} <= set(form)
