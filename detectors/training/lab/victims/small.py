"""The small tables that ship with scikit-learn, made large by mixing neighbours of the same class."""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from detectors.training.lab.types import Generator, Matrix
from detectors.training.lab.victims.data import Data, Size, split
from schemas.batch import Codes, Doubles, Integers


def tumours(rng: Generator, size: Size) -> Data:
    """Breast cancer Wisconsin: 30 measurements of cell nuclei, two classes."""
    loaded = load_breast_cancer()
    return _grown(rng, loaded.data, loaded.target, size)


def wines(rng: Generator, size: Size) -> Data:
    """Wine: 13 chemical measurements, three classes."""
    loaded = load_wine()
    return _grown(rng, loaded.data, loaded.target, size)


def diabetes(rng: Generator, size: Size) -> Data:
    """Diabetes: ten measurements in their own units, progression in four classes."""
    loaded = load_diabetes(scaled=False)
    return _grown(rng, loaded.data, np.digitize(loaded.target, np.quantile(loaded.target, [0.25, 0.5, 0.75])), size)


def _grown(rng: Generator, x: Doubles, classes: Integers, size: Size) -> Data:
    """Grow a table; what is trained on and what customers ask are drawn alike."""
    steps = np.array([_step(column) for column in x.T])
    rows, labels = _mixed(rng, x, classes, size.train + size.pool, steps)
    return split("tabular", rows, labels, size, step=steps.astype(np.float32))


def _mixed(rng: Generator, x: Doubles, classes: Integers, n: int, steps: Doubles) -> tuple[Matrix, Codes]:
    """``n`` rows, each a mixture of a row and one of its 6 nearest of the same class, with some noise (as SMOTE)."""
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    far = ((scaled[:, None] - scaled[None]) ** 2).sum(axis=2) + np.where(classes[:, None] == classes, 0, np.inf)
    near = far.argsort(axis=1)[:, 1:7]
    first = rng.integers(0, len(x), n)
    second = near[first, rng.integers(0, 6, n)]
    share = rng.random((n, 1))
    noisy = x[first] * (1 - share) + x[second] * share + 0.08 * x.std(axis=0) * rng.normal(size=(n, x.shape[1]))
    noisy = np.clip(noisy, x.min(axis=0), x.max(axis=0))
    rounded = np.where(steps > 0, np.rint(noisy / np.where(steps > 0, steps, 1)) * steps, noisy)
    return rounded.astype(np.float32), classes[first].astype(np.int32)


def _step(column: Doubles) -> float:
    """The decimals a column is written with, at most five."""
    for digits in range(5):
        if np.allclose(np.round(column, digits), column, atol=1e-9):
            return float(10.0**-digits)
    return 0.0
