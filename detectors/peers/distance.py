"""K nearest neighbours as pyod has it: the distance of a record to the k-th nearest of the clean period's.

Equal inputs of the clean period count once. A principal is judged by the records of the other half of principals.

References
----------
Ramaswamy, Rastogi, Shim, Efficient algorithms for mining outliers from large data sets, SIGMOD 2000,
doi:10.1145/342009.335437. Zhao, Nasrullah, Li, PyOD, JMLR 2019 (``KNN``, k = 5).
"""

from dataclasses import dataclass, field

import numpy as np

from detectors.peers.api import Traffic, halves, recent
from schemas.batch import Doubles, Floats

KEPT = 2048  # clean records of each half that are compared with
CHUNK = 2048  # records compared at a time


@dataclass
class Distance:
    """Mean distance of a principal's last ``over`` records; 1 judges each record alone."""

    over: int = 32
    nearest: int = 5
    source: str = "as pyod's; Ramaswamy and others 2000"
    alone: bool = True
    _known: list[Floats] = field(default_factory=list, repr=False)

    @property
    def title(self) -> str:
        """What the tables call it."""
        return "KNN distance, " + ("each record" if self.over == 1 else f"mean of {self.over}")

    def learn(self, clean: Traffic) -> None:
        """Keep different records of each half, drawn at random; where a half is empty, of all."""
        random = np.random.default_rng(1)
        self._known = []
        for half in (0, 1):
            mine = clean.points[clean.principal % 2 == half]
            different = np.unique(mine if len(mine) else clean.points, axis=0)
            self._known.append(different[random.permutation(len(different))[:KEPT]])

    def score(self, rows: Traffic) -> Doubles:
        """Distance (N,), the mean over a principal's last records."""
        single, judges = np.empty(len(rows)), halves(rows.principal)
        for half in (0, 1):
            mine = np.flatnonzero(judges == half)
            for begin in range(0, len(mine), CHUNK):
                some = mine[begin : begin + CHUNK]
                single[some] = self._distance(rows.points[some], self._known[half])
        return recent(single, rows.principal, self.over)

    def _distance(self, points: Floats, known: Floats) -> Doubles:
        place = min(self.nearest, len(known)) - 1
        squares = (known**2).sum(axis=1) - 2.0 * (points @ known.T)
        nearest = np.partition(squares, place, axis=1)[:, place] + (points**2).sum(axis=1)
        made: Doubles = np.sqrt(np.maximum(nearest, 0.0)).astype(np.float64)
        return made
