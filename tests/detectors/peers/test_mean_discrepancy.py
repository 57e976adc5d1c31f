import numpy as np

from detectors.peers.mean_discrepancy import MeanDiscrepancy

DAY = 86_400.0


def test_a_window_of_one_kind_is_far_from_the_clean_period(crowd):
    peer = MeanDiscrepancy()
    peer.learn(crowd.part(crowd.time < DAY))
    scores = peer.score(crowd)
    assert np.nanmin(scores[crowd.principal == 40]) > np.nanmax(scores[crowd.principal < 40])
    assert np.isnan(scores[crowd.principal == 40][:31]).all()


def test_a_clean_period_of_one_input_has_a_kernel_too(traffic):
    rows = traffic(np.ones((40, 3)), [0] * 40)
    peer = MeanDiscrepancy()
    peer.learn(rows)
    assert np.allclose(peer.score(rows)[31:], 0.0)
