import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import LIMITS, SOURCE
from streams.inspection import inspect


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b'{"time":1,"model":"m","features":[1,2,3,4,5]}', "5 numbers: 1.0, 2.0, 3.0, 4.0, ..."),
        (b'{"time":1,"model":"m","features":{"a":1,"b":"x"}}', "2 named: a=1.0, b=x"),
        (b'{"time":1,"model":"m","features":{"b64":"AAAA","dtype":"u1","shape":[3]}}', "array of u1, shape [3]"),
    ],
)
def test_features_are_shown_in_short(value, shown):
    seen = inspect([value], [0], count=1, topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert next(one.example for one in seen.fields if one.name == "features") == shown


def test_a_principal_that_is_not_named_is_not_shown_as_named():
    seen = inspect([b'{"time":1,"model":"m"}'], [0], count=1, topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert "principal" not in [one.name for one in seen.fields]


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_no_bytes_raise_and_none_are_lost(values):
    numbers = list(range(len(values)))
    seen = inspect(values, numbers, count=len(values), topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert seen.read + len(seen.rejects) == len(values)
