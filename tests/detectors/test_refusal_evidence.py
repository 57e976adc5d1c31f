import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import refusal_evidence as evidence

START = 1.75e9


def gathered(refused, usual, seconds=60.0, same=None, rows=None, start=START, clean=0.0, watched=0.0):
    """Evidence of one caller after each answer, nats."""
    n = len(refused)
    rows = np.zeros(2, evidence.state) if rows is None else rows
    same = np.arange(1.0, n + 1) if same is None else np.asarray(same, float)
    value, counts = np.zeros(n), np.zeros((n, 3))
    evidence.follow(
        np.array(refused, np.int8), same, start + seconds * np.arange(n), np.ones(n, bool), np.ones(n, np.int64),
        np.full(n, watched), usual, clean, rows, value, counts,
    )  # fmt: skip
    return value


def usually(days, usual=0.01, rows=None, start=START):
    """Rate that is usual with a caller at the end of each day, of lists of refusals."""
    rows, made = np.zeros(2, evidence.state) if rows is None else rows, []
    for k, refused in enumerate(days):
        gathered(refused, usual, rows=rows, start=start + k * evidence.DAY)
        made.append(float(rows["usual"][1]))
    return made


def test_who_is_refused_again_and_again_gathers_evidence():
    value = gathered([0, *[1] * 9], 0.05)
    assert (np.diff(value[1:]) > 0.9).all()
    assert value[-1] > 10


def test_two_refusals_of_a_customer_are_little_and_one_that_is_sent_again_is_nothing():
    day = [0] * 5 + [1, 0, 1, 0, 0]
    assert gathered(day, 0.003).max() < 8
    sent = [1, 2, 3, 4, 5, 6, 7, 6, 8, 9]
    assert gathered(day, 0.003, same=sent)[7] <= gathered(day, 0.003, same=sent)[5]


def test_a_rate_that_rises_for_good_is_usual_after_some_weeks():
    chance = np.random.default_rng(1)
    first = usually([chance.random(100) < 0.01 for _ in range(14)], rows=(rows := np.zeros(2, evidence.state)))
    later = usually([chance.random(100) < 0.04 for _ in range(35)], rows=rows, start=START + 14 * evidence.DAY)
    assert first[-1] < 0.02
    assert later[2] < 0.03
    assert 0.03 < later[-1] < 0.06


def test_who_is_refused_all_day_is_not_thereby_usual():
    chance = np.random.default_rng(2)
    rows = np.zeros(2, evidence.state)
    usually([chance.random(60) < 0.01 for _ in range(10)], rows=rows)
    after = usually([[1] * 60 for _ in range(7)], rows=rows, start=START + 10 * evidence.DAY)
    assert max(after) < 0.04


def test_what_the_clean_period_taught_is_taken_as_it_is():
    rows, day = np.zeros(2, evidence.state), [1, 0, 0] * 60
    gathered(day, 0.01, rows=rows, clean=START + evidence.DAY)
    gathered([0], 0.01, rows=rows, start=START + evidence.DAY, clean=START + evidence.DAY)
    assert rows["usual"][1] == pytest.approx(0.3, abs=0.02)


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


def test_who_is_his_own_reference_is_only_watched_at_first_and_then_held_to_his_rate():
    chance, rows, watched = np.random.default_rng(3), np.zeros(2, evidence.state), 3 * evidence.DAY
    days = [START + k * evidence.DAY for k in range(6)]
    first = [gathered(chance.random(80) < 0.4, 0.01, rows=rows, start=day, watched=watched) for day in days[:3]]
    assert all(np.isnan(value).all() for value in first)
    later = gathered(chance.random(80) < 0.4, 0.01, rows=rows, start=days[4], watched=watched)
    assert later.max() < 5
    more = gathered([1] * 60, 0.01, rows=rows, start=days[5], watched=watched)
    assert more.max() > 15
