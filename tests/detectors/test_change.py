import numpy as np
import pytest

from detectors.change import LONGEST, changes, farthest, votes


def found(values, k=0):
    """The first change that is said as values come one by one: how many had come, and the change."""
    column = np.asarray(values, float)[:, None]
    for n in range(1, len(column) + 1):
        said = changes(column[max(0, n - LONGEST) : n])
        if said:
            return n, said[k]
    return None


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_said_while_nothing_changes(seed):
    values = np.random.default_rng(seed).standard_normal((600, 20))
    for n in range(1, 601):
        assert changes(values[max(0, n - LONGEST) : n]) == {}


@pytest.mark.parametrize(("shift", "within"), [(2.0, 14), (3.0, 8), (-3.0, 8)])
def test_a_shift_is_found_soon_and_two_tests_agree(shift, within):
    r = np.random.default_rng(1)
    n, change = found([*r.standard_normal(24), *(r.standard_normal(40) + shift)])
    assert 24 < n <= 24 + within
    assert abs(change.since - (n - 24)) <= 3
    assert len(change.tests) >= 2


def test_a_single_outlier_is_no_change():
    assert found([*np.random.default_rng(2).standard_normal(24), 60.0, 0.0]) is None


def test_a_drift_too_slow_for_one_look_is_still_found():
    r = np.random.default_rng(3)
    n, _ = found([*r.standard_normal(24), *(r.standard_normal(60) + 1.2)])
    assert n > 28


def test_a_margin_without_agreement_is_not_enough_unless_it_overwhelms():
    waves = np.tile([1.0, 0.9], 80)
    assert votes(waves.tolist()) == ()
    assert changes(waves[:, None] * 0.95) == {}
    assert list(changes(1.6 * waves[:, None])) == [0]


def test_the_change_is_placed_where_the_mean_lies_farthest_off():
    values = np.zeros((20, 2))
    values[-5:, 0] = 3.0
    values[-1:, 1] = -100.0
    since, margins = farthest(values)
    assert since.tolist() == [5, 1]
    assert margins == pytest.approx([3 * 5**0.5, 4.0])
    assert farthest(np.zeros((0, 3)))[1].tolist() == [0.0] * 3
