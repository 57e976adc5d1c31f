"""Data: honest inputs and their classes, before any model is trained on them."""

from typing import NamedTuple

import numpy as np

from detectors.training.lab.types import Grid, Kind, Matrix
from schemas.batch import Codes, Doubles, Integers


class Data(NamedTuple):
    """Rows to train on, and rows that nobody trains on.

    Attributes
    ----------
    train, train_class : (M, F) and (M,)
    pool, pool_class : (N, F) and (N,)
    shape : height and width of an image, else None
    """

    kind: Kind
    train: Matrix
    train_class: Codes
    pool: Matrix
    pool_class: Codes
    grid: Grid
    shape: tuple[int, int] | None = None


class Size(NamedTuple):
    """How many rows to train on, and how many to keep for the pool."""

    train: int
    pool: int


def split(
    kind: Kind,
    x: Matrix | Doubles,
    classes: Codes | Integers,
    size: Size,
    *,
    step: Matrix | float = 0.0,
    groups: tuple[Integers, ...] = (),
    shape: tuple[int, int] | None = None,
) -> Data:
    """Cut rows (M + N, F) in two; the grid spans what occurs in them."""
    steps = np.broadcast_to(np.asarray(step, np.float32), (x.shape[1],)).astype(np.float32)
    rows = x.astype(np.float32)
    grid = Grid(rows.min(axis=0), rows.max(axis=0), steps, groups)
    cut, labels = size.train, classes.astype(np.int32)
    return Data(kind, rows[:cut], labels[:cut], rows[cut:], labels[cut:], grid, shape)
