"""Fitting a network: logistic loss for attack or not, cross-entropy for the threat, by Adam.

Kingma, Ba, Adam, ICLR 2015, https://arxiv.org/abs/1412.6980; inputs are dropped at random, Srivastava et al.,
Dropout, JMLR 2014, so that no single statistic decides: an attacker can fake one.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detectors.network import Network
from detectors.training.samples import Samples
from schemas.batch import Flags, Floats, Integers

BATCH = 1024
RATE = 3e-3
DROPPED = 0.1
DECAY = 1e-4
THREATS = 0.3  # weight of the threat's loss beside the attack's

Parameters = list[Floats]


def fit(data: Samples, threats: int, counted: Flags, *, hidden: int = 32, epochs: int = 16, seed: int = 0) -> Network:
    """Fit on M rows; statistics that are not ``counted`` (64,) have no weight."""
    rng = np.random.default_rng(seed)
    x = data.x * counted
    weights: Parameters = [
        rng.normal(0, 1 / np.sqrt(counted.sum()), (x.shape[1], hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        rng.normal(0, 0.3 / np.sqrt(hidden), (hidden, 1 + threats)).astype(np.float32),
        np.zeros(1 + threats, np.float32),
    ]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    total, done = epochs * (len(x) // BATCH + 1), 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            done += 1
            slopes = _slopes(weights, x[rows] * (rng.random((len(rows), x.shape[1])) > DROPPED), data, rows)
            step(weights, slopes, first, second, done, RATE * (1 - done / (total + 1)))
    weights[0] *= (1 - DROPPED) * counted[:, None]
    return Network(*weights)


def joined(networks: Sequence[Network]) -> Network:
    """One network whose outputs are the mean of several; its hidden units are theirs, side by side."""
    return Network(
        np.concatenate([one.first for one in networks], axis=1),
        np.concatenate([one.bias for one in networks]),
        np.asarray(np.concatenate([one.second for one in networks]) / len(networks), np.float32),
        np.mean([one.offset for one in networks], axis=0, dtype=np.float32),
    )


def shuffled(data: Samples, columns: Integers, share: float, *, seed: int = 0) -> Samples:
    """Give a share of the rows somebody else's values in some columns, which must then carry less of the decision."""
    rng = np.random.default_rng(seed)
    x = data.x.copy()
    rows = np.flatnonzero(rng.random(len(x)) < share)
    x[np.ix_(rows, columns)] = x[np.ix_(rng.permutation(rows), columns)]
    return data._replace(x=x)


def _slopes(weights: Parameters, x: Floats, data: Samples, rows: npt.NDArray[np.int64]) -> Parameters:
    """Gradient of the mean weighted loss of some rows."""
    raw = x @ weights[0] + weights[1]
    hidden = np.maximum(raw, 0)
    out = np.clip(hidden @ weights[2] + weights[3], -30, 30)
    weight, attack = data.weight[rows], data.attack[rows]
    error = np.zeros_like(out)
    error[:, 0] = (1 / (1 + np.exp(-out[:, 0])) - attack) * weight
    bad = np.flatnonzero(attack > 0)
    shares = np.exp(out[bad, 1:] - out[bad, 1:].max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(bad)), data.threat[rows[bad]]] -= 1
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
    weights: Parameters, slopes: Parameters, first: Parameters, second: Parameters, done: int, rate: float
) -> None:
    """One step of Adam, the ``done``-th from 1; changes weights and both moments in place."""
    for k, slope in enumerate(slopes):
        first[k] += 0.1 * (slope - first[k])
        second[k] += 0.001 * (slope * slope - second[k])
        size = np.sqrt(second[k] / (1 - 0.999**done)) + 1e-8
        weights[k] -= (rate * first[k] / (1 - 0.9**done) / size).astype(np.float32)
