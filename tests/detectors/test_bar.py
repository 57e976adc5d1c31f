import numpy as np
import pytest

from detectors.bar import FEW, HIGHEST, LOWERED, LOWEST, MANY, QUIETEST, USUAL, bar, crossings
from detectors.change import LONGEST, votes


def margins(*values) -> np.ndarray:
    """Of one statistic, the margins of windows."""
    return np.array(values, float)[:, None]


def bars(*principals) -> np.ndarray:
    """The bars of windows with so many principals."""
    return bar(np.array(principals)[:, None])


def test_nothing_is_said_while_nothing_changes():
    r = np.random.default_rng(0)
    values = r.standard_normal((600, 20))
    for n in range(1, 601, 7):
        assert crossings(r.standard_normal((9, 20)), bars(*[8] * 9), values[max(0, n - LONGEST) : n]) == {}


def test_without_a_window_nothing_is_said():
    assert crossings(np.zeros((0, 20)), np.zeros((0, 20)), np.zeros((0, 20))) == {}


def test_the_bar_falls_with_the_principals_of_a_window():
    assert bar(6) == bar(FEW) == HIGHEST
    assert bar(MANY) == bar(600) == pytest.approx(LOWEST)
    assert np.all(np.diff(bar(np.arange(FEW, MANY))) < 0)


def test_as_many_windows_cross_it_in_a_busy_stream_as_in_a_usual_one():
    # exp(-b^2 / 2) times the number of windows stays what it is
    busy = bar(50, 10 * USUAL)
    assert 10 * np.exp(-(busy**2) / 2) == pytest.approx(np.exp(-(LOWEST**2) / 2))


@pytest.mark.parametrize("principals", [6, 20, 100])
def test_a_move_of_few_needs_more_where_there_is_much_traffic(principals):
    assert bar(principals, 4 * USUAL, True) > bar(principals, 4 * USUAL, False) > bar(principals)
    assert bar(principals, USUAL, True) == bar(principals, USUAL, False)


def test_a_quiet_stream_needs_less_but_not_ever_less():
    quiet = [float(bar(20, part * USUAL, few)) for part in (1.0, 0.5, QUIETEST) for few in (False, True)]
    assert quiet == sorted(quiet, reverse=True)
    assert quiet[0] > quiet[-1] > 4.0
    assert bar(20, 0.0) == bar(20, QUIETEST * USUAL)


@pytest.mark.parametrize("pace", [0.0, USUAL / 2, USUAL, 3 * USUAL])
def test_each_window_and_statistic_has_a_bar_of_its_own(pace):
    few = np.array([[True, False], [False, False]])
    assert bar(np.array([[8], [64]]), pace, few).shape == (2, 2)


def test_a_window_of_few_principals_has_the_highest():
    few = np.array([[True, False], [False, False]])
    made = bar(np.array([[8], [64]]), 3 * USUAL, few)
    assert made[0, 0] > made[0, 1] > made[1, 0] == made[1, 1]


def test_the_window_farthest_beyond_its_bar_tells_of_the_change():
    found = crossings(margins(HIGHEST + 0.1, 0.3, -HIGHEST), bars(8, 48, 128), np.zeros((30, 1)))
    assert found[0].window == 2
    assert found[0].margin == pytest.approx(HIGHEST)
    assert found[0].bar == pytest.approx(LOWEST)
    assert found[0].tests == ()


def test_the_bar_is_lower_if_two_tests_agree():
    r = np.random.default_rng(1)
    quiet, moved = np.zeros((40, 1)), np.vstack([r.standard_normal((30, 1)), 3.0 + r.standard_normal((8, 1))])
    near = margins(HIGHEST - LOWERED / 2)
    assert crossings(near, bars(8), quiet) == {}
    found = crossings(near, bars(8), moved)[0]
    assert len(found.tests) >= 2
    assert found.bar == pytest.approx(HIGHEST - LOWERED)
    assert crossings(margins(HIGHEST - 2 * LOWERED), bars(8), moved) == {}


def test_one_test_alone_lowers_nothing():
    r = np.random.default_rng(13)
    moved = np.concatenate([r.standard_normal(30), 1.5 + r.standard_normal(6)])
    assert len(votes(moved.tolist())) == 1
    assert crossings(margins(HIGHEST - LOWERED / 2), bars(8), moved[:, None]) == {}
    assert len(crossings(margins(HIGHEST), bars(8), moved[:, None])[0].tests) == 1
