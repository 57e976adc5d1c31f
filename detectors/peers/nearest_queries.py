"""Stateful nearest neighbours: whoever searches for an adversarial input asks about almost the same again and again.

Score: less the logarithm of the mean distance to the k nearest of the principal's last W queries.

References
----------
Chen, Carlini, Wagner, Stateful detection of black-box adversarial attacks, 2019, arXiv:1907.05587 (k = 50; theirs
learns its distance and keeps all queries).
"""

from dataclasses import dataclass

import numpy as np

from detectors.peers.api import Traffic, each
from schemas.batch import Doubles, Floats
from schemas.compiled import compiled

LEAST = 1e-3  # distance that counts as none


@dataclass
class NearestQueries:
    """Mean distance to the ``nearest`` of a principal's last ``window`` queries."""

    nearest: int = 50
    window: int = 200
    title: str = "stateful nearest neighbours"
    source: str = "Chen, Carlini, Wagner 2019"
    alone: bool = True

    def learn(self, clean: Traffic) -> None:
        """Nothing is learnt."""

    def score(self, rows: Traffic) -> Doubles:
        """Score (N,), higher where queries are nearer; NaN before a principal has sent ``nearest`` + 1."""
        return each(rows.principal, lambda at: -np.log(_mean_distance(rows.points[at], self.nearest, self.window)))


@compiled
def _mean_distance(points: Floats, nearest: int, window: int) -> Doubles:
    """Mean distance (n,) to the nearest of the ``window`` points before, at least :data:`LEAST`."""
    made = np.full(len(points), np.nan)
    distances = np.empty(window)
    for i in range(nearest, len(points)):
        held = 0
        for j in range(max(0, i - window), i):
            square = 0.0
            for k in range(points.shape[1]):
                gap = float(points[i, k]) - float(points[j, k])
                square += gap * gap
            if square > 0.0:
                distances[held] = np.sqrt(square)
                held += 1
        if held >= nearest:
            made[i] = max(np.sort(distances[:held])[:nearest].mean(), LEAST)
    return made
