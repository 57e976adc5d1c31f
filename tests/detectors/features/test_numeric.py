"""Shared columns: the same under any cut, keyed, finite, and true to what they are called."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.burn_in import take
from detectors.features import numeric
from detectors.reference import Reference
from schemas.batch import LARGEST

EVERYTHING = slice(None)


def equal(a, b):
    return a.keys() == b.keys() and all(a[k].tobytes() == b[k].tobytes() for k in a)


def test_columns_do_not_depend_on_where_the_stream_is_cut(shaped):
    _, reference, today = shaped
    batch = today.batch(slice(0, 300))
    whole = numeric.columns(reference, batch)

    @settings(max_examples=12, deadline=None)
    @given(st.sets(st.integers(1, len(batch) - 1), max_size=12))
    def cut(places):
        edges = [0, *sorted(places), len(batch)]
        parts = [numeric.columns(reference, take(batch, slice(a, b))) for a, b in pairwise(edges)]
        assert equal({k: np.concatenate([p[k] for p in parts]) for k in whole}, whole)

    cut()


def test_the_table_of_the_module_is_true(shaped):
    _, reference, today = shaped
    made = numeric.columns(reference, today.batch(slice(0, 50)))
    documented = {line.split()[0] for line in numeric.__doc__.splitlines() if "(N," in line}
    assert set(made) == documented
    assert all(len(column) == 50 for column in made.values())
    assert np.isfinite(made["phi"]).all()
    assert (made["group"] < reference.answers.groups).all()
    assert (made["hash"] > 0).all() if reference.features else (made["hash"] == 0).all()


def test_no_rows_give_empty_columns(shaped):
    _, reference, today = shaped
    made = numeric.columns(reference, today.batch(slice(0, 0)))
    assert all(len(column) == 0 for column in made.values())


def test_every_sum_of_the_exact_products_stays_below_two_to_the_24th(shaped):
    reference = shaped[1]
    if reference.space is None:
        assert reference.margins is None
        return
    most = 2**24
    assert 127 * np.abs(reference.space.matrix.astype(np.float64)).sum(0).max() < most
    assert 720 * np.abs(reference.space.wide.astype(np.float64)).sum(0).max() < most
    assert (np.rint(reference.space.matrix) == reference.space.matrix).all()
    assert (np.rint(reference.space.wide) == reference.space.wide).all()


def test_another_secret_gives_other_projections_and_the_same_one_the_same(known, clean):
    sample, reference, today = known
    again, other = Reference.fit(sample, secret=b"test"), Reference.fit(sample, secret=b"another")
    batch = today.batch(slice(0, 200))
    mine, theirs = numeric.columns(reference, batch), numeric.columns(other, batch)
    assert again.id == reference.id != other.id
    assert abs(np.corrcoef(mine["u"].ravel(), theirs["u"].ravel())[0, 1]) < 0.2
    assert not (mine["hash"] == theirs["hash"]).any()
    later = Reference.fit(replace(clean(), version="2"), secret=b"test")
    assert not (later.space.matrix[:, :32] == reference.space.matrix[:, :32]).all()


@settings(max_examples=40, deadline=None)
@given(column=st.integers(0, 11), value=st.floats(-(2.0**40), 2.0**40, width=32))
def test_hashes_are_equal_exactly_where_the_inputs_are(known, column, value):
    _, reference, today = known
    batch = today.batch(slice(0, 2))
    x = batch.features[[0, 0, 0]].copy()
    x[1] = x[0] + np.float32(0)
    x[2, column] = value
    three = today.batch(slice(0, 3))
    h = numeric.columns(reference, replace(three, features=x))["hash"]
    assert h[0] == h[1]
    assert (h[0] == h[2]) == (x[0, column] == x[2, column])


def test_minus_zero_is_zero(known):
    _, reference, today = known
    batch = today.batch(slice(0, 2))
    x = np.zeros_like(batch.features)
    x[1] = -0.0
    h = numeric.columns(reference, replace(batch, features=x))["hash"]
    assert h[0] == h[1]


def test_hostile_numbers_give_finite_columns(shaped):
    _, reference, today = shaped
    batch = today.batch(slice(0, 300))
    chance = np.random.default_rng(0)
    worst = np.array([LARGEST, -LARGEST, 1e-40, 0.0, -0.0, 1.0], np.float32)
    p = chance.choice(np.array([0, 1, 1e-40], np.float32), batch.probabilities.shape)
    made = numeric.columns(
        reference, replace(batch, features=chance.choice(worst, batch.features.shape), probabilities=p)
    )
    assert np.isfinite(made["phi"]).all()
    inputs = made["raw"][:, [0, 1, 2, 3, 5]]
    assert np.isfinite(inputs).all() if reference.features else np.isnan(inputs).all()
    assert np.isfinite(made["margin"]).all() == (reference.classes > 0)


def test_numbers_that_a_batch_never_holds_read_no_memory_that_is_not_theirs(shaped):
    _, reference, today = shaped
    batch = today.batch(slice(0, 300))
    chance = np.random.default_rng(0)
    worst = np.array([np.nan, np.inf, -np.inf, 3.4e38, 0.0], np.float32)
    x, p = (chance.choice(worst, a.shape) for a in (batch.features, batch.probabilities))
    made = numeric.columns(reference, replace(batch, features=x, probabilities=p))
    assert np.isfinite(made["phi"]).all()
    assert (np.abs(made["u"]) <= 2047).all()
    assert ((made["label"] >= 0) & (made["label"] < reference.answers.classes)).all()
    assert np.isfinite(made["tails"][:, [0, 1, 2, 3, 8]]).all() == (reference.features > 0)


def test_a_batch_of_another_shape_is_refused(known):
    _, reference, today = known
    batch = today.batch(slice(0, 4))
    with pytest.raises(ValueError, match="11"):
        numeric.columns(reference, replace(batch, features=batch.features[:, 1:]))


def test_units_of_single_columns_do_not_matter(clean):
    units = 10.0 ** np.random.default_rng(3).uniform(-6, 6, 12)
    plain, scaled = (Reference.fit(clean(units=u), secret=b"test") for u in (1.0, units))
    a = numeric.columns(plain, clean(seed=7).batch(slice(0, 300)))
    b = numeric.columns(scaled, clean(seed=7, units=units).batch(slice(0, 300)))
    assert np.corrcoef(a["u"].ravel(), b["u"].ravel())[0, 1] > 0.98
    assert np.abs(a["tails"][:, 0] - b["tails"][:, 0]).mean() < 0.1


def test_inputs_that_were_never_seen_score_higher_on_every_oddness(known):
    _, reference, today = known
    batch = today.batch(slice(0, 300))
    strange = batch.features.copy()
    strange[:, 2:] = np.random.default_rng(5).uniform(-6, 6, strange[:, 2:].shape)
    odd = [0, 1, 3, 8]
    usual = numeric.columns(reference, batch)["tails"][:, odd].mean(0)
    assert (numeric.columns(reference, replace(batch, features=strange))["tails"][:, odd].mean(0) > usual + 0.5).all()


def test_readonly_columns_are_read(known):
    _, reference, today = known
    batch = today.batch(slice(0, 20))
    expected = numeric.columns(reference, batch)
    batch.features.flags.writeable = False
    batch.probabilities.flags.writeable = False
    assert equal(numeric.columns(reference, batch), expected)
