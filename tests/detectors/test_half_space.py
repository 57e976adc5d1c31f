import numpy as np

from detectors.half_space import LEARN, SETTLE, Forest


def samples(n, seed, scale=0.4):
    return np.random.default_rng(seed).exponential(scale, (n, 4)).tolist()


def test_nothing_is_said_while_it_learns():
    forest = Forest()
    assert {forest.score(s) for s in samples(LEARN + SETTLE, 0)} == {0.0}


def test_usual_samples_score_about_zero_and_odd_ones_high():
    forest = Forest(samples(LEARN + SETTLE, 0))
    usual = [forest.score(s) for s in samples(200, 1)]
    odd = [forest.score(s) for s in samples(200, 2, scale=2.0)]
    assert abs(np.mean(usual)) < 0.4
    assert np.mean(odd) > np.mean(usual) + 1.0


def test_a_frozen_forest_is_not_taught_by_what_comes_later():
    forest = Forest(samples(LEARN + SETTLE, 0))
    before = [forest.score(s) for s in samples(20, 3)]
    for s in samples(500, 4, scale=3.0):
        forest.score(s)
    assert [forest.score(s) for s in samples(20, 3)] == before
    assert len(forest.seen) == LEARN + SETTLE


def test_it_is_restored_from_what_it_learnt():
    for n in (0, 10, LEARN, LEARN + 5, LEARN + SETTLE):
        forest = Forest(samples(n, 0))
        again = Forest(forest.seen)
        rest = samples(LEARN + SETTLE, 5)
        assert [forest.score(s) for s in rest] == [again.score(s) for s in rest]
