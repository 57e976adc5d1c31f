"""Copies of a model, tried out on its burn-in: what so many answers are worth."""

import numpy as np
import pytest

from detectors.exposure import CELLS, WHOLE, Known
from detectors.features import numeric
from detectors.fitting import copies


def learnt(sample, reference, seed=1):
    shared = numeric.columns(reference, sample.batch(slice(None)))
    return copies.learn(reference, sample, shared, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def made(known):
    return Known(**learnt(*known[:2]))


def test_more_answers_make_a_copy_that_is_no_worse_and_better_than_a_guess(made):
    assert (np.diff(made.agreement) >= 0).all()
    assert made.agreement[-1] > made.guess[0] + 0.1
    assert made.agreement[-1] <= 1


def test_levels_ask_for_more_inputs_and_more_cells_each(made):
    for needed in (made.inputs, made.bits, made.covered):
        assert (np.diff(needed) > 0).all()
    assert made.inputs[0] == copies.POINTS[0]
    assert made.covered[-1] < WHOLE


def test_the_cells_hold_all_clean_inputs(made):
    assert len(made.mass) == CELLS
    assert WHOLE - CELLS <= made.mass.astype(np.int64).sum() <= WHOLE


def test_the_same_sample_and_chance_give_the_same_curves(known):
    one, other = (learnt(*known[:2]) for _ in range(2))
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)


def test_every_form_of_log_gets_a_curve_or_none(shaped):
    sample, reference, _ = shaped
    found = learnt(sample, reference)
    labels = numeric.columns(reference, sample.batch(slice(None)))["label"]
    assert bool(found) == (reference.features > 0 and len(np.unique(labels)) > 1)
    if found:
        curves = Known(**found)
        assert np.isfinite(curves.agreement).all()
        assert len(curves.agreement) == len(curves.inputs) == len(curves.bits) == len(curves.covered)


def test_there_is_nothing_to_copy_where_no_answers_are_logged_or_always_the_same_one(known):
    sample, reference, _ = known
    shared = numeric.columns(reference, sample.batch(slice(None)))
    shared |= {"label": np.zeros(len(sample), np.int32)}
    assert copies.learn(reference, sample, shared, np.random.default_rng(1)) == {}
