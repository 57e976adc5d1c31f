"""The gradient is that of the loss it says, and steps of Adam go down it."""

import numpy as np
import pytest

from detectors.descent import DECAY, THREATS, Parameters, slopes, step

ROWS, INPUTS, UNITS, NAMES = 40, 6, 5, 3


def drawn(seed=0):
    chance = np.random.default_rng(seed)
    weights = [chance.normal(0, 0.5, shape) for shape in ((INPUTS, UNITS), UNITS, (UNITS, 1 + NAMES), 1 + NAMES)]
    attack = (chance.random(ROWS) < 0.5).astype(float)
    rows = chance.normal(size=(ROWS, INPUTS)), attack, chance.integers(0, NAMES, ROWS), chance.uniform(0.1, 3, ROWS)
    return weights, rows


def loss(weights: Parameters, x, attack, threat, weight) -> float:
    out = np.maximum(x @ weights[0] + weights[1], 0) @ weights[2] + weights[3]
    logistic = np.logaddexp(0, out[:, 0]) - attack * out[:, 0]
    named = np.log(np.exp(out[:, 1:]).sum(1)) - out[np.arange(len(x)), 1 + threat]
    decay = 0.5 * DECAY * ((weights[0] ** 2).sum() + (weights[2] ** 2).sum())
    return float((weight * (logistic + THREATS * attack * named)).sum() / weight.sum() + decay)


@pytest.mark.parametrize("part", range(4))
def test_slopes_are_the_derivatives_of_the_loss(part):
    weights, rows = drawn()
    slope = slopes(weights, *rows)[part].ravel()
    for k in range(slope.size):
        moved = []
        for change in (1e-5, -1e-5):
            other = [w.copy() for w in weights]
            other[part].flat[k] += change
            moved.append(loss(other, *rows))
        assert slope[k] == pytest.approx((moved[0] - moved[1]) / 2e-5, abs=1e-6)


def test_two_hundred_steps_halve_the_loss():
    weights, rows = drawn(1)
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    before = loss(weights, *rows)
    for done in range(1, 201):
        step(weights, slopes(weights, *rows), first, second, done, 0.02)
    assert loss(weights, *rows) < before / 2
