"""The burn-in keeps the same rows whatever the batches, inside its bounds."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.burn_in import BurnIn, Collector
from detectors.packing import Corrupt
from schemas.columns import batches


def collected(records, cuts=(), **bounds):
    made = Collector("loan", "1", **bounds)
    edges = [0, *sorted(cuts), len(records)]
    for a, b in itertools.pairwise(edges):
        for batch in batches(records[a:b], np.arange(a, b)):
            made.add(batch)
    return made


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(1, 799), max_size=6))
def test_it_does_not_depend_on_cuts(history, cuts):
    whole, parts = (collected(history[:800], c, per_principal=9, rows=300).burn_in().to_bytes() for c in ((), cuts))
    assert whole == parts


def test_it_goes_on_from_bytes(history):
    once = collected(history[:800], per_principal=9)
    half = Collector.resume(
        BurnIn.from_bytes(collected(history[:400], per_principal=9).burn_in().to_bytes()), per_principal=9
    )
    for batch in batches(history[400:800], np.arange(400, 800)):
        half.add(batch)
    assert half.burn_in().to_bytes() == once.burn_in().to_bytes()


def test_nobody_has_more_than_his_share(history):
    sample = collected(history, per_principal=5, rows=10_000).burn_in()
    assert np.bincount(sample.principal).max() == 5
    assert sample.seen == len(history)


def test_it_never_grows_beyond_its_rows(history):
    assert len(collected(history, rows=100).burn_in()) == 100


def test_samples_of_partitions_are_merged_by_time(history):
    evens, odds = (collected(history[k:600:2]).burn_in() for k in (0, 1))
    both = BurnIn.merge([evens, odds])
    assert len(both) == len(evens) + len(odds)
    assert (np.diff(both.time) >= 0).all()
    names = {both.principals[c] for c in both.principal}
    assert names == {r.principal for r in history[:600]}


def test_other_bytes_are_refused():
    with pytest.raises(Corrupt):
        BurnIn.from_bytes(b"tgA1 nonsense")
