"""Columns one by one: what is usual, what is rare."""

import numpy as np
import pytest

from detectors.features import numeric
from detectors.features.inputs import RARE, SURPRISE_UNIT, WIDEST
from detectors.fitting import margins


def fit(x):
    return margins.fit(np.asarray(x, np.float32), np.random.default_rng(0))


def test_centre_spread_and_most_frequent_value():
    chance = np.random.default_rng(1)
    x = np.stack([chance.normal(5, 2, 4001), chance.choice([0.0, 0.0, 0.0, 7.0], 4001)], axis=1)
    made = fit(x)
    assert np.allclose(made.centre, [5, 0], atol=0.15)
    assert np.isclose(127 / 6 / made.gain[0], 2, rtol=0.05)
    assert made.mode[1] == 0


def test_surprise_is_the_log_of_how_often_a_level_came():
    x = np.concatenate([np.zeros(970), np.ones(30)])[:, None]
    made = fit(x)
    _, found = numeric.normalised(made, np.array([[0.0], [1.0], [55.0]], np.float32))
    assert np.allclose(found["rare_values"][:2], [-np.log(0.97), -np.log(0.03)], atol=0.03)
    assert found["rare_values"][2] > 3
    assert found["off_mode"].tolist() == [0, 1, 1]


def test_min_hashes_are_equal_where_the_rare_values_are_and_absent_where_there_are_none():
    chance = np.random.default_rng(2)
    x = chance.normal(0, 1, (3000, 20)).astype(np.float32)
    made = fit(x)
    a, b = np.zeros((2, 20), np.float32)
    a[3] = b[3] = 50
    b[4] = 0.1
    _, found = numeric.normalised(made, np.stack([a, b, np.zeros(20, np.float32)]))
    assert (found["rare"][0] == found["rare"][1]).all()
    assert (found["rare"][0] > 0).all()
    assert (found["rare"][2] == 0).all()
    assert made.surprise.max() * SURPRISE_UNIT <= 8.001
    assert made.surprise.max() > RARE


def test_columns_in_one_unit_share_a_floor_and_others_are_judged_by_their_own_range():
    chance = np.random.default_rng(3)
    pixels = np.clip(chance.normal(0.5, 0.2, (2000, 12)), 0, 1)
    pixels[:, 0] = np.where(chance.random(2000) < 0.001, 1.0, 0.0)
    shared = fit(pixels)
    assert np.isclose(127 / 6 / shared.gain[0], 0.3 * 0.2, rtol=0.2)
    mixed = fit(np.stack([chance.normal(0, 1e6, 2000), chance.normal(0, 1e-3, 2000)], axis=1))
    assert np.allclose(127 / 6 / mixed.gain, [1e6, 1e-3], rtol=0.1)


@pytest.mark.parametrize("width", [WIDEST, WIDEST + 1, 3 * WIDEST])
def test_wide_inputs_are_folded_and_keep_their_distances(width):
    chance = np.random.default_rng(4)
    x = chance.normal(0, 1, (300, width)).astype(np.float32)
    made = fit(x)
    z, _ = numeric.normalised(made, x)
    assert z.shape == (300, WIDEST)
    assert (np.abs(z) <= 127).all()
    assert (np.rint(z) == z).all()
    near, far = x[0] + 0.1 * x[1], x[2]
    folded, _ = numeric.normalised(made, np.stack([x[0], near, far]).astype(np.float32))
    assert np.linalg.norm(folded[1] - folded[0]) < 0.2 * np.linalg.norm(folded[2] - folded[0])
