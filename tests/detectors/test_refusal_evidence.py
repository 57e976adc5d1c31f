import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import refusal_evidence as evidence

START = 1.75e9


def gathered(refused, usual, seconds=60.0):
    """Evidence of one caller after each answer, nats."""
    n = len(refused)
    rows, value, counts = np.zeros(2, evidence.state), np.zeros(n), np.zeros((n, 3))
    evidence.follow(
        np.array(refused, np.int8), START + seconds * np.arange(n), np.ones(n, bool), np.ones(n, np.int64), usual,
        rows, value, counts,
    )  # fmt: skip
    return value


def test_who_is_refused_again_and_again_gathers_evidence():
    value = gathered([0, 1, 1, 1, 1, 1], 0.05)
    assert (np.diff(value[1:]) > 1).all()
    assert value[-1] > 10


@pytest.mark.parametrize("usual", [0.2, 0.5])
def test_who_is_refused_less_than_usual_gathers_no_more_than_the_first_prompt_brings(usual):
    value = gathered([0] * 400, usual)
    assert value.max() <= np.log1p(400)  # R <- R + 1 at most, as anybody's
    assert value[-1] < gathered([0, 1] * 200, 0.05)[-1]


@given(st.floats(0.003, 0.5), st.floats(0, 1))
def test_nobody_at_or_below_the_usual_rate_gains_on_average(usual, part):
    """What an answer pays is an e-value for every rate up to the usual one."""
    rate = usual * part

    def pay(refused):
        return np.expm1(gathered([refused], usual)[0])

    assert rate * pay(1) + (1 - rate) * pay(0) <= 1 + 1e-9


def test_an_answer_that_is_not_logged_says_nothing():
    assert np.isnan(gathered([-1, -1], 0.05)).all()
