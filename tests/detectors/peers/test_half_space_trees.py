import numpy as np

from detectors.peers.half_space_trees import HalfSpaces


def test_inputs_where_nobody_was_score_higher(traffic):
    random = np.random.default_rng(6)
    usual, odd = 0.2 * random.random((2000, 4)), 0.8 + 0.2 * random.random((20, 4))
    rows = traffic(np.concatenate([usual, odd]), [*(np.arange(2000) % 10), *[10] * 20])
    peer = HalfSpaces(over=1)
    peer.learn(rows.part(np.arange(2000)))
    scores = peer.score(rows)
    assert scores[2000:].min() > np.quantile(scores[:2000], 0.9)


def test_scores_stay_what_they_are_however_much_was_scored(crowd):
    peer = HalfSpaces(over=1)
    peer.learn(crowd)
    assert np.array_equal(peer.score(crowd.part(np.arange(50))), peer.score(crowd.part(np.arange(50))))
