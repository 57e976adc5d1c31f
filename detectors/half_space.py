"""How odd sampled inputs are to a forest of half-spaces that learnt the first of them and then stopped.

References
----------
Tan, Ting and Liu, Fast anomaly detection for streaming data, IJCAI 2011; River's ``HalfSpaceTrees``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from river.anomaly import HalfSpaceTrees

LEARN = 128  # samples that the forest learns
SETTLE = 128  # samples after them whose scores say what is usual


class Forest:
    """A forest that learns :data:`LEARN` samples, measures the usual score on the next, and is then frozen.

    ``seen`` holds the samples that it learnt from and measured on: feeding them to a new forest restores it.
    """

    def __init__(self, seen: Sequence[Sequence[float]] = ()) -> None:
        self.seen: list[list[float]] = []
        self._scores: list[float] = []
        self._trees: Any = HalfSpaceTrees(n_trees=25, height=6, window_size=LEARN, seed=1)
        for sample in seen:
            self.score(sample)

    def score(self, sample: Sequence[float]) -> float:
        """Standard deviations above usual; 0 while it is still learning.

        Parameters
        ----------
        sample : tail scores, -log10 of a share of clean records
        """
        x = {k: 1.0 - 10.0 ** -max(v, 0.0) for k, v in enumerate(sample)}
        if len(self.seen) < LEARN:
            self._trees.learn_one(x)
        elif len(self.seen) < LEARN + SETTLE:
            self._scores.append(float(self._trees.score_one(x)))
        else:
            mean, deviation = self._usual()
            return (float(self._trees.score_one(x)) - mean) / deviation
        self.seen.append([float(v) for v in sample])
        return 0.0

    def _usual(self) -> tuple[float, float]:
        scores: npt.NDArray[np.float64] = np.array(self._scores)
        return float(scores.mean()), max(float(scores.std()), 1e-3)
