"""Toolbox: the Adversarial Robustness Toolbox (https://doi.org/10.48550/arXiv.1807.01069), seeded and quiet.

It is loaded when it is first needed, which takes seconds. On loading it makes a folder ``.art`` in the user's home.
"""

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from detectors.training.lab.attacks.box import Box
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.attacks.surrogate import Surrogate
from detectors.training.lab.types import Generator, Matrix
from schemas.batch import Doubles


@cache
def _module(name: str) -> Any:
    """Load a part of the toolbox; what it says about other frameworks that are missing is not of interest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def tool(name: str) -> Any:
    """Return an attack's class by its name in ``art.attacks.evasion``."""
    return getattr(_module("art.attacks.evasion"), name)


@contextmanager
def seeded(rng: Generator) -> Iterator[None]:
    """Give the toolbox, which draws from NumPy's global state, a seed, and put that state back."""
    before = np.random.get_state()  # noqa: NPY002 - it is the state that the toolbox draws from
    np.random.seed(int(rng.integers(2**32)))  # noqa: NPY002
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def black_box(
    oracle: Oracle, place: Box, target: Matrix, shape: tuple[int, ...], *, scores: bool, network: bool = False
) -> Any:
    """Return the toolbox's view of a victim: coordinates in, probabilities or one-hot classes out.

    Parameters
    ----------
    shape : of one input for the tool, with as many values as ``place`` has free columns
    scores : whether it may see probabilities
    network : whether the tool asks for the kind of box that neural networks come in
    """
    classes = max(oracle.victim.classes, 3)  # some tools refuse two, so there is a third that is never the answer

    def predict(u: Doubles) -> Doubles:
        x = place.around(target, u.reshape(len(u), -1))
        if not scores:
            return np.asarray(np.eye(classes)[oracle.label(x)])
        p = oracle.probabilities(x)
        return np.pad(p, ((0, 0), (0, classes - p.shape[1])))

    kinds = _module("art.estimators.classification")
    if network:
        return kinds.BlackBoxClassifierNeuralNetwork(
            predict, shape, classes, channels_first=True, clip_values=(0.0, 1.0)
        )
    return kinds.BlackBoxClassifier(predict, shape, classes, clip_values=(0.0, 1.0))


@cache
def _white_box() -> Callable[[Surrogate, Box], Any]:
    """Return a class of the toolbox's estimators that holds a surrogate and gives its slopes."""
    art, kinds = _module("art.estimators"), _module("art.estimators.classification.classifier")

    class WhiteBox(kinds.ClassGradientsMixin, kinds.ClassifierMixin, art.LossGradientsMixin, art.BaseEstimator):  # type: ignore[name-defined,misc]
        """A surrogate in box coordinates (n, F)."""

        def __init__(self, net: Surrogate, place: Box) -> None:
            super().__init__(model=net, clip_values=(0.0, 1.0))
            self.net, self.place = net, place
            self._input_shape, self.nb_classes = (len(place.low),), net.second.shape[1]

        @property
        def input_shape(self) -> tuple[int, ...]:
            return self._input_shape

        def _at(self, u: Doubles) -> Matrix:
            return np.asarray(self.place.low + u.reshape(len(u), -1) * self.place.width, np.float32)

        def predict(self, x: Doubles, batch_size: int = 128, **_: object) -> Doubles:
            del batch_size
            return np.asarray(self.net.logits(self._at(x)))

        def loss_gradient(self, x: Doubles, y: Doubles, **_: object) -> Matrix:
            return np.asarray(self.net.slope(self._at(x), y) * self.place.width, np.float32)

        def class_gradient(self, x: Doubles, label: Any = None, **_: object) -> Matrix:
            every: Matrix = np.asarray(self.net.slopes(self._at(x)) * self.place.width, np.float32)
            if label is None:
                return every
            chosen = np.broadcast_to(np.asarray(label), (len(x),))
            return np.asarray(every[np.arange(len(x)), chosen][:, None])

        def fit(self, x: Doubles, y: Doubles, **_: object) -> None:
            raise TypeError("a surrogate is fitted before the toolbox sees it")

    return WhiteBox


def white_box(net: Surrogate, place: Box) -> Any:
    """Return the toolbox's view of an attacker's own model; coordinates are those of all F columns."""
    return _white_box()(net, place)
