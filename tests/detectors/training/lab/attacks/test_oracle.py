"""Oracle: what an attacker may ask, and what is written down of it."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.training.lab.attacks.oracle import Oracle, Spent, TurnOver
from detectors.training.lab.victims import victim

VICTIM = victim("wines-network", 1, 0.1)


@given(st.lists(st.integers(1, 40), max_size=8), st.integers(1, 100))
def test_no_more_is_asked_than_may_be_and_all_of_that_is_written_down(pieces, size):
    oracle = Oracle(VICTIM, np.random.default_rng(1), size)
    with suppress(Spent):
        for piece in pieces:
            oracle.answer(VICTIM.pool[:piece])
    sent, answers, turn = oracle.sent()
    assert len(sent) == len(answers.label) == len(turn) == min(sum(pieces), size) == size - oracle.left


def test_a_target_that_took_its_share_gives_way_to_the_next():
    oracle = Oracle(VICTIM, np.random.default_rng(1), 30)
    for _ in oracle.turns(3):
        with suppress(TurnOver, Spent):
            while True:
                oracle.answer(VICTIM.pool[:4])
    assert np.bincount(oracle.sent()[2]).tolist() == [10, 10, 10]


def test_the_last_target_ends_it():
    oracle = Oracle(VICTIM, np.random.default_rng(1), 10)
    oracle.turn(VICTIM.pool[0], 50)
    with pytest.raises(Spent):
        oracle.answer(VICTIM.pool[:11])


def test_a_target_is_kept_as_it_was_then():
    oracle, target = Oracle(VICTIM, np.random.default_rng(1), 10), VICTIM.pool[0].copy()
    oracle.turn(target, 5)
    target[:] = -1
    assert np.array_equal(oracle.targets[0], VICTIM.pool[0])


@pytest.mark.parametrize("name", ["wines-network", "loans-network", "diabetes-trees"])
def test_probabilities_add_up_to_one_whatever_is_logged(name):
    one = victim(name, 1, 0.1)
    oracle = Oracle(one, np.random.default_rng(1), 1000)
    p = oracle.probabilities(one.pool[:20])
    assert p.shape == (20, one.classes)
    assert np.allclose(p.sum(axis=1), 1)
    assert (len(oracle.sent()[0]) > 20) == (one.logged == "top1")
