import numpy as np

from detectors.peers.nearest_queries import NearestQueries


def test_a_search_around_one_input_scores_above_everybody(crowd):
    scores = NearestQueries(nearest=10, window=50).score(crowd)
    assert np.nanmin(scores[crowd.principal == 40]) > np.nanmax(scores[crowd.principal < 40])


def test_the_score_is_the_mean_distance_to_the_nearest(traffic):
    rows = traffic(np.array([[0.0], [1.0], [0.25], [0.5]]), [0, 0, 0, 0])
    scores = NearestQueries(nearest=2, window=3).score(rows)
    assert np.isnan(scores[:2]).all()
    assert np.allclose(np.exp(-scores[2:]), [0.5, 0.375])


def test_the_same_input_again_is_a_repeat_and_not_near(traffic):
    rows = traffic(np.array([[0.0], [1.0], [0.5], [0.5], [0.5]]), [0] * 5)
    assert np.allclose(np.exp(-NearestQueries(nearest=2, window=4).score(rows)[2:]), 0.5)
