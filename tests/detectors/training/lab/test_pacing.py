"""Pacing: how fast, in which rhythm, from how many accounts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.training.lab.pacing import CLOCKS, PACINGS, laid_out, schedule
from detectors.training.lab.types import DAY, Place
from detectors.training.lab.victims import victim

VICTIM = victim("wines-network", 1, 0.1)


def place(seed, days=6):
    return Place(VICTIM, np.random.default_rng(seed), days, DAY, days * DAY)


@given(st.integers(1, 300), st.sampled_from(PACINGS), st.sampled_from([None, *CLOCKS]), st.integers(0, 99))
def test_every_record_has_its_time_between_start_and_end(n, pacing, clock, seed):
    plan = schedule(n, pacing, place(seed), clock)
    assert plan.time.shape == plan.account.shape == (n,)
    assert plan.time.min() >= DAY
    assert plan.time.max() < 6 * DAY
    assert all((np.diff(plan.time[plan.account == one]) >= 0).all() for one in np.unique(plan.account))


def test_fast_takes_minutes_human_hours_and_slow_days():
    length = {
        speed: np.median([np.ptp(laid_out(1000, speed, "poisson", place(seed))) for seed in range(15)])
        for speed in ("hasty", "fast", "human", "slow")
    }
    assert length["hasty"] < 300
    assert length["hasty"] < length["fast"] < 3000
    assert DAY < length["human"] < 5 * DAY
    assert length["slow"] > 2.4 * DAY


@pytest.mark.parametrize("seed", range(5))
def test_what_must_be_fast_is_fast_from_any_number_of_accounts(seed):
    plan = schedule(2000, "sybil", place(seed), "desk", hasty=True)
    assert len(np.unique(plan.account)) >= 5
    assert all(np.ptp(plan.time[plan.account == one]) <= 600 for one in np.unique(plan.account))
