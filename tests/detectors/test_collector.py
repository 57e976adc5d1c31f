"""The collector keeps the same rows whatever the batches, inside its bounds."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.burn_in import BurnIn
from detectors.collector import MOST_NUMBERS, NAMED, Collector
from schemas.columns import batches
from schemas.record import Record


def collected(records, cuts=(), **bounds):
    made = Collector("loan", "1", **bounds)
    edges = [0, *sorted(cuts), len(records)]
    for a, b in itertools.pairwise(edges):
        for batch in batches(records[a:b], np.arange(a, b)):
            made.add(batch)
    return made


def wide(number: int, features, who: str = "") -> Record:
    return Record(id=str(number), time=float(number), model="loan", version="1", principal=who or f"u-{number % 50}",
                  features=features, probabilities=[0.5, 0.5])  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(1, 799), max_size=6), st.sampled_from([3000, MOST_NUMBERS]))
def test_it_does_not_depend_on_cuts(history, cuts, numbers):
    bounds = {"per_principal": 9, "rows": 300, "numbers": numbers}
    whole, parts = (collected(history[:800], c, **bounds).burn_in().to_bytes() for c in ((), cuts))
    assert whole == parts
    assert collected(history[:800], **bounds).size > 20


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 799), st.sampled_from([3000, MOST_NUMBERS]))
def test_it_goes_on_from_bytes(history, cut, numbers):
    bounds = {"per_principal": 9, "numbers": numbers}
    once = collected(history[:800], **bounds)
    half = Collector.resume(BurnIn.from_bytes(collected(history[:cut], **bounds).burn_in().to_bytes()), **bounds)
    for batch in batches(history[cut:800], np.arange(cut, 800)):
        half.add(batch)
    assert half.burn_in().to_bytes() == once.burn_in().to_bytes()


def test_nobody_has_more_than_his_share(history):
    sample = collected(history, per_principal=5, rows=10_000).burn_in()
    assert np.bincount(sample.principal).max() == 5
    assert sample.seen == len(history)


def test_it_never_grows_beyond_its_rows(history):
    assert len(collected(history, rows=100).burn_in()) == 100


def test_rows_of_very_many_features_are_fewer():
    made = collected([wide(i, [float(i)] * 998) for i in range(200)], numbers=50_000, per_principal=2048, rows=2048)
    assert len(made.burn_in()) == 50
    assert made.weight == 50_000
    assert made.burn_in().seen == 200


def test_where_rows_are_large_nobody_fills_the_room_alone():
    """Else there would never be enough principals, and the burn-in would never end."""
    records = [wide(i, [float(i)] * 998, "loud" if i < 300 else "") for i in range(600)]
    sample = collected(records, rows=1000, per_principal=100, numbers=100_000).burn_in()
    kept = np.bincount(sample.principal)
    assert kept[sample.principals.index("loud")] == 10
    assert len(sample.principals) > 20


def test_named_values_weigh_what_they_cost():
    few, many = ({f"n{k}": 1.0 for k in range(width)} for width in (10, 1000))
    made = collected(
        [wide(i, many if i % 2 else few) for i in range(100)], numbers=16_000, rows=1000, per_principal=100
    )
    assert made.weight == 50 * (2 + NAMED * 10)
    assert {len(row) for row in made.burn_in().named or []} == {10}


def test_nothing_hangs_on_the_records(history):
    made = collected(history[:100])
    assert {type(value) for part in made.kept for value in part.values()} == {np.ndarray, list}
    assert all(isinstance(label, str) for part in made.kept for label in part["labels"])
