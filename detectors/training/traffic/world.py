"""World: what honest inputs look like. Two of them, of the same make: payments to judge, and credits to grant."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int64]
Generator = np.random.Generator

FEATURES, CLASSES, HIDDEN = 24, 5, 6
SHARES, AMOUNTS, COUNTS, FLAGS = slice(0, 14), slice(14, 18), slice(18, 21), slice(21, 24)
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class World:
    """A population of inputs with 24 columns and 5 classes.

    14 columns are shares in [0, 1], 4 are amounts (log-normal), 3 are counts, 3 are flags; all of them depend on 6
    hidden causes, so they are correlated, and each class is two clusters of causes.

    Attributes
    ----------
    prior : (5,) how common each class is
    centres : (5, 2, 6) causes in the middle of each cluster
    mixing : (6, 24) from causes to columns
    offset : (24,)
    """

    prior: npt.NDArray[np.float64]
    centres: npt.NDArray[np.float64]
    mixing: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]

    def sample(self, chance: Generator, labels: Codes) -> Floats:
        """Inputs (N, 24) of the given classes (N,)."""
        cluster = chance.integers(0, 2, len(labels))
        causes = self.centres[labels, cluster] + chance.normal(0, 0.75, (len(labels), HIDDEN))
        raw = causes @ self.mixing + self.offset + chance.normal(0, 0.25, (len(labels), FEATURES))
        x = np.empty_like(raw)
        x[:, SHARES] = 1 / (1 + np.exp(-raw[:, SHARES]))
        x[:, AMOUNTS] = np.exp(np.clip(0.5 * raw[:, AMOUNTS], -4, 4))
        x[:, COUNTS] = chance.poisson(np.exp(np.clip(0.5 * raw[:, COUNTS], -3, 2.5)))
        x[:, FLAGS] = raw[:, FLAGS] > 0.5
        return grid(x)

    def labels(self, chance: Generator, n: int, mix: npt.NDArray[np.float64] | None = None) -> Codes:
        """Classes (n,), as common as in ``mix`` (5,), or as in the population."""
        return chance.choice(CLASSES, n, p=self.prior if mix is None else mix)


def world(chance: Generator) -> World:
    """Draw a world."""
    mixing = chance.normal(0, 0.6, (HIDDEN, FEATURES)) * (chance.random((HIDDEN, FEATURES)) < 0.6)
    centres = chance.normal(0, 1.2, (CLASSES, 1, HIDDEN)) + chance.normal(0, 0.6, (CLASSES, 2, HIDDEN))
    return World(np.array([0.55, 0.17, 0.12, 0.09, 0.07]), centres, mixing, chance.normal(0, 0.5, FEATURES))


def grid(x: npt.NDArray[np.floating]) -> Floats:
    """Inputs with the four decimals that clients send."""
    return np.round(x, DECIMALS).astype(np.float32)
