"""Surrogate: a network of the attacker's own, with slopes."""

import numpy as np

from detectors.training.lab.attacks.surrogate import fit, one_hot
from detectors.training.lab.victims import victim

WINES = victim("wines-network", 1, 0.2)
NET = fit(np.random.default_rng(1), WINES.pool[:400], one_hot(WINES.pool_class[:400], WINES.classes))


def test_it_learns():
    assert (NET.label(WINES.pool[400:800]) == WINES.pool_class[400:800]).mean() > 0.8


def test_slopes_are_those_of_the_logits_and_of_the_loss():
    x = WINES.pool[:5].astype(np.float64)
    target = one_hot(np.zeros(5, np.int32), WINES.classes)
    slopes, slope = NET.slopes(x), NET.slope(x, target)
    for column in range(WINES.features):
        step = np.zeros(WINES.features)
        step[column] = 1e-4 * NET.scale[column]
        change = (NET.logits(x + step) - NET.logits(x - step)) / (2 * step[column])
        assert np.allclose(slopes[:, :, column], change, atol=1e-5 + 1e-3 * np.abs(change).max())
        up, down = (-np.log(NET.probabilities(x + sign * step)[:, 0]) for sign in (1, -1))
        loss = (up - down) / (2 * step[column])
        assert np.allclose(slope[:, column], loss, atol=1e-5 + 1e-3 * np.abs(loss).max())
