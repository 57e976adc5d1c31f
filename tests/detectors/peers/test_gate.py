import numpy as np
import pytest

from detectors.peers.gate import burn_in, crossings, epochs
from detectors.plan import DAY, Plan

PLAN = Plan(burn_in=DAY, alerts_per_day=2)


@pytest.fixture(scope="module")
def days(traffic):
    """Ten days of a hundred principals with normal scores."""
    random = np.random.default_rng(7)
    count = 20_000
    rows = traffic(np.zeros((count, 1)), random.integers(0, 100, count), np.sort(random.random(count)) * 10 * DAY)
    return rows, random.normal(size=count)


def test_false_alerts_keep_to_the_whole_budget(days):
    raised = crossings(*days, PLAN)
    assert 0 < len(raised) / 9 <= 4
    assert (days[0].time[raised] >= days[0].time[0] + DAY).all()


def test_who_stands_out_is_found_once_a_day_and_at_the_first_record(days):
    rows, scores = days
    high = np.flatnonzero((rows.principal == 3) & (rows.time > 2 * DAY) & (rows.time < 2.9 * DAY))
    loud = scores.copy()
    loud[high] = 40.0
    raised = crossings(rows, loud, PLAN)
    assert high[0] in raised
    assert not set(high[1:]) & set(raised)


def test_alerts_do_not_depend_on_the_scores_unit(days):
    rows, scores = days
    assert np.array_equal(crossings(rows, scores, PLAN), crossings(rows, 1000 * scores + 5, PLAN))


def test_no_opinion_raises_nothing(days):
    rows, scores = days
    assert not len(crossings(rows, np.full(len(scores), np.nan), PLAN))


def test_the_burn_in_is_the_first_day_of_the_log():
    time = np.array([10.0, 20.0, DAY, DAY + 9, DAY + 10, DAY + 5])
    assert burn_in(time, PLAN) == 4
    assert epochs(time, PLAN).tolist() == [1, 1, 1, 1, 2, 2]
