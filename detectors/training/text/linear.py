"""Linear heads as they were fitted, several fits as one, and as they ship.

Which of our own prompts are drawn moves what is found by more than most changes of a recipe. Logits are linear in the
weights, so the mean of the weights of several fits gives the mean of their logits, and costs nothing when it reads.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text import grams
from detectors.text.embedding import DIMENSIONS
from detectors.text.heads import Heads
from detectors.text.waves import Waves

Array = npt.NDArray[Any]

LEVELS = 127  # of a weight as it ships
NUMBERS = 0.08  # weight of the canonical numbers beside the n-grams


class Shown(NamedTuple):
    """Mean and spread (32,) of the canonical numbers, by which they are standardised."""

    mean: Array
    spread: Array


class Linear(NamedTuple):
    """H heads as they were fitted.

    Attributes
    ----------
    coefficients : (2^18 + 32, H) f8, of n-grams and standardised canonical numbers; bias : (H,) f8
    worth : (D, 64 + K) f8, of the embedding and its cosines
    shown : of the canonical numbers
    """

    coefficients: Array
    bias: Array
    worth: Array
    shown: Shown


def shown(numbers: Array) -> Shown:
    """How canonical numbers (N, 32) are spread."""
    return Shown(numbers.mean(0), numbers.std(0) + 1e-3)


def averaged(fits: Sequence[Linear]) -> Linear:
    """One fit whose logits are the mean of those of several, which share how numbers are standardised."""
    first = fits[0].shown
    assert all(np.array_equal(one.shown.mean, first.mean) for one in fits)
    return Linear(
        np.mean([one.coefficients for one in fits], 0),
        np.mean([one.bias for one in fits], 0),
        np.mean([one.worth for one in fits], 0),
        first,
    )


def quantised(made: Linear, turn: Array, phase: Array) -> Heads:
    """Heads with n-gram weights as whole numbers, the largest of each head 127."""
    part, numbers = made.coefficients[: grams.PLACES], made.coefficients[grams.PLACES :]
    unit = np.maximum(np.quantile(np.abs(part), 0.9999, axis=0), 1e-9) / LEVELS
    whole = np.clip(np.rint(part / unit), -LEVELS, LEVELS).astype(np.int8)
    worth = made.worth.astype(np.float32)
    waves = Waves(turn, phase, worth[:, DIMENSIONS:], worth[:, :DIMENSIONS])
    return Heads(
        whole, unit.astype(np.float32), (numbers * NUMBERS).astype(np.float32), made.bias.astype(np.float32),
        made.shown.mean.astype(np.float32), made.shown.spread.astype(np.float32), *waves,
    )  # fmt: skip
