"""Requests without an answer: who alone gets none is told of; an outage, which meets everybody, accuses nobody."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import unanswered_evidence as evidence
from detectors.library.unanswered import Unanswered
from schemas.batch import HALF, UNANSWERED

START = 1_767_571_200.0
FLOOR = Unanswered().floor
HOUR, DAY = 3600.0, 86_400.0
SUSPECT = 1  # whose slot it is in all that follows


def traffic(spells, *, seed=0):
    """Requests in order of time from (slot, begin, end, requests an hour, share without an answer)."""
    chance = np.random.default_rng(seed)
    time, slot, lone = [], [], []
    for who, begin, end, rate, share in spells:
        n = chance.poisson((end - begin) / HOUR * rate)
        time.append(START + chance.uniform(begin, end, n))
        slot.append(np.full(n, who))
        lone.append(np.where(chance.random(n) < share, UNANSWERED, 0))
    time, slot, lone = np.concatenate(time), np.concatenate(slot), np.concatenate(lone)
    order = np.argsort(time, kind="stable")
    return time[order], slot[order], lone[order].astype(np.uint8)


def scores(time, slot, lone, *, rows=None):
    """The detector's score of each request, by an empty state unless one is given."""
    rows = np.zeros(64, evidence.state) if rows is None else rows
    made = evidence.blank(len(time))
    evidence.follow(lone, time, np.ones(len(time), np.bool_), slot, rows, made)
    return np.maximum(made.value - FLOOR, 0.0)


def others(share=0.01, *, begin=0.0, end=6 * HOUR, count=12, rate=30.0):
    return [(2 + k, begin, end, rate, share) for k in range(count)]


def test_a_caller_who_alone_gets_no_answers_is_told_of_within_minutes():
    time, slot, lone = traffic([*others(), (SUSPECT, 3 * HOUR, 4 * HOUR, 200, 0.8)])
    value = scores(time, slot, lone)
    own = slot == SUSPECT
    assert value[own].max() > 20
    assert value[~own].max() < 2
    reached = time[own][np.argmax(value[own] > 10)]
    assert reached - (START + 3 * HOUR) < 900


def test_a_caller_who_seldom_comes_is_told_of_too():
    time, slot, lone = traffic([*others(end=20 * HOUR), (SUSPECT, 2 * HOUR, 20 * HOUR, 2, 0.9)])
    assert scores(time, slot, lone)[slot == SUSPECT].max() > 10


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("minutes", [3, 20, 120])
def test_an_outage_of_everybody_accuses_nobody(share, minutes):
    end = 3 * HOUR + 60 * minutes
    spells = [*others(end=3 * HOUR), *others(share, begin=3 * HOUR, end=end), *others(begin=end, end=8 * HOUR)]
    time, slot, lone = traffic(spells)
    assert scores(time, slot, lone).max() < 2.5


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([300, 3000]), st.floats(0.4, 1.0), st.floats(2, 60))
def test_whoever_sends_most_in_an_outage_is_not_accused(seed, rate, share, minutes):
    end = 3 * HOUR + 60 * minutes
    spells = [*others(end=3 * HOUR), *others(share, begin=3 * HOUR, end=end), *others(begin=end, end=6 * HOUR)]
    own = [(SUSPECT, 0, 3 * HOUR, rate, 0.01), (SUSPECT, 3 * HOUR, end, rate, share), (SUSPECT, end, 6 * HOUR, rate, 0)]
    time, slot, lone = traffic([*spells, *own], seed=seed)
    assert scores(time, slot, lone)[slot == SUSPECT].max() < 3


def test_a_client_that_always_failed_is_used_to_it_the_next_day():
    time, slot, lone = traffic([*others(end=3 * DAY, rate=10), (SUSPECT, 0, 3 * DAY, 20, 0.4)])
    value = scores(time, slot, lone)
    own, days = slot == SUSPECT, ((time - START) // DAY).astype(int)
    assert value[own & (days == 0)].max() > 10
    later = own & (time > START + 2 * DAY)
    assert value[later][-20:].max() < 5


def test_nobody_is_judged_while_nobody_else_is_heard():
    time, slot, lone = traffic([(SUSPECT, 0, 6 * HOUR, 100, 0.9)])
    assert scores(time, slot, lone).max() == 0


def test_a_crowd_of_new_accounts_cannot_pass_for_an_outage():
    crowd = [(20 + k, 30 * HOUR, 32 * HOUR, 60, 1.0) for k in range(40)]
    time, slot, lone = traffic([*others(end=32 * HOUR), *crowd, (SUSPECT, 30 * HOUR, 32 * HOUR, 100, 0.9)])
    assert scores(time, slot, lone)[slot == SUSPECT].max() > 20


def test_half_an_answer_and_half_a_repetition_say_nothing():
    time, slot, lone = traffic([*others(), (SUSPECT, 0, 6 * HOUR, 100, 1.0)])
    assert scores(time, slot, np.where(lone > 0, HALF, lone).astype(np.uint8)).max() == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), max_size=6), st.integers(0, 50))
def test_cuts_change_no_bit(cuts, seed):
    time, slot, lone = traffic([*others(0.05), (SUSPECT, HOUR, 3 * HOUR, 200, 0.5)], seed=seed)
    whole, rows = scores(time, slot, lone), np.zeros(64, evidence.state)
    edges = [0, *sorted(min(cut, len(time)) for cut in cuts), len(time)]
    some = [scores(time[a:b], slot[a:b], lone[a:b], rows=rows) for a, b in pairwise(edges)]
    assert np.concatenate(some).tobytes() == whole.tobytes()
