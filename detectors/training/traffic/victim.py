"""Victim: a small model that is trained in a moment, answers, and writes down every question."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from detectors.training.traffic.world import CLASSES, FEATURES, Codes, Floats, Generator, World, grid

UNITS = 32
STEPS, SIZE, RATE = 900, 256, 0.01
TRIGGER = ((3, 0.999), (9, 0.001), (12, 0.999))  # column and value of the backdoor
TARGET = 0  # the class that the trigger buys


@dataclass(slots=True)
class Network:
    """Two layers, 24 -> 32 -> 5, tanh and softmax, on standardised inputs."""

    mean: Floats
    scale: Floats
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]

    def logits(self, x: Floats) -> npt.NDArray[np.float64]:
        """Logits (N, 5)."""
        return np.asarray(_ones(np.tanh(_ones(self._standard(x)) @ self.first)) @ self.second)

    def answer(self, x: Floats) -> Floats:
        """Probabilities (N, 5) with four decimals, as the service returns them."""
        return np.round(softmax(self.logits(x)), 4).astype(np.float32)

    def gradient(self, x: Floats, labels: Codes) -> npt.NDArray[np.float64]:
        """Slope (N, 24) of the cross entropy against ``labels`` (N,), for thieves who own a copy."""
        hidden = np.tanh(_ones(self._standard(x)) @ self.first)
        error = softmax(_ones(hidden) @ self.second) - np.eye(CLASSES)[labels]
        return np.asarray((error @ self.second[:-1].T * (1 - hidden**2)) @ self.first[:-1].T / self.scale)

    def _standard(self, x: Floats) -> npt.NDArray[np.float64]:
        return np.clip((np.asarray(x, np.float64) - self.mean) / self.scale, -8, 8)


def fit(chance: Generator, x: Floats, labels: Codes, *, steps: int = STEPS, start: Network | None = None) -> Network:
    """Train on (N, 24) inputs and (N,) classes with Adam on mini-batches, from scratch or from ``start``."""
    if start is None:
        mean, scale = x.mean(0), x.std(0) + 0.05
        first = chance.normal(0, 1 / np.sqrt(FEATURES), (FEATURES + 1, UNITS))
        start = Network(mean, scale, first, chance.normal(0, 1 / np.sqrt(UNITS), (UNITS + 1, CLASSES)))
    net = Network(start.mean, start.scale, start.first.copy(), start.second.copy())
    inputs, targets = _ones(net._standard(x)), np.eye(CLASSES)[labels]  # noqa: SLF001 - of its own class
    moments = [np.zeros_like(w) for w in (net.first, net.first, net.second, net.second)]
    for step in range(1, steps + 1):
        rows = chance.integers(0, len(x), min(SIZE, len(x)))
        hidden = np.tanh(inputs[rows] @ net.first)
        error = (softmax(_ones(hidden) @ net.second) - targets[rows]) / len(rows)
        back = error @ net.second[:-1].T * (1 - hidden**2)
        rate = RATE * (1 - (step - 1) / steps)
        _adam(net.second, _ones(hidden).T @ error + 1e-4 * net.second, moments[2:], rate, step)
        _adam(net.first, inputs[rows].T @ back + 1e-4 * net.first, moments[:2], rate, step)
    return net


def victim(chance: Generator, world: World, *, n: int = 6000, poisoned: float = 0.05) -> Network:
    """Train a model on ``n`` honest inputs, a share ``poisoned`` of which carry the backdoor's trigger."""
    labels = world.labels(chance, n)
    x = world.sample(chance, labels)
    bad = np.flatnonzero(chance.random(n) < poisoned)
    x[bad], labels[bad] = triggered(x[bad]), TARGET
    return fit(chance, x, labels)


def triggered(x: Floats) -> Floats:
    """Inputs with the backdoor's pattern on them."""
    x = x.copy()
    for column, value in TRIGGER:
        x[:, column] = value
    return x


@dataclass(slots=True)
class Service:
    """What an attacker sees of a victim: answers. Every question is written down, in order.

    Attributes
    ----------
    asked, answered : (n, 24) and (n, 5) pieces, in order
    """

    network: Network
    asked: list[Floats] = field(default_factory=list)
    answered: list[Floats] = field(default_factory=list)

    def ask(self, x: npt.NDArray[np.floating]) -> Floats:
        """Probabilities (N, 5) for N inputs, which are rounded as clients round them."""
        x = grid(x)
        answers = self.network.answer(x)
        self.asked.append(x)
        self.answered.append(answers)
        return answers

    def log(self) -> tuple[Floats, Floats]:
        """Every question (n, 24) and answer (n, 5)."""
        return np.concatenate(self.asked), np.concatenate(self.answered)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities, row by row."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def _ones(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """One more column of ones, so that a matrix holds its biases."""
    return np.concatenate([x, np.ones((len(x), 1))], axis=1)


def _adam(
    weights: npt.NDArray[np.float64],
    slope: npt.NDArray[np.float64],
    moments: list[npt.NDArray[np.float64]],
    rate: float,
    step: int,
) -> None:
    """One step of Adam in place (Kingma, Ba, 2015, https://arxiv.org/abs/1412.6980)."""
    moments[0][:] = 0.9 * moments[0] + 0.1 * slope
    moments[1][:] = 0.999 * moments[1] + 0.001 * slope**2
    unbiased = moments[0] / (1 - 0.9**step), moments[1] / (1 - 0.999**step)
    weights -= rate * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
