"""PRADA: distances between a customer's queries are normally distributed, those between a thief's synthetic ones not.

Of each query the distance to the nearest of the principal's former queries with the same answer is kept; it joins them
if it is farther than mean - sd of the distances in its class. Score: 1 less Shapiro and Wilk's W of the last distances,
outliers beyond three sd left out.

References
----------
Juuti, Szyller, Marchal, Asokan, PRADA: protecting against DNN model stealing attacks, EuroS&P 2019, arXiv:1805.02628
(theirs keeps all queries and all distances).
"""

from dataclasses import dataclass

import numpy as np

from detectors.peers.api import Traffic, each
from detectors.peers.normality import w_statistic, weights
from schemas.batch import Doubles, Floats, Integers
from schemas.compiled import compiled

FEWEST = 100  # distances before there is an opinion


@dataclass
class Prada:
    """W of a principal's last ``window`` distances; of each answer the last ``kept`` queries are compared with."""

    window: int = 200
    kept: int = 256
    title: str = "PRADA"
    source: str = "Juuti and others 2019"
    alone: bool = True

    def learn(self, clean: Traffic) -> None:
        """Nothing is learnt."""

    def score(self, rows: Traffic) -> Doubles:
        """Score (N,), higher where distances are less normal; NaN before a principal has :data:`FEWEST` of them."""
        table = weights(self.window)

        def one(at: Integers) -> Doubles:
            answers, codes = np.unique(rows.answer[at], return_inverse=True)
            distance = _distances(rows.points[at], codes, len(answers), self.kept)
            return _abnormality(distance, self.window, table)

        return each(rows.principal, one)


@compiled
def _distances(points: Floats, answer: Integers, answers: int, kept: int) -> Doubles:
    """Distance (n,) to the nearest former point with the same answer, NaN for the first."""
    n, width = points.shape
    made = np.full(n, np.nan)
    ring = np.empty((answers, kept), np.int64)
    held = np.zeros(answers, np.int64)
    count = np.zeros(answers)
    total = np.zeros(answers)
    squares = np.zeros(answers)
    for i in range(n):
        a = answer[i]
        best = np.inf
        for j in range(min(held[a], kept)):
            square = 0.0
            for k in range(width):
                gap = float(points[i, k]) - float(points[ring[a, j], k])
                square += gap * gap
                if square >= best:
                    break
            best = min(best, square)
        joins = True
        if held[a]:
            d = np.sqrt(best)
            made[i] = d
            if count[a] >= 2:
                mean = total[a] / count[a]
                joins = d > mean - np.sqrt(max(0.0, squares[a] / count[a] - mean * mean))
            if joins:
                count[a] += 1
                total[a] += d
                squares[a] += d * d
        if joins:
            ring[a, held[a] % kept] = i
            held[a] += 1
    return made


@compiled
def _abnormality(distance: Doubles, window: int, table: Doubles) -> Doubles:
    """1 - W (n,) of the last distances up to each."""
    made = np.full(len(distance), np.nan)
    ring = np.empty(window)
    seen = 0
    for i in range(len(distance)):
        if np.isnan(distance[i]):
            continue
        ring[seen % window] = distance[i]
        seen += 1
        if seen >= FEWEST:
            values = ring[: min(seen, window)]
            mean, sd = values.mean(), values.std()
            inner = np.sort(values[np.abs(values - mean) <= 3.0 * sd])
            made[i] = 1.0 - w_statistic(inner, table)
    return made
