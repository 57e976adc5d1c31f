"""What a caller's prompts say together: refusals, chains of variants, kinds of attacks, novelty, spending."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import attack_kinds, novelty, refusal_evidence, spending, variants, worded
from detectors.attack_kinds import KINDS
from detectors.text.sketch import HASHES
from detectors.variants import Law

DAY = 86_400.0


def refusals(refused, time=None, usual=0.01, rows=None, clean=0.0):
    n = len(refused)
    rows = np.zeros(1, refusal_evidence.state) if rows is None else rows
    value, counts = np.empty(n), np.zeros((n, 3))
    time = 20 * DAY + np.arange(n) * 60.0 if time is None else time
    slots = np.zeros(n, np.int64)
    refusal_evidence.follow(np.asarray(refused, float), np.arange(1.0, n + 1), time, np.ones(n, bool), slots,
                            np.zeros(n), usual, clean, rows, value, counts)  # fmt: skip
    return value, counts, rows


def test_five_refusals_in_a_row_are_much_where_one_in_a_hundred_is_usual():
    assert refusals([1] * 5)[0][-1] > 9
    assert refusals([0, 0, 0, 1, 0, 0])[0].max() < 5


def test_on_honest_callers_a_bet_pays_one_on_average():
    chance = np.random.default_rng(1)
    made = [np.expm1(refusals([chance.random() < 0.01])[0][0]) for _ in range(20_000)]
    assert np.mean(made) == pytest.approx(1, abs=0.15)


def test_who_was_often_refused_before_is_held_to_his_own_rate_but_only_from_the_next_day_on():
    chance = np.random.default_rng(2)
    before = (chance.random(200) < 0.3).astype(float)
    clean = 22 * DAY
    _, _, rows = refusals(before, clean=clean)
    later = 25 * DAY + np.arange(20) * 60.0
    known = refusals((chance.random(20) < 0.3).astype(float), later, rows=rows, clean=clean)
    assert known[1][0, 2] == pytest.approx(0.27, abs=0.06)
    assert np.diff(known[0]).max() < 2
    assert refusals(before)[0][-1] > 30


def test_an_answer_that_is_not_logged_says_nothing():
    value, _, rows = refusals([-1, -1])
    assert np.isnan(value).all()
    assert not rows["today"].any()


@pytest.fixture(scope="module")
def law():
    chance = np.random.default_rng(3)
    laws = [worded.learn(chance.normal(-5, 2, 5000), chance.integers(0, 100, 5000)) for _ in range(2)]
    knot, rate = np.stack([one.knot for one in laws]), np.concatenate([one.rate for one in laws])
    return Law(knot, rate, np.array([0.01]), np.sort(1 + chance.poisson(2, 100)).astype(np.float32))


def chain(law, logits, refused, hashes, surface=None, cuts=(), rows=None):
    n = len(logits)
    rows = np.zeros(1, variants.state) if rows is None else rows
    sketch = np.zeros((n, HASHES + 2), np.float32)
    sketch[:, :HASHES] = np.asarray(hashes)[:, None] * 100 + np.arange(HASHES)
    sketch[:, -1] = np.arange(n) if surface is None else surface
    direction = np.zeros((n, 64), np.float32)
    direction[np.arange(n), np.asarray(hashes) % 64] = 1
    made, score = variants.blank(n), np.asarray(logits, float)[:, None] * np.ones(2)
    time, refused = 1e9 + np.arange(n) * 60.0, np.asarray(refused, float)
    edges = [0, *cuts, n]
    for a, b in pairwise(edges):
        some = slice(a, b)
        part = variants.Seen(*(column[some] for column in made))
        variants.follow(score[some], refused[some], sketch[some], direction[some], time[some], np.ones(b - a, bool),
                        np.zeros(b - a, np.int64), law, rows, part)  # fmt: skip
    return made


def test_twenty_refused_rewordings_are_one_chain_and_strong_evidence(law):
    made = chain(law, [-3] * 20, [1] * 20, [7] * 20)
    assert made.variants[-1] == 20
    assert made.refused[-1] == 20
    assert made.value[-1] > 30


def test_an_answer_after_refusals_is_told(law):
    made = chain(law, [-3] * 5, [1, 1, 1, 0, 0], [7] * 5)
    assert made.turned.tolist() == [0, 0, 0, 1, 1]
    assert made.value[3] > made.value[2]


def test_a_text_that_is_polished_all_day_is_a_long_chain_and_little_evidence(law):
    made = chain(law, np.random.default_rng(4).normal(-5, 2, 40), [0] * 40, [7] * 40)
    assert made.variants[-1] == 40
    assert made.value.max() < 12


def test_a_request_sent_again_is_no_variant(law):
    made = chain(law, [0] * 10, [1] * 10, [7] * 10, surface=[1] * 10)
    assert made.variants[-1] == 1


def test_unrelated_prompts_are_chains_of_their_own(law):
    assert chain(law, [-5] * 12, [0] * 12, range(12)).variants.max() == 1


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(1, 29)), st.integers(0, 5))
def test_cuts_do_not_matter_to_chains(cuts, seed):
    chance = np.random.default_rng(seed)
    knots = np.sort(chance.normal(-5, 2, (2, 1024)), axis=1)
    law = Law(knots, np.ones(2), np.array([0.02]), np.arange(1, 9, dtype=np.float32))
    rows = chance.normal(-3, 2, 30), chance.integers(-1, 2, 30), chance.integers(0, 4, 30)
    whole, cut = chain(law, *rows), chain(law, *rows, cuts=sorted(cuts))
    assert all(a.tobytes() == b.tobytes() for a, b in zip(whole, cut, strict=True))


def kinds(law, logits):
    n = len(logits)
    rows, value, seen = np.zeros(1, attack_kinds.state), np.empty(n), np.empty((n, len(KINDS)))
    attack_kinds.follow(np.asarray(logits, float), np.arange(n) * 60.0, np.ones(n, bool), np.zeros(n, np.int64), law,
                        rows, value, seen, np.empty((n, 2), np.uint32))  # fmt: skip
    return value


def test_one_kind_of_attack_is_no_scan_and_five_are():
    chance = np.random.default_rng(5)
    law = attack_kinds.learn(chance.normal(-5, 2, (5000, len(KINDS))), chance.integers(0, 100, 5000))
    same, each = np.full((10, len(KINDS)), -6.0), np.full((10, len(KINDS)), -6.0)
    same[:, 2] = 9
    each[np.arange(10), np.arange(10) % 5] = 9
    assert kinds(law, same).max() == 0
    assert kinds(law, each)[-1] > 25


def novel(same, rates, rows=None, start=1e9, every=60.0):
    n = len(same)
    value, counts = np.empty(n), np.empty((n, 3))
    rows = np.zeros(1, novelty.state) if rows is None else rows
    time = start + np.arange(n) * every
    novelty.follow(np.asarray(same, float), np.full(n, np.log(51.0)), time, np.ones(n, bool), np.zeros(n, np.int64),
                   np.asarray(rates, float), rows, value, counts)  # fmt: skip
    return value, counts


def test_who_never_asks_again_collects_and_who_repeats_like_others_does_not():
    chance = np.random.default_rng(6)
    slots = np.repeat(np.arange(60), 100)
    asked = np.arange(6000)
    again = np.flatnonzero(chance.random(6000) < 0.06)
    asked[again[again % 100 > 0]] -= 1
    rates = novelty.learn(asked.astype(float), slots)
    assert 0.03 < np.median(rates) < 0.09
    assert novel(range(400), rates)[0][-1] > 10
    assert max(novel(asked[slots == k], rates)[0].max() for k in range(60)) < 7
    assert novel(range(400), rates)[1][-1].tolist() == [400, 0, pytest.approx(20_000)]


def test_who_stopped_collecting_is_not_held_to_it_for_ever():
    rates, rows = np.linspace(0.03, 0.12, novelty.RATES), np.zeros(1, novelty.state)
    collected = novel(range(5000), rates, rows)[0]
    assert collected[-1] > 30
    owner = np.repeat(np.arange(6000, 6100), 2)  # every prompt twice
    assert novel(owner, rates, rows.copy(), 1e9 + 4e5)[0][59] < 1
    assert novel([9999], rates, rows, 1e9 + 120 * DAY)[0][0] < 5


def test_a_harvest_of_thirty_prompts_a_day_is_found_though_evidence_fades():
    assert novel(range(300), np.linspace(0.03, 0.12, novelty.RATES), every=DAY / 30)[0].max() > 7


def spent(law, sent, answer, latency, rows, slots=None):
    x, y, there = spending.inputs(np.asarray(sent, np.float32), np.asarray(answer, np.float32), np.asarray(latency))
    made = spending.blank(len(x))
    slots = np.ones(len(x), np.int64) if slots is None else slots
    time = 30 * DAY + np.arange(len(x)) * 10.0
    spending.follow(x, y, there, time, np.ones(len(x), bool), slots, law, rows, made)
    return made


@pytest.fixture(scope="module")
def usual():
    chance = np.random.default_rng(7)
    sent, slots = chance.normal(4, 1, 6000), chance.integers(1, 80, 6000)
    answer = 2 + 0.5 * sent + chance.normal(0, 0.4, 6000)
    latency = np.exp(-1 + 0.8 * answer + chance.normal(0, 0.2, 6000))
    return sent, answer, latency, spending.learn(*spending.inputs(sent, answer, latency), slots)


def test_answers_far_longer_than_their_requests_deserve_are_told(usual):
    sent, answer, latency, law = usual
    rows = np.zeros(3, spending.state)
    honest = spent(law, sent[:300], answer[:300], latency[:300], rows, np.full(300, 2))
    sponge = spent(law, sent[:8], answer[:8] + 3, np.exp(-1 + 0.8 * (answer[:8] + 3)), rows)
    assert honest.value.max() < 8
    assert sponge.value[-1] > 15
    assert sponge.counts[-1].tolist() == [8, 8]


def test_the_regression_follows_a_slower_model_and_hardly_a_single_caller(usual):
    sent, answer, latency, law = usual
    chance = np.random.default_rng(8)
    rows = np.zeros(4000, spending.state)
    many = spent(law, sent, answer, latency * 1.5, rows, chance.integers(1, 4000, len(sent)))
    assert abs(np.median(many.residual[-500:, 1])) < 0.3
    alone = np.zeros(3, spending.state)
    spent(law, sent, answer + 4, latency, alone)
    after = spent(law, sent[:200], answer[:200], latency[:200], alone, np.full(200, 2))
    assert after.residual[:, 0].mean() > -2  # of ten


def test_what_is_not_logged_is_no_reason(usual):
    law = usual[-1]
    made = spent(law, [4.0, 4.0], [-1.0, -1.0], [np.nan, -1.0], np.zeros(2, spending.state))
    assert np.isnan(made.value).all()
    nothing = spending.learn(*spending.inputs(np.ones(9), np.full(9, -1), np.full(9, np.nan)), np.arange(9))
    assert not nothing.usable.any()
