"""Honest inputs, and what of them an attacker may change: bounds, spreads, grids, columns that stay."""

from math import isqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.classifiers.onnx_file import Refused

Array = npt.NDArray[Any]

GRIDS = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)  # steps on which a column's values may lie, the coarsest first
NEAR = 1e-4  # of a step
FREE = 2  # values that a column may have and still be a category or a flag, which stays


class Place(NamedTuple):
    """Where inputs may lie.

    Attributes
    ----------
    low, high : bounds of each column, (F,) f4
    spread : what a distance is measured in, (F,): the range of pixels, the standard deviation of a column
    grid : step of each column, (F,), 0 where there is none
    free : whether an attacker may change a column, (F,)
    shape : of one input
    """

    low: Array
    high: Array
    spread: Array
    grid: Array
    free: Array
    shape: tuple[int, ...]

    def snapped(self, x: Array) -> Array:
        """Inputs (N, F) within bounds and on the grid."""
        on = self.grid > 0
        made = np.clip(x, self.low, self.high)
        made[:, on] = np.rint(made[:, on] / self.grid[on]) * self.grid[on]
        return made.astype(np.float32)


def sides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of an image that a model takes: where it takes pixels in one row, those of a square one.

    Raises
    ------
    Refused : the pixels fill no square
    """
    if len(shape) > 1:
        return shape
    side = isqrt(shape[0])
    if side * side != shape[0]:
        raise Refused(f"it takes {shape[0]} numbers in one row, which fill no square; export it with height and width")
    return (side, side)


def pixels(x: Array, shape: tuple[int, ...]) -> Place:
    """Of images (N, F): all pixels share bounds, and lie on the grid of bytes where they do."""
    low, high = float(x.min()), float(x.max())
    size = x.shape[1]
    step = (high - low) / 255
    on = np.abs((x[:200] - low) / step - np.rint((x[:200] - low) / step)).max() < NEAR * 10 if high > low else False
    full = {"low": low, "high": high, "spread": high - low, "grid": step if on and low == 0 else 0.0}
    return Place(
        **{k: np.full(size, v, np.float32) for k, v in full.items()}, free=np.ones(size, np.bool_), shape=shape
    )


def columns(x: Array) -> Place:
    """Of rows (N, F): each column has its own bounds and grid; flags and categories stay."""
    grid = np.array([_step(x[:, k]) for k in range(x.shape[1])], np.float32)
    few = np.array([len(np.unique(x[:, k])) <= FREE for k in range(x.shape[1])])
    return Place(x.min(0), x.max(0), np.maximum(x.std(0), 1e-6).astype(np.float32), grid, ~few, (x.shape[1],))


def _step(column: Array) -> float:
    """The coarsest step that all values are multiples of, 0 without one."""
    for step in GRIDS:
        if np.abs(column / step - np.rint(column / step)).max() < NEAR:
            return step
    return 0.0
