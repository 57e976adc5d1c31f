"""After a change of everybody's inputs thresholds come from what everybody shows since."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.gates import changed, conformal, payment

ALPHAS = np.array([0.001, 0.01, 0.1])
THRESHOLDS = np.array([5.0, 3.0, 1.0])
KNOWN = 60


def crossed(slots, scores, *, since=(), epochs=None, state=None):
    """Alerting rows, where everything changes at some; the first 60 slots are known, and all pay about a fiftieth."""
    if state is None:
        state = np.zeros(200, conformal.state), payment.opened(budget=2.5, forecast=100, newcomers=0.2)
        conformal.acquaint(state[0], np.arange(KNOWN))
    made = conformal.cross(
        np.array(slots, np.int64),
        np.full(len(slots), 5) if epochs is None else np.array(epochs, np.int64),
        np.array(scores, float),
        alphas=ALPHAS,
        thresholds=THRESHOLDS,
        rows=state[0],
        meter=state[1],
        changes=np.isin(np.arange(len(slots)), since),
    )
    return made.rows.tolist(), made.threshold, state


def crowd(level, seed=1):
    """Sixty known principals twice, as loud as ``level`` and a little more or less."""
    return np.arange(2 * KNOWN) % KNOWN, level + np.random.default_rng(seed).normal(0, 0.3, 2 * KNOWN)


def test_what_everybody_shows_is_held_against_nobody():
    slots, scores = crowd(4.0)
    assert len(crossed(slots, scores)[0]) > 3
    assert crossed(slots, scores, since=0)[0] == []


def test_who_goes_beyond_the_others_is_told_of_all_the_same():
    slots, scores = crowd(4.0)
    for attacker in (3, 150):
        rows, thresholds, _ = crossed(np.append(slots, attacker), np.append(scores, 7.5), since=0)
        assert rows == [2 * KNOWN]
        assert 4.5 < thresholds[0] < 7.5


def test_alerts_before_the_change_are_raised_as_ever():
    slots, scores = crowd(4.0)
    rows, _, _ = crossed(np.append([70], slots), np.append(6.0, scores), since=1)
    assert rows == [0]


def test_where_hardly_anybody_was_heard_since_nobody_alerts_yet():
    slots, scores = np.arange(changed.LEAST), np.full(changed.LEAST, 9.0)
    assert crossed(slots, scores, since=0)[0] == []
    once = np.append(np.arange(changed.LEAST), [150, 150])
    assert crossed(once, [4.0, 4.1, 3.9, 4.2, 4.0, 4.1, 40.0, 40.0], since=0)[0] == [changed.LEAST]


def test_who_was_held_back_is_told_of_when_enough_others_were_heard():
    slots = np.append(np.append(150, np.arange(20)), 150)
    scores = np.append(np.append(9.0, np.full(20, 4.0)), 9.0)
    assert crossed(slots, scores, since=0)[0] == [21]


def test_a_crowd_of_new_accounts_changes_nobodys_threshold():
    slots, scores = crowd(4.0)
    flood = np.arange(80, 140)
    rows, _, _ = crossed(
        np.concatenate([slots, flood, [3]]), np.concatenate([scores, np.full(60, 4.5), [7.5]]), since=0
    )
    assert rows == [len(slots) + len(flood)]


def test_a_change_is_in_force_for_three_epochs():
    _, _, state = crossed(*crowd(0.0), since=0)
    for epoch, held in ((6, True), (7, True), (8, False)):
        slots, scores = crowd(4.0, epoch)
        rows, _, state = crossed(slots, scores, epochs=np.full(len(slots), epoch), state=state)
        assert (rows == []) is held


def test_where_no_more_are_loud_than_on_other_days_a_change_asks_for_nothing_more():
    slots, scores = crowd(0.0)
    rows, thresholds, _ = crossed(np.append(slots, 3), np.append(scores, 3.5), since=0)
    assert rows == [2 * KNOWN]
    assert thresholds.tolist() == [3.0]


def test_days_of_a_change_do_not_become_usual():
    _, _, state = crossed(*crowd(4.0), since=0)
    for epoch in (6, 7):
        _, _, state = crossed(*crowd(4.0, epoch), epochs=np.full(2 * KNOWN, epoch), state=state)
    assert state[1]["usual"][0] == 0.0


@given(st.lists(st.integers(0, 139), min_size=1, max_size=9), st.lists(st.integers(0, 99), max_size=3))
def test_cuts_change_nothing(cuts, since):
    slots, scores = crowd(3.0)
    slots, scores = np.append(slots, np.arange(100, 120)), np.append(scores, np.linspace(0, 9, 20))
    whole, thresholds, _ = crossed(slots, scores, since=since)
    found, at, state, start = [], [], None, 0
    for end in [*sorted(set(cuts) - {0}), len(slots)]:
        part = [one - start for one in since]
        rows, some, state = crossed(slots[start:end], scores[start:end], since=part, state=state)
        found += [start + row for row in rows]
        at += some.tolist()
        start = end
    assert found == whole
    assert at == thresholds.tolist()


@pytest.mark.parametrize("own", [-1, 7])
def test_todays_tail_is_the_predictive_one_through_the_largest_of_the_others(own):
    scores = np.random.default_rng(3).exponential(1.0, 40)
    _, _, (rows, meter) = crossed(np.arange(40), scores, since=0)
    others = np.sort(np.delete(scores, own) if own >= 0 else scores)[::-1]
    m, alpha = len(others), 0.01
    scale = others[:10].mean() - others[10]
    p = 11 / (m + 1)
    expected = others[10] + 10 * ((p / alpha) ** 0.1 - 1) * scale
    slot = own if own >= 0 else 150
    assert changed.standing(meter[0], rows[slot], slot, alpha) == pytest.approx(expected)
