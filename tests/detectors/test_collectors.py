"""Newcomers none of whom asks for anything twice."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import collectors, novelty
from detectors.api import Scores
from detectors.young import CHANNELS, DEAREST, NAME, PLAIN, WHOLE, learn, novel
from detectors.young_pool import YoungPool
from detectors.young_words import young_alert
from schemas.signal import Sketch

RATES = np.array([0.027, 0.041, 0.052, 0.062, 0.072, 0.084, 0.1, 0.128])
BUDGET = 0.04
LOOKS = (4, 8, 16, 32, 64)


def nats(prompts, repeated=0):
    return novelty.nats(np.array([prompts]), np.array([repeated]), RATES)[0].tolist()


def visits(chance, name, start, prompts, rate, hours=1.0):
    """Sketches of one newcomer who repeats himself at a rate."""
    times = np.sort(start + chance.random(prompts) * hours * 3600)
    repeated = np.concatenate([[0], np.cumsum(chance.random(prompts - 1) < rate)])
    return [
        Sketch(
            principal=name, number=1, count=n, first=float(times[0]), last=float(times[n - 1]), z=b"", marks=[],
            record=f"r-{name}", novel=nats(n, int(repeated[n - 1])),
        )
        for n in LOOKS if n <= prompts
    ]  # fmt: skip


def told(sketches, pool=None):
    pool = pool or YoungPool()
    made = [pool.add(one, BUDGET) for one in sorted(sketches, key=lambda one: one.last)]
    return [one for one in made if one is not None]


def group(seed, many, rate, prompts=(40, 56)):
    chance = np.random.default_rng(seed)
    return [
        one
        for k in range(many)
        for one in visits(chance, f"s{k}", 1e6 + 10 * k, int(chance.integers(*prompts)), rate(chance))
    ]


def test_twenty_accounts_that_never_ask_twice_are_one_incident_of_distillation():
    made = told(group(1, 20, lambda chance: 0.0))
    alerts = [young_alert(one, model="chat", version="1", release="") for one in made]
    assert made[0].records < 400
    assert len({alert.id for alert in alerts}) == 1
    assert {alert.threat for alert in alerts} == {"distillation"}
    assert len(alerts[-1].principals) >= 18
    assert "sends every document once" in alerts[-1].message


def test_a_class_whose_members_ask_again_as_customers_do_is_left_alone():
    for seed in range(20):
        assert not told(group(seed, 40, lambda chance: chance.choice(RATES), (10, 60)))


def test_a_class_that_has_one_habit_is_left_alone_as_well():
    for seed in range(20):
        habit = np.random.default_rng(seed).choice(RATES)
        assert not told(group(seed, 40, lambda chance, habit=habit: habit, (10, 60)))


def test_honest_newcomers_in_between_do_not_hide_them():
    chance = np.random.default_rng(3)
    honest = [one for k in range(5) for one in visits(chance, f"h{k}", 1e6 + 40 * k, 30, 0.08)]
    assert told(honest + group(3, 20, lambda chance: 0.0))


def test_one_collector_and_three_short_visitors_are_no_group():
    chance = np.random.default_rng(4)
    lone = visits(chance, "lone", 1e6, 400, 0.0)
    short = [one for k in range(3) for one in visits(chance, f"h{k}", 1e6 + 60 * k, 16, 0.0)]
    assert not told(lone + short)


@given(st.integers(2, 40))
def test_a_newcomer_at_a_customers_rate_pays_at_most_one_on_average(prompts):
    n, mean = prompts - 1, 0.0
    for k in range(prompts):
        chance = comb(n, k) * np.mean(RATES**k * (1 - RATES) ** (n - k))
        mean += chance * collectors.e(nats(prompts, k))
    assert mean <= 1 + 1e-9


def test_a_pool_of_collectors_goes_on_where_it_stopped():
    sketches = sorted(group(5, 20, lambda chance: 0.0), key=lambda one: one.last)
    whole, half = YoungPool(), YoungPool()
    for pool in (whole, half):
        told(sketches[:40], pool)
    half = YoungPool.from_bytes(half.to_bytes())
    for one in sketches[40:]:
        assert whole.add(one, BUDGET) == half.add(one, BUDGET)
    assert whole.to_bytes() == half.to_bytes()


class Known:
    def __init__(self, learnt):
        self.learnt = learnt


def harvest(prompts, repeated):
    whole = novelty.mixed(novelty.nats(prompts, repeated, RATES))
    return {PLAIN: Scores(np.zeros(len(prompts)), {"prompts": prompts, "repeated": repeated, "whole": whole})}


def test_where_visitors_of_the_clean_period_never_asked_twice_nobody_is_a_collector_for_it():
    slots = np.repeat(np.arange(60), 8)
    prompts = np.tile(np.arange(1.0, 9.0), 60)
    made = learn(harvest(prompts, np.zeros(480)), slots)
    assert 0 < made[f"{WHOLE}:8"][0] <= DEAREST
    scores, row = harvest(np.array([8.0]), np.array([0.0])), np.array([0])
    known = novel(Known({PLAIN: {"rates": RATES}, NAME: made}), scores, row, np.array([8]))
    fresh = novel(Known({PLAIN: {"rates": RATES}, NAME: {}}), scores, row, np.array([8]))
    assert collectors.mixed(known[0]) == pytest.approx(0, abs=1e-6)
    assert collectors.mixed(fresh[0]) > 0.4


def test_a_model_that_nobody_watches_for_harvests_has_no_collectors():
    assert novel(Known({}), {}, np.array([0, 1]), np.array([4, 4])) == [[], []]
    assert PLAIN in CHANNELS
    assert collectors.alike([[], []]) == 0
