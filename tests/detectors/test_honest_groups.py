import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors import honest_groups
from detectors.affinity import PER_Z
from detectors.honest_groups import CEILING, FLOOR, RATE, START, expected, threshold
from detectors.members import Members
from detectors.statistics import TABLE
from schemas.signal import Sketch


def known(groups) -> Members:
    """Clean principals: for each group a level (64,) of deviations, how many are at it, and how near."""
    made, r = Members(500), np.random.default_rng(0)
    for number, (level, size, spread) in enumerate(groups):
        for k in range(size):
            z = np.clip((level + r.normal(0, spread, len(TABLE))) * PER_Z, -127, 127).astype(np.int8)
            made.take(
                Sketch(principal=f"{number}-{k}", number=1, count=64, first=0.0, last=1.0, z=z.tobytes(), marks=[])
            )
    return made


def test_groups_of_clean_principals_are_counted_once_the_most_suspicious_first():
    odd = np.where(np.arange(64) % 3 == 0, 4.0, 0.0)
    found = honest_groups.scores(known([(odd, 5, 0.1), (-odd, 7, 0.1), (np.zeros(64), 60, 0.6)]))
    assert len(found) == 2
    assert found == sorted(found, reverse=True)


def test_clean_principals_who_have_nothing_in_common_make_no_group():
    r = np.random.default_rng(1)
    assert honest_groups.scores(known([(r.normal(0, 0.6, 64), 1, 0.1) for _ in range(40)])) == []
    assert honest_groups.scores(Members(10)) == []


def test_without_groups_in_the_clean_period_the_laboratory_decides():
    assert threshold([], 1.0, RATE) == START
    assert expected([], 1.0, START) == RATE


def test_groups_in_the_clean_period_raise_the_threshold_in_proportion_to_newcomers():
    few, many = threshold([2.0, 2.0], 0.1, 0.1), threshold([2.0, 2.0], 1.0, 0.1)
    assert threshold([], 1.0, 0.1) <= few < many


@given(st.lists(st.floats(-3, 9), max_size=20), st.floats(0, 50), st.floats(0.001, 10))
def test_a_threshold_is_never_exceeded_more_often_than_the_budget_says_unless_the_burn_in_is_not_trusted(
    usual, rate, budget
):
    found = threshold(usual, rate, budget)
    assert found >= FLOOR
    assert expected(usual, rate, found) <= budget * 1.01 or found >= CEILING * (1 - 1e-6)
    if found > CEILING:
        assert found == threshold([], rate, budget)


@given(st.lists(st.floats(-3, 9), max_size=20), st.floats(0, 50), st.floats(0.001, 10), st.floats(0.001, 10))
def test_a_larger_budget_never_asks_for_more(usual, rate, one, other):
    assert threshold(usual, rate, max(one, other)) <= threshold(usual, rate, min(one, other)) + 1e-6
