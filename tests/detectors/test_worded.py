"""Evidence over a caller's prompts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import worded
from detectors.worded import CAP, HARD, SLOPE, TAIL, Law


@pytest.fixture(scope="module")
def law():
    chance = np.random.default_rng(1)
    return worded.learn(chance.normal(-5, 2, 20_000), chance.integers(0, 200, 20_000))


def follow(law, score, slots=None, time=None, trusted=None, rows=None, own=None, begins=0.0):
    n = len(score)
    slots = np.zeros(n, np.int64) if slots is None else slots
    rows = np.zeros(int(slots.max(initial=0)) + 1, worded.state) if rows is None else rows
    value, single = np.empty(n), np.empty(n)
    time = np.arange(n) * 60.0 if time is None else time
    trusted = np.ones(n, np.bool_) if trusted is None else trusted
    counts = np.empty((n, 2), np.uint32)
    rest = (np.asarray(score, np.float64), time, trusted, slots, law, rows, value, single, counts)
    if own is None:
        worded.follow(*rest)
    else:
        worded.follow_own(*rest, own, begins)
    return value, single, rows


def test_a_score_costs_as_many_nats_as_few_honest_prompts_reach_it(law):
    score = np.random.default_rng(2).normal(-5, 2, 50_000)
    for share in (0.5, 0.1, 0.01, 0.001):
        at = float(np.quantile(score, 1 - share))
        assert worded.nats(at, law.knot, law.rate[0]) == pytest.approx(-np.log(share), rel=0.15)


def test_on_honest_prompts_a_bet_pays_at_most_one_on_average_even_if_three_in_ten_are_about_hard_subjects(law):
    chance = np.random.default_rng(3)
    nats = np.where(chance.random(50_000) < HARD, chance.exponential(1 / SLOPE, 50_000), chance.exponential(1, 50_000))
    score = np.interp(1 - np.exp(-nats), (np.arange(1024) + 0.5) / 1024, law.knot)
    score = np.where(nats > 4, law.knot[int(1024 * 0.98)] + (nats + np.log(TAIL)) / law.rate[0], score)
    pays = [np.expm1(follow(law, [one])[0][0]) for one in score[:4000]]
    assert np.mean(pays) < 1.3
    honest = chance.normal(-5, 2, 4000)
    assert np.mean([np.expm1(follow(law, [one])[0][0]) for one in honest]) < 0.9


def test_odd_prompts_add_up_though_every_other_one_is_ordinary_and_one_in_four_is_nothing(law):
    honest = np.random.default_rng(4).normal(-5, 2, 40)
    mixed = honest.copy()
    mixed[::2] = 1.5
    assert follow(law, mixed)[0][-1] > follow(law, honest)[0].max() + 3
    fewer = honest.copy()
    fewer[::4] = 0.5
    assert follow(law, fewer)[0].max() < follow(law, honest)[0].max() + 3


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


def test_who_is_his_own_reference_is_only_watched_at_first_and_then_held_to_what_he_did(law):
    chance = np.random.default_rng(5)
    score = chance.normal(0, 1, 400)  # odd to everybody else
    time = np.arange(400) * 1200.0
    strange = follow(law, score, time=time)[0]
    value, _, rows = follow(law, score, time=time, own=np.ones(400, np.bool_), begins=3 * worded.DAY)
    assert np.isnan(value[:216]).all()
    assert np.nanmax(value) < 8 < strange.max() / 4
    later, _, _ = follow(law, np.full(30, 9.0), time=time[-1] + np.arange(30.0), rows=rows, own=np.ones(30, np.bool_),
                         begins=3 * worded.DAY)  # fmt: skip
    assert later[-1] > 20


def test_patterns_name_principals():
    names, code = ["red-team-1", "u-7", "u-8"], np.array([0, 1, 2, 0], np.int32)
    assert worded.named(names, code, "red-team-*, u-8").tolist() == [True, False, True, True]
    assert not worded.named(names, code, "").any()
