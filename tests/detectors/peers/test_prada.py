import numpy as np

from detectors.peers.prada import FEWEST, Prada


def test_steps_of_two_lengths_are_less_normal_than_inputs_at_random(traffic):
    random = np.random.default_rng(4)
    natural = random.normal(size=(400, 8))
    seeds = np.repeat(random.normal(size=(200, 8)), 2, axis=0)
    seeds[1::2] += 0.01
    rows = traffic(np.concatenate([natural, seeds]), np.repeat([0, 1], 400))
    scores = Prada().score(rows)
    assert scores[799] > 3 * scores[399]


def test_there_is_no_opinion_before_a_hundred_distances(crowd):
    scores = Prada().score(crowd)
    rows = np.flatnonzero(crowd.principal == 0)
    assert np.isnan(scores[rows[:FEWEST]]).all()
    assert np.isfinite(scores[rows[FEWEST + 2]])
