"""Several fits as one, and what rounding to bytes leaves of them."""

import numpy as np
import pytest

from detectors.text import grams
from detectors.text.canonical import FEATURES
from detectors.text.embedding import DIMENSIONS
from detectors.text.waves import WAVES, drawn
from detectors.training.text.linear import NUMBERS, Linear, Shown, averaged, quantised

CHANCE = np.random.default_rng(4)
BY = Shown(np.zeros(len(FEATURES)), np.ones(len(FEATURES)))


def fitted() -> Linear:
    coefficients = CHANCE.normal(size=(grams.PLACES + len(FEATURES), 2))
    return Linear(coefficients, CHANCE.normal(size=2), CHANCE.normal(size=(2, DIMENSIONS + WAVES)), BY)


def test_the_mean_of_fits_gives_the_mean_of_their_logits() -> None:
    fits = [fitted() for _ in range(3)]
    rows = CHANCE.random((5, len(fits[0].coefficients)))
    single = [rows @ one.coefficients + one.bias for one in fits]
    made = averaged(fits)
    assert np.allclose(rows @ made.coefficients + made.bias, np.mean(single, 0))
    assert np.allclose(made.worth, np.mean([one.worth for one in fits], 0))


def test_fits_that_standardise_numbers_in_their_own_way_are_not_averaged() -> None:
    one, other = fitted(), fitted()._replace(shown=Shown(BY.mean + 1, BY.spread))
    with pytest.raises(AssertionError):
        averaged([one, other])


def test_rounding_to_bytes_moves_no_weight_by_more_than_half_a_step_but_the_largest() -> None:
    one = fitted()
    heads = quantised(one, *drawn(1))
    back, plain = heads.weights * heads.unit, one.coefficients[: grams.PLACES]
    inside = np.abs(plain) < 127 * heads.unit
    assert inside.mean() > 0.999
    assert (np.abs(back - plain) <= heads.unit / 2 + 1e-6)[inside].all()
    assert np.allclose(heads.numbers, one.coefficients[grams.PLACES :] * NUMBERS, atol=1e-6)
    assert np.allclose(np.hstack([heads.plain, heads.worth]), one.worth, atol=1e-5)
