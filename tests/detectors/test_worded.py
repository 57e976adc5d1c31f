"""Evidence over a caller's prompts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import worded
from detectors.worded import BETS, CAP, Law


@pytest.fixture(scope="module")
def law():
    chance = np.random.default_rng(1)
    return worded.learn(chance.normal(-5, 2, 20_000), chance.integers(0, 200, 20_000))


def follow(law, score, slots=None, time=None, trusted=None, rows=None):
    n = len(score)
    slots = np.zeros(n, np.int64) if slots is None else slots
    rows = np.zeros(int(slots.max(initial=0)) + 1, worded.state) if rows is None else rows
    value, single = np.empty(n), np.empty(n)
    time = np.arange(n) * 60.0 if time is None else time
    trusted = np.ones(n, np.bool_) if trusted is None else trusted
    counts = np.empty((n, 2), np.uint32)
    worded.follow(np.asarray(score, np.float64), time, trusted, slots, law, rows, value, single, counts)
    return value, single, rows


def test_a_score_costs_as_many_nats_as_few_honest_prompts_reach_it(law):
    score = np.random.default_rng(2).normal(-5, 2, 50_000)
    for share in (0.5, 0.1, 0.01, 0.001):
        at = float(np.quantile(score, 1 - share))
        assert worded.nats(at, law.knot, law.rate[0]) == pytest.approx(-np.log(share), rel=0.15)


def test_on_honest_prompts_a_bet_pays_one_on_average(law):
    score = np.random.default_rng(3).normal(-5, 2, 50_000)
    nats = np.array([worded.nats(x, law.knot, law.rate[0]) for x in score])
    pays = sum(b * np.exp((1 - b) * nats) for b in BETS) / len(BETS)
    assert np.minimum(pays, np.exp(CAP)).mean() == pytest.approx(1, abs=0.15)


def test_odd_prompts_add_up_and_ordinary_ones_between_them_cost_little(law):
    honest = np.random.default_rng(4).normal(-5, 2, 40)
    mixed = honest.copy()
    mixed[::4] = 0.5
    assert follow(law, mixed)[0][-1] > follow(law, honest)[0].max() + 3


def test_one_prompt_never_decides_alone(law):
    assert follow(law, [1e6])[0][0] <= CAP + 1


def test_evidence_fades(law):
    value, _, _ = follow(law, [3.0, -5.0], time=np.array([0.0, 30 * worded.DAY]))
    assert value[1] < value[0] / 2


def test_prompts_that_are_not_trusted_leave_no_trace(law):
    _, _, rows = follow(law, [3.0, 3.0], trusted=np.zeros(2, np.bool_))
    assert rows.tobytes() == np.zeros(1, worded.state).tobytes()


def test_a_loud_caller_does_not_decide_what_is_usual():
    score = np.concatenate([np.full(10_000, 5.0), np.random.default_rng(5).normal(-5, 1, 1_000)])
    slots = np.concatenate([np.zeros(10_000, np.int64), 1 + np.arange(1_000) % 100])
    law = worded.learn(score, slots)
    assert worded.nats(2.0, law.knot, law.rate[0]) > 1.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-20, 20)), max_size=60), st.integers(0, 60))
def test_evidence_does_not_depend_on_how_the_stream_is_cut(law, prompts, cut):
    slots, score = np.array([p[0] for p in prompts], np.int64), np.array([p[1] for p in prompts])
    time = np.arange(len(prompts)) * 10.0
    rows = np.zeros(5, worded.state)
    whole, _, state = follow(law, score, slots, time, rows=rows)
    again = np.zeros(5, worded.state)
    a, _, _ = follow(law, score[:cut], slots[:cut], time[:cut], rows=again)
    b, _, _ = follow(law, score[cut:], slots[cut:], time[cut:], rows=again)
    assert np.concatenate([a, b]).tobytes() == whole.tobytes()
    assert again.tobytes() == state.tobytes()


def test_the_law_is_made_of_plain_arrays():
    assert Law._fields == ("knot", "rate")


def test_where_all_honest_prompts_are_alike_one_more_of_them_is_no_evidence():
    law = worded.learn(np.full(500, -3.0), np.arange(500) % 20)
    assert worded.nats(-3.0, law.knot, law.rate[0]) == 0
    assert worded.nats(3.0, law.knot, law.rate[0]) > 4
