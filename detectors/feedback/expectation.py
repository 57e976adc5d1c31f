"""Expectation: which label an input should get, by what other contributors gave to inputs near it.

A ridge regression of labels on principal directions and random Fourier features of the input. Two are fitted, each on
half of the contributors; whoever is judged is judged by the half that he is not in, so that nobody vouches for himself.

References
----------
Rahimi and Recht, Random features for large-scale kernel machines, 2007; Northcutt, Jiang and Chuang, Confident
learning: estimating uncertainty in dataset labels, 2021, arXiv:1911.00068 (labels judged out of fold).
"""

from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from detectors.features import numeric, space
from detectors.features.inputs import Margins
from detectors.features.space import FOURIER, LARGEST_V, SKETCH, Space
from detectors.fitting import geometry as fit_geometry
from detectors.fitting import margins as fit_margins
from schemas.compiled import compiled

Array = npt.NDArray[Any]

FOLDS = 2
WIDTH = 1 + SKETCH + FOURIER  # columns of the regression: a constant, directions, Fourier features
RIDGES = (0.003, 0.01, 0.03, 0.1)  # of the number of records, tried on the other fold
ROWS = 512  # worked on at a time
UNSAID = 0.9  # how often a model is right that says its label only, until that is known


class Expectation(NamedTuple):
    """Two regressions of L labels.

    Attributes
    ----------
    margins, space : of the inputs that they were fitted on
    weights : (2, L, 161) f8, by fold of those it was fitted on
    trust : (2,) f8, how often the model's answers were right where it says how sure it is, over how sure it was on
        average; and how often where it does not say
    """

    margins: Margins
    space: Space
    weights: Array
    trust: Array


def fold_of(contributor: str) -> int:
    """Which half a contributor is in."""
    return crc32(contributor.encode("utf-8", "replace")) % FOLDS


def fit(x: Array, label: Array, fold: Array, labels: int, chance: np.random.Generator) -> Expectation:
    """Learn from inputs (n, F), their labels (n,) below ``labels``, and the folds (n,) of who gave them."""
    margins = fit_margins.fit(x, chance)
    z, _ = numeric.normalised(margins, x)
    made = fit_geometry.fit(z, np.zeros(len(x), np.int64), 1, chance)
    made = made._replace(class_mean=np.zeros((1, FOURIER), np.float32))
    blank = Expectation(margins, made, np.zeros((FOLDS, labels, WIDTH)), np.array([1.0, UNSAID]))
    columns, _ = design(blank, x)
    weights = np.stack([_ridge(columns, label, fold == k, labels) for k in range(FOLDS)])
    return blank._replace(weights=weights)


def _ridge(columns: Array, label: Array, mine: Array, labels: int) -> Array:
    """Weights (L, 161) from the rows that are ``mine``, as strongly shrunk as serves the others best."""
    if not mine.any():
        return np.zeros((labels, WIDTH))
    a, target = columns[mine].astype(np.float64), np.eye(labels)[label[mine]]
    gram, moment = a.T @ a, a.T @ target
    tried = [_solved(gram, moment, ridge * len(a)) for ridge in RIDGES]
    others = columns[~mine].astype(np.float64)
    truth = np.eye(labels)[label[~mine]]
    errors = [float(((others @ w.T - truth) ** 2).mean()) if len(others) else 0.0 for w in tried]
    return tried[int(np.argmin(errors))]


def _solved(gram: Array, moment: Array, ridge: float) -> Array:
    penalty = np.full(len(gram), ridge)
    penalty[0] = 1e-6 * ridge
    return np.asarray(np.linalg.solve(gram + np.diag(penalty), moment).T)


def design(known: Expectation, x: Array) -> tuple[Array, Array]:
    """Columns (n, 161) f4 of the regression, and directions (n, 32) f4, whole numbers; the same under any cut."""
    n = len(x)
    made, directions = np.ones((n, WIDTH), np.float32), np.empty((n, SKETCH), np.float32)
    for start in range(0, n, ROWS):
        part = slice(start, start + ROWS)
        _fill(known, np.ascontiguousarray(x[part], np.float32), made[part], directions[part])
    return made, directions


def _fill(known: Expectation, x: Array, made: Array, v: Array) -> None:
    n, geometry = len(x), known.space
    z, _ = numeric.normalised(known.margins, x)
    residual, white, knn, trust = np.empty((4, n), np.float32)
    u, phi, group = np.empty((n, SKETCH), np.int16), np.empty((n, FOURIER), np.float32), np.zeros(n, np.int32)
    space.project(z, z @ geometry.matrix, geometry, u, v, residual, white)
    space.place(v, v @ geometry.wide, group, geometry, phi, knn, trust)
    made[:, 1 : 1 + SKETCH] = v * np.float32(3 / LARGEST_V)
    made[:, 1 + SKETCH :] = phi


@compiled
def predict(columns: Array, fold: Array, weights: Array, made: Array) -> None:
    """Shares (n, L) f8 of labels that the other fold expects; they sum to 1."""
    labels = made.shape[1]
    for i in range(len(columns)):
        w = weights[1 - fold[i]]
        total = 0.0
        for k in range(labels):
            s = 0.0
            for j in range(columns.shape[1]):
                s += w[k, j] * columns[i, j]
            made[i, k] = max(s, 0.0)
            total += made[i, k]
        for k in range(labels):
            made[i, k] = made[i, k] / total if total > 1e-9 else 1.0 / labels


def trust(label: Array, answer: Array, sure: Array) -> Array:
    """How far the model's answers (n,) can be trusted, by the labels (n,) that came back; see :class:`Expectation`."""
    said, unsaid = (answer >= 0) & ~np.isnan(sure), (answer >= 0) & np.isnan(sure)
    right = answer == label
    rely = (right[said].sum() + 10.0) / (sure[said].sum() + 10.0)
    return np.array([min(float(rely), 1.0), (right[unsaid].sum() + 10 * UNSAID) / (unsaid.sum() + 10.0)])


@compiled
def blend(shares: Array, answer: Array, sure: Array, trust: Array) -> None:
    """Mix what others expect (N, L) with what the model answered, half and half, where that is known."""
    labels = shares.shape[1]
    for i in range(len(shares)):
        if not 0 <= answer[i] < labels:
            continue
        p = trust[1] if np.isnan(sure[i]) else trust[0] * sure[i]
        rest = (1.0 - p) / max(labels - 2, 1)
        for k in range(labels - 1):
            shares[i, k] = 0.5 * shares[i, k] + 0.5 * (p if k == answer[i] else rest)
        shares[i, labels - 1] *= 0.5
