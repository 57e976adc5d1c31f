"""Fitting the names: cross-entropy by Adam, inputs dropped at random, as :mod:`detectors.training.fit` does it."""

import numpy as np

from detectors.descent import BATCH, DECAY, Parameters, step
from detectors.network import Network
from detectors.training.fit import RATE
from detectors.training.naming import Named
from schemas.batch import Doubles, Floats, Integers


def fit(
    data: Named, threats: int, *, hidden: int = 64, epochs: int = 10, dropped: float = 0.1, seed: int = 0
) -> Network:
    """Fit on M rows; every campaign weighs alike."""
    x, threat = data.x, data.threat
    share = 1 / np.bincount(data.campaign)[data.campaign]
    weight = (share / share.mean()).astype(np.float32)
    rng = np.random.default_rng(seed)
    wide = x.shape[1]
    made = [
        rng.normal(0, 1 / np.sqrt(wide), (wide, hidden)).astype(np.float32), np.zeros(hidden, np.float32),
        rng.normal(0, 0.3 / np.sqrt(hidden), (hidden, threats)).astype(np.float32), np.zeros(threats, np.float32),
    ]  # fmt: skip
    first, second = [np.zeros_like(w) for w in made], [np.zeros_like(w) for w in made]
    total, at = epochs * (len(x) // BATCH + 1), 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            some = order[start : start + BATCH]
            at += 1
            seen = x[some] * (rng.random((len(some), wide)) > dropped)
            slopes = _slopes(made, seen, threat[some], weight[some])
            step(made, slopes, first, second, at, RATE * (1 - at / (total + 1)))
    made[0] *= 1 - dropped
    return Network(*made)


def _slopes(weights: Parameters, x: Floats, threat: Integers, weight: Floats) -> Parameters:
    """Gradient of the mean weighted loss of some rows."""
    raw = x @ weights[0] + weights[1]
    hidden = np.maximum(raw, 0)
    out = hidden @ weights[2] + weights[3]
    share = np.exp(out - out.max(1, keepdims=True))
    share /= share.sum(1, keepdims=True)
    share[np.arange(len(x)), threat] -= 1
    error = share * weight[:, None] / len(x)
    back = (error @ weights[2].T) * (raw > 0)
    decay = 2 * DECAY
    return [x.T @ back + decay * weights[0], back.sum(0), hidden.T @ error + decay * weights[2], error.sum(0)]


def shares(network: Network, x: Floats) -> Doubles:
    """How probable each of K names is for M rows of inputs: (M, K)."""
    out = np.maximum(x @ network.first + network.bias, 0) @ network.second + network.offset
    made = np.exp((out - out.max(1, keepdims=True)).astype(np.float64))
    return np.asarray(made / made.sum(1, keepdims=True))
