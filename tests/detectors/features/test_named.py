"""Named values: what the schema learns, and that nothing a client sends can break it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.features.named import BUCKETS, CATEGORIES, COLUMNS, NAMES, NamedSchema

CLEAN = [
    {"amount": float(i % 7), "country": "de" if i % 3 else "fr", "age": i % 50, "vip": i % 2 == 0} for i in range(300)
]
KNOWN = NamedSchema.learn(CLEAN)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HOSTILE = st.dictionaries(st.sampled_from(["amount", "country", "age", "vip"]) | st.text(), ANYTHING, max_size=8)


@pytest.fixture(scope="module")
def schema():
    return KNOWN


def row(schema, **values):
    return dict(zip(schema.columns(), schema.encode([values])[0].tolist(), strict=True))


def test_numbers_keep_their_value_and_categories_become_one_hot(schema):
    seen = row(schema, amount=3.5, country="fr", age=40, vip=True)
    assert seen["amount"] == 3.5
    assert seen["age"] == 40
    assert seen["vip"] == 1
    assert [v for k, v in seen.items() if k.startswith("country (category")] == [0, 1]


def test_a_missing_number_is_the_median_and_said(schema):
    seen = row(schema, country="de")
    assert seen["amount"] == np.median([r["amount"] for r in CLEAN])
    assert seen["amount missing"] == 1
    assert seen["country missing"] == 0


def test_an_unseen_category_falls_into_one_of_the_buckets(schema):
    encoded = schema.encode([{"country": f"x{i}"} for i in range(100)])
    bucket = [i for i, name in enumerate(schema.columns()) if name == "country (another category)"]
    assert len(bucket) == BUCKETS
    assert (encoded[:, bucket].sum(1) == 1).all()
    assert (encoded[:, bucket].sum(0) > 0).all()


def test_unknown_names_are_counted(schema):
    assert row(schema, amount=1.0, shoe=3, hat=4)["unknown names or types"] == 2


def test_a_number_that_becomes_text_is_missing_and_of_an_unknown_type():
    schema = NamedSchema.learn([{"amount": 1.0, "age": 3} for _ in range(10)])
    made = dict(zip(schema.columns(), schema.encode([{"amount": "1.0 EUR", "age": None}])[0].tolist(), strict=True))
    assert (made["amount missing"], made["age missing"], made["unknown names or types"]) == (1.0, 1.0, 1.0)


def test_the_order_of_rows_does_not_matter():
    assert_same(NamedSchema.learn(CLEAN), NamedSchema.learn(CLEAN[::-1]))


def test_a_trip_through_arrays_changes_nothing(schema):
    assert_same(schema, NamedSchema.from_arrays(schema.to_arrays()))


def assert_same(one, other):
    assert one.names == other.names
    for name, array in one.to_arrays().items():
        assert array.tobytes() == other.to_arrays()[name].tobytes(), name


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOSTILE, max_size=5))
def test_no_value_raises_and_each_row_stands_for_itself(rows):
    schema = KNOWN
    whole = schema.encode(rows)
    assert whole.shape == (len(rows), schema.width)
    assert np.isfinite(whole).all()
    assert all(schema.encode([r]).tobytes() == whole[i].tobytes() for i, r in enumerate(rows))


@settings(max_examples=50)
@given(st.lists(HOSTILE, max_size=8))
def test_anything_can_be_learnt_from(rows):
    schema = NamedSchema.learn(rows)
    assert schema.encode(rows).shape == (len(rows), schema.width)
    assert_same(schema, NamedSchema.from_arrays(schema.to_arrays()))


def test_numbers_beyond_any_float_are_the_largest_number(schema):
    assert row(schema, amount=10**400)["amount"] == np.float32(1e12)
    assert row(schema, amount=-(10**400))["amount"] == -np.float32(1e12)
    assert row(schema, amount=float("inf"))["amount"] == np.float32(1e12)
    assert row(schema, amount=float("nan"))["amount missing"] == 1


def test_a_flood_of_names_and_categories_stays_within_bounds():
    rows = [{f"n{(i * 7 + k) % 900}": f"v{i % 500}" for k in range(40)} for i in range(2000)]
    schema = NamedSchema.learn(rows)
    assert len(schema.names) <= NAMES
    assert schema.width <= COLUMNS
    assert max(np.diff(schema.start), default=0) <= CATEGORIES


def test_names_that_hardly_anybody_sends_are_not_learnt():
    assert NamedSchema.learn([*CLEAN * 10, {"rare": 1}]).names == ("age", "amount", "country", "vip")


def test_no_rows_give_a_schema_that_knows_no_name():
    schema = NamedSchema.learn([])
    assert schema.encode([{"a": 1}]).tolist() == [[1.0]]
