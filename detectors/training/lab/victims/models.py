"""Models: what is trained on data, from a straight line to a small convolutional network."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.decomposition import PCA
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from detectors.training.lab.types import Generator, Matrix
from detectors.training.lab.victims.convolution import convolution
from detectors.training.lab.victims.data import Data
from schemas.batch import Doubles

Scores = Callable[[Matrix], Doubles]
Model = Callable[[Generator, Data], Scores]


def linear(rng: Generator, data: Data) -> Scores:
    """Logistic regression."""
    return _fitted(data, make_pipeline(StandardScaler(), LogisticRegression(C=rng.uniform(0.05, 2), max_iter=300)))


def trees(rng: Generator, data: Data) -> Scores:
    """Boosted trees: flat almost everywhere, with steps."""
    depth = int(rng.integers(3, 7))
    return _fitted(
        data, HistGradientBoostingClassifier(max_iter=40, max_depth=depth, learning_rate=0.15, random_state=_state(rng))
    )


def forest(rng: Generator, data: Data) -> Scores:
    """Extremely random trees: few distinct answers, never quite sure."""
    return _fitted(data, ExtraTreesClassifier(50, min_samples_leaf=int(rng.integers(2, 6)), random_state=_state(rng)))


def network(rng: Generator, data: Data) -> Scores:
    """A perceptron with one or two hidden layers."""
    return _fitted(data, make_pipeline(StandardScaler(), _perceptron(rng)))


def reduced(rng: Generator, data: Data) -> Scores:
    """A perceptron on principal components: blind in most directions."""
    kept = min(int(rng.integers(10, 40)), data.train.shape[1] - 1)
    return _fitted(
        data, make_pipeline(StandardScaler(), PCA(kept, random_state=_state(rng)), StandardScaler(), _perceptron(rng))
    )


def kernel(rng: Generator, data: Data) -> Scores:
    """Logistic regression on radial features: falls back to the prior far from what it has seen."""
    gamma = rng.uniform(0.5, 1.5) / data.train.shape[1]
    return _fitted(
        data,
        make_pipeline(
            StandardScaler(), Nystroem(gamma=gamma, n_components=150, random_state=_state(rng)), _straight(rng)
        ),
    )


def bayes(rng: Generator, data: Data) -> Scores:
    """Naive Bayes on principal components: far too sure of itself."""
    kept = min(int(rng.integers(6, 20)), data.train.shape[1] - 1)
    return _fitted(data, make_pipeline(StandardScaler(), PCA(kept, random_state=_state(rng)), GaussianNB()))


def convolutional(rng: Generator, data: Data) -> Scores:
    """Filters of image patches, pooling, and a perceptron."""
    assert data.shape is not None
    layer = convolution(rng, data.train, data.shape)
    head = make_pipeline(StandardScaler(), PCA(60, random_state=_state(rng)), StandardScaler(), _perceptron(rng))
    scores = _fitted(data._replace(train=_by_parts(layer, data.train)), head)
    return lambda x: scores(_by_parts(layer, x))


def _perceptron(rng: Generator) -> MLPClassifier:
    layers = tuple(int(rng.integers(24, 80)) for _ in range(int(rng.integers(1, 3))))
    return MLPClassifier(
        layers,
        activation=str(rng.choice(["relu", "tanh"])),
        alpha=float(10 ** rng.uniform(-4, -1.5)),
        max_iter=int(rng.integers(12, 30)),
        random_state=_state(rng),
    )


def _straight(rng: Generator) -> LogisticRegression:
    return LogisticRegression(C=rng.uniform(0.5, 10), max_iter=300)


def _state(rng: Generator) -> int:
    return int(rng.integers(2**31))


def _fitted(data: Data, model: ClassifierMixin) -> Scores:
    """Train a model; that it could be trained longer is as in life."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.train, data.train_class)

    def scores(x: Matrix) -> Doubles:
        """Probabilities (n, C)."""
        width = len(model.classes_)
        if not len(x):
            return np.empty((0, width))
        return np.asarray(model.predict_proba(np.asarray(x, np.float32)), np.float64)

    return scores


def _by_parts(layer: Callable[[Matrix], Matrix], x: Matrix) -> Matrix:
    """Apply a layer to 500 rows at a time, for its patches take much memory."""
    if not len(x):
        return layer(x)
    return np.concatenate([layer(x[start : start + 500]) for start in range(0, len(x), 500)])
