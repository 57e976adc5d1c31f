"""The collector keeps the same rows whatever the batches, inside its bounds, from all of the burn-in."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.chunks import NAMED
from detectors.collector import MOST_NUMBERS, Collector
from detectors.packing import Corrupt, pack
from schemas.columns import batches
from schemas.record import Record


def collected(records, cuts=(), **bounds):
    made = Collector("loan", "1", b"secret", **bounds)
    feed(made, records, cuts)
    return made


def feed(made, records, cuts=(), start=0):
    edges = [0, *sorted(cuts), len(records)]
    for a, b in itertools.pairwise(edges):
        for batch in batches(records[a:b], np.arange(start + a, start + b)):
            made.add(batch)


def wide(number: int, features, who: str = "") -> Record:
    return Record(id=str(number), time=float(number), model="loan", version="1", principal=who or f"u-{number % 50}",
                  features=features, probabilities=[0.5, 0.5])  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(1, 799), max_size=6), st.sampled_from([3000, MOST_NUMBERS]), st.sampled_from([60, 300]))
def test_it_does_not_depend_on_cuts(history, cuts, numbers, rows):
    bounds = {"per_principal": 9, "rows": rows, "numbers": numbers}
    whole, parts = (collected(history[:800], c, **bounds).to_bytes() for c in ((), cuts))
    assert whole == parts
    assert len(collected(history[:800], **bounds).burn_in()) > 20


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 799), st.sampled_from([3000, MOST_NUMBERS]), st.sampled_from([60, 300]))
def test_it_goes_on_from_bytes(history, cut, numbers, rows):
    bounds = {"per_principal": 9, "rows": rows, "numbers": numbers}
    once = collected(history[:800], **bounds)
    half = Collector.from_bytes(collected(history[:cut], **bounds).to_bytes(), b"secret", **bounds)
    feed(half, history[cut:800], start=cut)
    assert half.to_bytes() == once.to_bytes()


def test_damaged_state_is_refused():
    with pytest.raises(Corrupt, match="not a collected burn-in"):
        Collector.from_bytes(pack({"ceiling": 1}, {}))


def test_nobody_has_more_than_his_share(history):
    sample = collected(history, per_principal=5, rows=100).burn_in()
    assert np.bincount(sample.principal).max() == 5
    assert sample.seen == len(history)


def test_it_never_grows_beyond_its_rows(history):
    made = collected(history, range(50, len(history), 50), rows=100, per_principal=20)
    assert made.size <= 125
    assert 50 < len(made.burn_in()) <= 100


def test_what_is_kept_is_of_all_the_time_however_much_came():
    """Else a busy model's first minutes would be taken for its days."""
    records = [wide(i, [float(i)], f"u-{i % 200}") for i in range(20_000)]
    sample = collected(records, rows=2000, per_principal=500).burn_in()
    assert len(sample.principals) >= 15
    assert np.bincount(sample.principal).tolist() == [100] * len(sample.principals)
    assert sample.time.min() < 200
    assert sample.time.max() >= 19_800


def test_of_who_sends_much_the_last_records_are_kept():
    """Else its history would have a gap when the burn-in ends, and what it always did would look like a flood."""
    records = [wide(i, [float(i)], "loud" if i % 2 else "") for i in range(1000)]
    sample = collected(records, rows=800, per_principal=50).burn_in()
    loud = sample.time[sample.principal == sample.principals.index("loud")]
    assert loud.tolist() == [float(i) for i in range(601, 1000, 2)]


def test_it_knows_how_many_there_were():
    records = [wide(i, [float(i)], f"u-{i % 200}") for i in range(2000)]
    sample = collected(records, rows=300, per_principal=50).burn_in()
    assert len(sample.principals) == 30
    assert sample.population == 200
    assert collected(records).burn_in().population == 200


def test_rows_of_very_many_features_are_fewer():
    records = [wide(i, [float(i)] * 998) for i in range(200)]
    made = collected(records, numbers=50_000, per_principal=2048, rows=2048)
    assert 40 < len(made.burn_in()) <= 50
    assert made.weight <= 50_000
    assert made.burn_in().seen == 200


def test_where_rows_are_large_nobody_fills_the_room_alone():
    """Else there would never be enough principals, and the burn-in would never end."""
    records = [wide(i, [float(i)] * 998, "loud" if i < 300 else "") for i in range(600)]
    bounds = {"rows": 1000, "per_principal": 100, "numbers": 100_000}
    sample = collected(records, **bounds).burn_in()
    kept = dict(zip(sample.principals, np.bincount(sample.principal).tolist(), strict=True))
    assert kept.get("loud", 10) == 10
    assert {count for name, count in kept.items() if name != "loud"} == {6}
    assert len(kept) > 14


def test_named_values_weigh_what_they_cost():
    few, many = ({f"n{k}": 1.0 for k in range(width)} for width in (10, 1000))
    records = [wide(i, many if i % 2 else few) for i in range(100)]
    made = collected(records, numbers=16_000, rows=1000, per_principal=100)
    assert made.weight == 50 * (2 + NAMED * 10)
    assert {len(row) for row in made.burn_in().named or []} == {10}


def test_nothing_hangs_on_the_records(history):
    made = collected(history[:100])
    assert {type(value) for part in made.kept for value in part.values()} == {np.ndarray, list}
    assert all(isinstance(label, str) for part in made.kept for label in part["labels"])
