"""Measures of a trail have no unit, and tell what attacks do from each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.features.constraints import KINDS
from detectors.trail import KEPT, NAMES, WIDTH, Trail, measures


def trail(u, label=None, margin=None, changed=None):
    m = len(u)
    return Trail(
        np.asarray(u, np.int16),
        np.asarray(np.zeros(m) if label is None else label, np.int32),
        np.asarray(np.full(m, np.nan) if margin is None else margin, np.float32),
        np.asarray(np.ones(m) if changed is None else changed, np.float32),
        np.zeros((m, len(KINDS)), np.bool_),
    )


def told(one, classes=4):
    return dict(zip(NAMES, measures(one, classes).tolist(), strict=True))


def walk(seed=0, m=40):
    chance = np.random.default_rng(seed)
    return np.cumsum(chance.normal(0, 20, (m, 32)), axis=0)


def test_of_fewer_than_three_requests_only_their_number_is_known():
    for m in range(3):
        found = measures(trail(walk(m=m)), 2)
        assert found[0] == pytest.approx(np.log2(m + 1) / 3)
        assert not found[1:].any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(3, KEPT), st.sampled_from([0, 1, 300]))
def test_every_trail_has_finite_measures(seed, m, size):
    chance = np.random.default_rng(seed)
    one = trail(chance.integers(-size, size + 1, (m, 32)), chance.integers(0, 3, m), chance.normal(0, 3, m))
    assert len(found := measures(one, 3)) == WIDTH
    assert np.isfinite(found).all()


def test_a_scale_changes_little():
    u = walk()
    small, large = told(trail(u)), told(trail(4 * u))
    assert all(small[name] == pytest.approx(large[name], abs=0.06) for name in NAMES)


def test_a_walk_takes_small_steps_and_scattered_questions_do_not():
    scattered = np.random.default_rng(1).normal(0, 300, (40, 32))
    assert told(trail(walk()))["step"] < -0.5 < told(trail(scattered))["step"] + 0.4
    assert told(trail(walk()))["from_first"] > 0.5
    assert told(trail(np.cumsum(np.ones((40, 32)), axis=0)))["on_a_line"] == 1.0


def test_answers_that_grow_surer_are_a_climb_and_those_between_two_classes_are_unsure():
    climbing = told(trail(walk(), margin=np.linspace(0, 9, 40)))
    assert climbing["climb"] == climbing["margin_trend"] == pytest.approx(1)
    edge = told(trail(walk(), label=np.arange(40) % 2, margin=np.full(40, 0.1)))
    assert edge["unsure"] == 1
    assert edge["two_labels"] == 0.5


def test_only_the_last_requests_are_kept():
    one = Trail.empty()
    for k in range(KEPT + 9):
        one = one.then(np.full(32, k, np.int16), k, 0.5, 0.1, np.zeros(len(KINDS), np.bool_))
    assert one.label.tolist() == list(range(9, KEPT + 9))
    assert [part.dtype for part in one] == [part.dtype for part in Trail.empty()]
