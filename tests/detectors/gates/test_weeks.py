from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.gates.weeks import stretches


class Day(NamedTuple):
    tail: np.ndarray
    who: np.ndarray
    crossed: np.ndarray
    crossed_by: np.ndarray


def day(peaks, *, crossed=()):
    """Peaks and thresholds as (principal, value) pairs."""
    tail, over = np.array(peaks or np.zeros((0, 2)), float), np.array(crossed or np.zeros((0, 2)), float)
    return Day(tail[:, 1], tail[:, 0].astype(np.uint64), over[:, 1], over[:, 0].astype(np.uint64))


DAYS = [(day([(1, 5.0), (2, 1.0)]), 0.0), (day([(1, 4.0), (2, 2.0)]), 0.0), (day([(1, 6.0), (3, 0.0)]), 0.0)]


@pytest.mark.parametrize(
    ("length", "expected"),
    [(1, [0, 1, 2, 4, 5, 6]), (2, [0, 1, 2, 5, 6]), (3, [0, 2, 6]), (7, [0, 2, 6])],
)
def test_of_each_principal_the_largest_peak_of_a_stretch_counts(length, expected):
    assert sorted(stretches(DAYS, length).peaks.tolist()) == expected


def test_stretches_are_counted_back_from_the_last_day():
    """Days one, and two with three: the first is alone."""
    assert sorted(stretches(DAYS, 2).peaks.tolist()) == [0, 1, 2, 5, 6]


def test_who_alerted_in_a_stretch_has_no_peak_in_it_and_crossed_the_highest_of_its_thresholds():
    days = [(day([(1, 5.0), (2, 1.0)]), 0.0), (day([(2, 2.0)], crossed=[(1, 5.5)]), 0.0)]
    days.append((day([(2, 3.0)], crossed=[(1, 5.0)]), 0.0))
    found = stretches(days, 3)
    assert found.peaks.tolist() == [3.0]
    assert found.crossed.tolist() == [5.5]


def test_peaks_and_thresholds_are_moved_to_today():
    found = stretches([(day([(1, 1.0)], crossed=[(2, 4.0)]), 0.5), (day([(1, 1.2)]), 0.0)], 2)
    assert found.peaks.tolist() == [1.5]
    assert found.crossed.tolist() == [4.5]


def test_nobody_is_another_each_time():
    found = stretches([(day([(0, 1.0)], crossed=[(0, 3.0)]), 0.0), (day([(0, 1.0)], crossed=[(0, 3.0)]), 0.0)], 2)
    assert found.peaks.tolist() == [1.0, 1.0]
    assert found.crossed.tolist() == [3.0, 3.0]


@given(
    held=st.lists(st.lists(st.tuples(st.integers(1, 6), st.floats(-5, 5)), max_size=8), min_size=1, max_size=9),
    length=st.integers(1, 7),
    level=st.floats(-5, 5),
)
def test_principals_above_a_level_are_counted_once_a_stretch(held, length, level):
    found = stretches([(day(list(dict(one).items())), 0.0) for one in held], length)
    blocks = [held[max(0, end - length) : end] for end in range(len(held), 0, -length)]
    expected = sum(len({who for one in block for who, peak in dict(one).items() if peak > level}) for block in blocks)
    assert (found.peaks > level).sum() == expected
