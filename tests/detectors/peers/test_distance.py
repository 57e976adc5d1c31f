import numpy as np
import pytest

from detectors.peers.distance import Distance


def test_the_distance_is_that_to_the_kth_nearest_of_the_other_half(traffic):
    clean = traffic(np.arange(11.0)[:, None] / 10, [0, 1] * 5 + [0])
    peer = Distance(over=1, nearest=2)
    peer.learn(clean)
    odd = peer._known[1][:, 0]
    expected = [np.sort(np.abs(odd - x))[1] for x in clean.points[clean.principal == 0][:, 0]]
    assert peer.score(clean)[clean.principal == 0] == pytest.approx(expected, abs=1e-3)


def test_equal_inputs_count_once(traffic):
    peer = Distance(over=1, nearest=2)
    peer.learn(traffic(np.array([[0.0]] * 50 + [[1.0]]), [1] * 50 + [1]))
    assert peer._known[1].tolist() in ([[0.0], [1.0]], [[1.0], [0.0]])


def test_with_one_principal_all_are_compared_with_all(traffic):
    rows = traffic(np.random.default_rng(1).random((30, 2)), [4] * 30)
    peer = Distance(over=1)
    peer.learn(rows)
    assert np.isfinite(peer.score(rows)).all()
