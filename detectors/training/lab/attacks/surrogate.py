"""Surrogate: an attacker's own small network, trained in a moment, with slopes in its inputs."""

from dataclasses import dataclass

import numpy as np

from detectors.training.lab.types import Generator, Matrix
from schemas.batch import Codes, Doubles


@dataclass
class Surrogate:
    """Two layers F -> H -> C, tanh and softmax, on standardised inputs.

    Attributes
    ----------
    mean, scale : (F,)
    first, second : (F + 1, H) and (H + 1, C); the last row of each is the bias
    """

    mean: Doubles
    scale: Doubles
    first: Doubles
    second: Doubles

    def logits(self, x: Matrix) -> Doubles:
        """Logits (n, C)."""
        return np.asarray(_ones(np.tanh(_ones(self.standard(x)) @ self.first)) @ self.second)

    def probabilities(self, x: Matrix) -> Doubles:
        """Probabilities (n, C)."""
        return _softmax(self.logits(x))

    def label(self, x: Matrix) -> Codes:
        """Likeliest classes (n,)."""
        return np.asarray(self.logits(x).argmax(1), np.int32)

    def slope(self, x: Matrix, targets: Doubles) -> Doubles:
        """Slope (n, F) in the inputs of the cross entropy against ``targets`` (n, C)."""
        hidden = np.tanh(_ones(self.standard(x)) @ self.first)
        error = _softmax(_ones(hidden) @ self.second) - targets
        return np.asarray((error @ self.second[:-1].T * (1 - hidden**2)) @ self.first[:-1].T / self.scale)

    def slopes(self, x: Matrix) -> Doubles:
        """Slope (n, C, F) of every logit in the inputs."""
        hidden = np.tanh(_ones(self.standard(x)) @ self.first)
        inner = (1 - hidden**2)[:, None, :] * self.second[:-1].T[None]
        return np.asarray(inner @ self.first[:-1].T / self.scale)

    def standard(self, x: Matrix) -> Doubles:
        """Inputs (n, F) by mean and spread, within +-8."""
        return np.clip((np.asarray(x, np.float64) - self.mean) / self.scale, -8, 8)


def fit(rng: Generator, x: Matrix, targets: Doubles, *, units: int = 48, steps: int = 300) -> Surrogate:
    """Train on inputs (n, F) and probabilities or one-hot classes (n, C) with Adam on batches of 128.

    Kingma, Ba, 2015, https://arxiv.org/abs/1412.6980, with a step that falls to 0.
    """
    features, classes = x.shape[1], targets.shape[1]
    spread = x.std(0).astype(np.float64)
    net = Surrogate(
        x.mean(0).astype(np.float64),
        np.maximum(spread, 0.2 * spread.mean() + 1e-6),
        rng.normal(0, 1 / np.sqrt(features), (features + 1, units)),
        rng.normal(0, 1 / np.sqrt(units), (units + 1, classes)),
    )
    inputs = _ones(net.standard(x))
    moments = [np.zeros_like(w) for w in (net.first, net.first, net.second, net.second)]
    for step in range(1, steps + 1):
        rows = rng.integers(0, len(x), min(128, len(x)))
        hidden = np.tanh(inputs[rows] @ net.first)
        error = (_softmax(_ones(hidden) @ net.second) - targets[rows]) / len(rows)
        back = error @ net.second[:-1].T * (1 - hidden**2)
        rate = 0.015 * (1 - (step - 1) / steps)
        _adam(net.second, _ones(hidden).T @ error + 2e-4 * net.second, moments[2:], rate, step)
        _adam(net.first, inputs[rows].T @ back + 2e-4 * net.first, moments[:2], rate, step)
    return net


def one_hot(label: Codes, classes: int) -> Doubles:
    """Classes (n,) as probabilities (n, C)."""
    return np.asarray(np.eye(classes)[label])


def _softmax(logits: Doubles) -> Doubles:
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def _ones(x: Doubles) -> Doubles:
    return np.concatenate([x, np.ones((len(x), 1))], axis=1)


def _adam(weights: Doubles, slope: Doubles, moments: list[Doubles], rate: float, step: int) -> None:
    first, second = moments
    first += 0.1 * (slope - first)
    second += 0.001 * (slope**2 - second)
    weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
