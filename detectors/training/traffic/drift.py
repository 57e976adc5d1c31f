"""Drift: from a moment on, upstream sends some columns in another unit, for every customer of a model."""

import numpy as np

from detectors.training.traffic.people import Times
from detectors.training.traffic.world import AMOUNTS, SHARES, Floats, grid

COLUMNS = np.arange(SHARES.start, SHARES.start + 5)


def drifted(x: Floats, time: Times, since: float) -> Floats:
    """Inputs (N, 24) at times (N,); after ``since`` five shares are squeezed upwards and amounts a fifth larger."""
    after = np.flatnonzero(time >= since)
    moved = x.copy()
    moved[after[:, None], COLUMNS] = 0.8 * x[after[:, None], COLUMNS] + 0.15
    moved[after, AMOUNTS] = 1.2 * x[after, AMOUNTS]
    return grid(moved)
