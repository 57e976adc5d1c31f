"""Maximum mean discrepancy between a principal's last W inputs and the clean period's, by random Fourier features.

With phi(x) = sqrt(2 / D) cos(w x + b), w normal with the median distance as width, the score is the distance between
the mean of phi over the window and that over the clean period.

References
----------
Gretton and others, A kernel two-sample test, JMLR 2012. Rahimi, Recht, Random features for large-scale kernel machines,
NIPS 2007.
"""

from dataclasses import dataclass, field

import numpy as np

from detectors.peers.api import Traffic, each, halves
from schemas.batch import Doubles, Floats, Integers

FEATURES = 128  # D
PAIRS = 4096  # of clean inputs, from which the width is taken


@dataclass
class MeanDiscrepancy:
    """Distance of a principal's last ``window`` inputs from the clean ones of the other half of principals."""

    window: int = 32
    title: str = "MMD, sliding window"
    source: str = "Gretton and others 2012"
    alone: bool = True
    _directions: Doubles = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    _shifts: Doubles = field(default_factory=lambda: np.zeros(0), repr=False)
    _usual: Doubles = field(default_factory=lambda: np.zeros((2, 0)), repr=False)

    def learn(self, clean: Traffic) -> None:
        """Take the kernel's width and the mean of both halves; where a half is empty, that of all."""
        random = np.random.default_rng(1)
        first, second = random.integers(0, len(clean), (2, PAIRS))
        gaps = np.linalg.norm(clean.points[first].astype(np.float64) - clean.points[second], axis=1)
        width = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1.0
        self._directions = random.normal(size=(clean.points.shape[1], FEATURES)) / width
        self._shifts = random.uniform(0, 2 * np.pi, FEATURES)
        phi = self._phi(clean.points)
        half = clean.principal % 2
        self._usual = np.stack([phi[half == k].mean(axis=0) if (half == k).any() else phi.mean(axis=0) for k in (0, 1)])

    def score(self, rows: Traffic) -> Doubles:
        """Distance (N,) between means, NaN before a principal has sent a window."""
        judges = halves(rows.principal)

        def one(at: Integers) -> Doubles:
            made = np.full(len(at), np.nan)
            if len(at) >= self.window:
                total = np.cumsum(self._phi(rows.points[at]), axis=0)
                total[self.window :] -= total[: -self.window].copy()
                gap = total[self.window - 1 :] / self.window - self._usual[judges[at[0]]]
                made[self.window - 1 :] = np.linalg.norm(gap, axis=1)
            return made

        return each(rows.principal, one)

    def _phi(self, points: Floats) -> Doubles:
        made: Doubles = np.sqrt(2.0 / FEATURES) * np.cos(points @ self._directions + self._shifts)
        return made
