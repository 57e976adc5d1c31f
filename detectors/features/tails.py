"""Scores to -log10 of how often clean records reach them, so that they mean the same for every model."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import between
from schemas.compiled import compiled

CELLS = 1024

RAW = ("rare_values", "off_manifold", "off_mode", "far_from_known", "between_classes", "odd_combination", "margin")
TAILS = (
    "rare_values",
    "off_manifold",
    "off_mode",
    "far_from_known",
    "between_classes",
    "low_margin",
    "margin_rank",
    "margin_extremes",
    "odd_combination",
)

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


class Tails(NamedTuple):
    """Curves of seven raw scores on 1,025 points each, straight in between.

    Attributes
    ----------
    low, inverse_width : (7,) f4, of the score ``RAW[k]``: first point, and cells a unit
    curve : (7, 1025) f4, -log10 of the share of clean records at or above; for the margin: at or below
    rank : (1025,) f4, mid-rank of the margin in -1..1
    """

    low: Array
    inverse_width: Array
    curve: Array
    rank: Array


def fit(raw: Array) -> Tails:
    """Curves from clean records' raw scores (N, 7), NaN where a score does not apply."""
    low = np.zeros(len(RAW), np.float32)
    inverse_width = np.zeros(len(RAW), np.float32)
    curve = np.zeros((len(RAW), CELLS + 1), np.float32)
    rank = np.zeros(CELLS + 1, np.float32)
    for k, name in enumerate(RAW):
        scores = np.sort(raw[~np.isnan(raw[:, k]), k].astype(np.float64))
        if not len(scores):
            continue
        low[k] = scores[0]
        inverse_width[k] = CELLS / max(scores[-1] - scores[0], 1e-6)
        points = low[k] + np.arange(CELLS + 1) / inverse_width[k]
        below = np.searchsorted(scores, points, "left")
        up_to = np.searchsorted(scores, points, "right")
        reached = up_to if name == "margin" else len(scores) - below
        curve[k] = -np.log10((reached + 1) / (len(scores) + 1))
        if name == "margin":
            rank = ((below + up_to) / len(scores) - 1).astype(np.float32)
    return Tails(low, inverse_width, curve, rank)


@compiled
def apply(raw: Array, tails: Tails, out: Array) -> None:
    """Raw scores (N, 7) to the nine of ``TAILS`` (N, 9); NaN stays NaN."""
    for i in range(len(raw)):
        for k in range(5):
            out[i, k] = look_up(raw[i, k], tails.low[k], tails.inverse_width[k], tails.curve[k])
        out[i, 8] = look_up(raw[i, 5], tails.low[5], tails.inverse_width[5], tails.curve[5])
        out[i, 5] = look_up(raw[i, 6], tails.low[6], tails.inverse_width[6], tails.curve[6])
        rank = look_up(raw[i, 6], tails.low[6], tails.inverse_width[6], tails.rank)
        out[i, 6] = rank
        out[i, 7] = rank * rank - np.float32(1 / 3)


@compiled
def look_up(x: Scalar, low: Scalar, inverse_width: Scalar, curve: Array) -> Scalar:
    """A curve's height at x, flat beyond its ends."""
    if np.isnan(x):
        return x
    at: Scalar = between(np.float32(0), (x - low) * inverse_width, np.float32(CELLS))
    cell: Scalar = min(np.int64(at), CELLS - 1)
    part = at - np.float32(cell)
    return curve[cell] + (curve[cell + 1] - curve[cell]) * part
