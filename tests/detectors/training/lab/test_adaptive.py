"""Adaptive: what an attacker does who knows that somebody is looking."""

import numpy as np
import pytest

from detectors.training.lab.adaptive import Line, apart, disguise, in_turns, padded, repeated
from detectors.training.lab.attacks import Queries
from detectors.training.lab.victims import victim


def test_targets_take_turns():
    assert in_turns(np.array([0, 0, 0, 1, 2, 2])).tolist() == [0, 3, 4, 1, 5, 2]


@pytest.mark.parametrize("targets", [1, 5, 200])
def test_the_fewer_targets_the_more_honest_inputs_go_between(targets):
    queries = Queries(np.zeros((200, 3), np.float32), np.arange(200, dtype=np.int32) % targets)
    padding = [apart(queries, np.random.default_rng(seed), 12_000) for seed in range(40)]
    assert min(padding) >= 1
    assert max(padding) <= max(1, 70 // targets)
    assert max(padding) > 40 / targets or targets == 200


def test_repeats_come_after_what_they_repeat_and_nothing_is_lost():
    sent = Line(np.arange(200, dtype=np.float32)[:, None], np.ones(200, np.bool_), np.arange(200.0))
    after = repeated(sent, np.random.default_rng(3), 0.3)
    values, first, counts = np.unique(after.features[:, 0], return_index=True, return_counts=True)
    assert np.array_equal(values, sent.features[:, 0])
    assert counts.max() == 2
    assert 230 <= len(after.own) <= 290
    assert (np.diff(first) > 0).all()
    assert np.array_equal(after.gained[first], sent.gained)
    assert after.gained.sum() == sent.gained.sum()


@pytest.mark.parametrize("share", [1, 4, 9])
def test_padding_is_marked_as_not_the_attacks_and_keeps_the_order(share):
    one = victim("wines-network", 1, 0.1)
    sent = Line(
        np.full((50, one.features), -1, np.float32) * np.arange(50, dtype=np.float32)[:, None],
        np.ones(50, bool),
        np.arange(50.0),
    )
    after = padded(one, sent, np.random.default_rng(share), share)
    assert len(after.own) == 50 * (1 + share)
    assert np.array_equal(after.features[after.own], sent.features)
    assert np.array_equal(after.gained[after.own], sent.gained)
    assert not after.gained[~after.own].any()


def test_fresh_inputs_are_never_twice_the_same_and_fit_the_grid_if_asked():
    one = victim("loans-network", 1, 0.1)
    assert disguise(one, np.random.default_rng(1), ("pace",)) is None
    moved = disguise(one, np.random.default_rng(1), ("fresh", "grid"))
    assert moved is not None
    x = moved(np.repeat(one.pool[:1], 50, axis=0))
    assert len(np.unique(x, axis=0)) > 30
    assert np.array_equal(x, one.fitting(x))


def test_embeddings_keep_the_length_that_all_have():
    one = victim("sentences64-linear", 1, 0.1)
    fit = disguise(one, np.random.default_rng(1), ("grid",))
    assert fit is not None
    length = np.linalg.norm(one.pool, axis=1)
    if length.std() < 0.01 * length.mean():
        assert np.allclose(np.linalg.norm(fit(3 * one.pool[:20]), axis=1), length.mean(), rtol=1e-3)
