"""Fitting a network: logistic loss for attack or not, cross-entropy for the threat, by :mod:`detectors.descent`.

Inputs are dropped at random, Srivastava et al., Dropout, JMLR 2014, so that no single statistic decides: an attacker
can fake one.
"""

from collections.abc import Sequence

import numpy as np

from detectors.descent import BATCH, Parameters, slopes, step
from detectors.network import Network
from detectors.training.samples import Samples
from schemas.batch import Flags, Integers

RATE = 3e-3
DROPPED = 0.1


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
            kept = x[rows] * (rng.random((len(rows), x.shape[1])) > DROPPED)
            gradient = slopes(weights, kept, data.attack[rows], data.threat[rows], data.weight[rows])
            step(weights, gradient, first, second, done, RATE * (1 - done / (total + 1)))
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
