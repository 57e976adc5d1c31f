"""Spectral signature: records that lie far out in the direction in which one label's records vary unusually.

Poisoned records of a label have something in common that its other records have not, so that they stretch its
covariance in one direction, and lie at the far end of it. The direction is found by power iteration in coordinates in
which all labels' records together vary alike, anew at each fit; what counts as far out are the outermost 1.5 % of the
label's records at the fit. A contributor whose records are there far more often than the crowd's is told.

References
----------
Tran, Li and Madry, Spectral signatures in backdoor attacks, 2018, arXiv:1811.00636.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.feedback.bets import bet
from schemas.compiled import compiled

Array = npt.NDArray[Any]

OUTER = 0.015
FEWEST = 40  # records of a label that have a direction
STEPS = 60  # of the power iteration
SLACK = 0.03

state = np.dtype([("log", "f8", 4), ("count", "u4"), ("far", "u4")])
"""Log evidence, records of labels that have a direction, and those far out."""


class Spectrum(NamedTuple):
    """Of L labels where their records lie (L, 32), the direction (L, 32), how far is far (L,), inf where unknown."""

    mean: Array
    direction: Array
    cut: Array


def fit(v: Array, label: Array, labels: int) -> Spectrum:
    """Learn from directions (n, 32) of a sample and its labels (n,)."""
    v = v.astype(np.float64)
    width = v.shape[1]
    made = Spectrum(np.zeros((labels, width)), np.zeros((labels, width)), np.full(labels, np.inf))
    known = [k for k in range(labels) if (label == k).sum() >= FEWEST]
    if not known:
        return made
    residual = np.concatenate([v[label == k] - v[label == k].mean(0) for k in known])
    value, vector = np.linalg.eigh(residual.T @ residual / len(residual))
    whiten = vector / np.sqrt(np.maximum(value, 1e-3 * value.max() + 1e-12))
    for k in known:
        own = v[label == k]
        made.mean[k] = own.mean(0)
        white = (own - made.mean[k]) @ whiten
        made.direction[k] = whiten @ _top(white.T @ white / len(white))
        made.cut[k] = np.quantile(np.abs((own - made.mean[k]) @ made.direction[k]), 1 - OUTER)
    return made


def _top(covariance: Array) -> Array:
    """The direction (d,) of largest variance."""
    one = np.ones(len(covariance)) / np.sqrt(len(covariance))
    for _ in range(STEPS):
        one = covariance @ one
        one /= max(float(np.sqrt(one @ one)), 1e-300)
    return np.asarray(one)


@compiled
def follow(own: Any, v: Any, mean: Any, direction: Any, cut: Any, limit: Any) -> None:
    """Judge a record's directions (32,) by those of its label; an honest one is far out with at most ``limit``."""
    if cut == np.inf:
        return
    s = 0.0
    for j in range(len(v)):
        s += (v[j] - mean[j]) * direction[j]
    far = abs(s) > cut
    own.count += 1
    own.far += far
    bet(own.log, own.count, far, 1.0, limit)
