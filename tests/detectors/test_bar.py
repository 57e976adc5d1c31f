import numpy as np
import pytest

from detectors.bar import FEW, HIGHEST, LOWERED, LOWEST, MANY, bar, crossings
from detectors.change import LONGEST, votes


def margins(*values) -> np.ndarray:
    """Of one statistic, the margins of windows."""
    return np.array(values, float)[:, None]


def test_nothing_is_said_while_nothing_changes():
    r = np.random.default_rng(0)
    values = r.standard_normal((600, 20))
    for n in range(1, 601, 7):
        assert crossings(r.standard_normal((9, 20)), [8] * 9, values[max(0, n - LONGEST) : n]) == {}


def test_without_a_window_nothing_is_said():
    assert crossings(np.zeros((0, 20)), [], np.zeros((0, 20))) == {}


def test_the_bar_falls_with_the_principals_of_a_window():
    assert bar(6)[0] == bar(FEW)[0] == HIGHEST
    assert bar(MANY)[0] == bar(600)[0] == pytest.approx(LOWEST)
    assert np.all(np.diff(bar(np.arange(FEW, MANY))) < 0)


def test_the_window_farthest_beyond_its_bar_tells_of_the_change():
    found = crossings(margins(HIGHEST + 0.1, 0.3, -HIGHEST), [8, 48, 128], np.zeros((30, 1)))
    assert found[0].window == 2
    assert found[0].margin == pytest.approx(HIGHEST)
    assert found[0].tests == ()


def test_the_bar_is_lower_if_two_tests_agree():
    r = np.random.default_rng(1)
    quiet, moved = np.zeros((40, 1)), np.vstack([r.standard_normal((30, 1)), 3.0 + r.standard_normal((8, 1))])
    near = margins(HIGHEST - LOWERED / 2)
    assert crossings(near, [8], quiet) == {}
    assert len(crossings(near, [8], moved)[0].tests) >= 2
    assert crossings(margins(HIGHEST - 2 * LOWERED), [8], moved) == {}


def test_one_test_alone_lowers_nothing():
    r = np.random.default_rng(13)
    moved = np.concatenate([r.standard_normal(30), 1.5 + r.standard_normal(6)])
    assert len(votes(moved.tolist())) == 1
    assert crossings(margins(HIGHEST - LOWERED / 2), [8], moved[:, None]) == {}
    assert len(crossings(margins(HIGHEST), [8], moved[:, None])[0].tests) == 1
