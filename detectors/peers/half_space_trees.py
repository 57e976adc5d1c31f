"""River's half-space trees: how empty the part of the input space is that a record falls in.

Two forests learn the clean records of half of the principals each, and are then frozen: a forest that goes on learning
learns whoever sends much. A principal is judged by the forest that does not know it.

References
----------
Tan, Ting, Liu, Fast anomaly detection for streaming data, IJCAI 2011.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from river.anomaly import HalfSpaceTrees

from detectors.peers.api import Traffic, halves, recent
from schemas.batch import Doubles, Floats

WINDOW = 250  # river's default
TAUGHT = 8000  # records of each half that teach a forest, spread over the clean period


@dataclass
class HalfSpaces:
    """Mean score of a principal's last ``over`` records; 1 judges each record alone."""

    over: int = 32
    source: str = "river; Tan, Ting, Liu 2011"
    alone: bool = True
    _forests: list[Any] = field(default_factory=list, repr=False)

    @property
    def title(self) -> str:
        """What the tables call it."""
        return "river HalfSpaceTrees, " + ("each record" if self.over == 1 else f"mean of {self.over}")

    def learn(self, clean: Traffic) -> None:
        """Teach each forest its half."""
        low, high = clean.points.min(axis=0).tolist(), clean.points.max(axis=0).tolist()
        limits: Any = {k: (a, b if b > a else a + 1.0) for k, (a, b) in enumerate(zip(low, high, strict=True))}
        self._forests = []
        for half in (0, 1):
            forest: Any = HalfSpaceTrees(n_trees=25, height=8, window_size=WINDOW, limits=limits, seed=1)
            mine = np.flatnonzero(clean.principal % 2 == half)
            for x in _rows(clean.points[mine[:: max(1, -(-len(mine) // TAUGHT))]]):
                forest.learn_one(x)
            self._forests.append(forest)

    def score(self, rows: Traffic) -> Doubles:
        """Score (N,) in [0, 1], the mean over a principal's last records."""
        judges = halves(rows.principal).tolist()
        single = [self._forests[half].score_one(x) for half, x in zip(judges, _rows(rows.points), strict=True)]
        return recent(np.array(single, np.float64), rows.principal, self.over)


def _rows(points: Floats) -> list[dict[int, float]]:
    return [dict(enumerate(x)) for x in points.tolist()]
