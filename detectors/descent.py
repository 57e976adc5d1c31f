"""Descent: gradients of a network's loss, and steps of Adam, in NumPy.

Kingma, Ba, Adam, ICLR 2015, https://arxiv.org/abs/1412.6980.
"""

import numpy as np

from schemas.batch import Floats, Integers

BATCH = 1024  # rows of a step
DECAY = 1e-4
THREATS = 0.3  # weight of the threat's loss beside the attack's

Parameters = list[Floats]


def slopes(weights: Parameters, x: Floats, attack: Floats, threat: Integers, weight: Floats) -> Parameters:
    """Gradient of the mean weighted loss of M rows: logistic for attack or not, cross-entropy for an attack's threat.

    Parameters
    ----------
    weights : of a :class:`detectors.network.Network`, in its order
    x : (M, I) softened inputs
    attack, threat, weight : (M,) 1 or 0; index of the threat, which counts where attack is 1; what the row counts
    """
    raw = x @ weights[0] + weights[1]
    hidden = np.maximum(raw, 0)
    out = np.clip(hidden @ weights[2] + weights[3], -30, 30)
    error = np.zeros_like(out)
    error[:, 0] = (1 / (1 + np.exp(-out[:, 0])) - attack) * weight
    bad = np.flatnonzero(attack > 0)
    shares = np.exp(out[bad, 1:] - out[bad, 1:].max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(bad)), threat[bad]] -= 1
    error[bad, 1:] = THREATS * shares * weight[bad, None]
    error /= weight.sum()
    back = (error @ weights[2].T) * (raw > 0)
    return [
        x.T @ back + DECAY * weights[0],
        back.sum(0),
        hidden.T @ error + DECAY * weights[2],
        error.sum(0),
    ]


def step(
    weights: Parameters, gradient: Parameters, first: Parameters, second: Parameters, done: int, rate: float
) -> None:
    """One step of Adam, the ``done``-th from 1; changes weights and both moments in place."""
    for k, slope in enumerate(gradient):
        first[k] += 0.1 * (slope - first[k])
        second[k] += 0.001 * (slope * slope - second[k])
        size = np.sqrt(second[k] / (1 - 0.999**done)) + 1e-8
        weights[k] -= (rate * first[k] / (1 - 0.9**done) / size).astype(np.float32)
