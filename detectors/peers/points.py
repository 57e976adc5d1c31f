"""Points: inputs as peers compare them, scaled to the clean period's range and, if there are many features, reduced."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Floats

RAW = 128  # features up to which all are kept
COMPONENTS = 32
SAMPLE = 8192  # rows from which components are found
FAR = 3.0  # ranges beyond the clean period's at which a value is cut


@dataclass(frozen=True, slots=True)
class Space:
    """A scale for F features, and K directions.

    Attributes
    ----------
    low, width : (F,) least value of the clean period, and its range, 1 where it is none
    middle : (F,) mean of the scaled clean period
    axes : (F, K) principal components, None where all features are kept
    """

    low: Doubles
    width: Doubles
    middle: Doubles
    axes: npt.NDArray[np.float64] | None

    @classmethod
    def fit(cls, clean: Floats) -> "Space":
        """Find the space of a clean period (n, F), n > 0."""
        low = clean.min(axis=0).astype(np.float64)
        width = clean.max(axis=0) - low
        width = np.where(width > 0.0, width, 1.0)
        made = cls(low, width, np.zeros(len(low)), None)
        if len(low) <= RAW:
            return made
        rows = made.scaled(clean[:: -(-len(clean) // SAMPLE)])
        middle = rows.mean(axis=0)
        _, axes = np.linalg.eigh((rows - middle).T @ (rows - middle))
        return cls(low, width, middle, axes[:, ::-1][:, :COMPONENTS])

    def scaled(self, features: Floats) -> Doubles:
        """Features (n, F) in ranges of the clean period: 0 to 1 where it has been."""
        made: Doubles = np.clip((features - self.low) / self.width, -FAR, 1.0 + FAR)
        return made

    def points(self, scaled: Doubles) -> Floats:
        """Points (n, K) of scaled features (n, F)."""
        made = scaled if self.axes is None else (scaled - self.middle) @ self.axes
        return made.astype(np.float32)
