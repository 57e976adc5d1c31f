"""What is kept for a principal, what a record brings, and what is usual."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.outputs import GROUPS
from detectors.features.space import FOURIER, SKETCH
from detectors.statistics import AT, SIGNALS, WHOLES

Array = npt.NDArray[Any]

RING = 32  # distinct inputs remembered
CHAINS = 8  # live chains of near copies
MEMORY = 128  # records: of the distribution of contents and of answers
CONTENT_WEIGHT = 16  # prior records
SHORT_WEIGHT, LONG_WEIGHT = 8, 16  # prior records of the two memories
PAUSE = 300  # s without a request end a session
BURST, DAY = 600, 86_400  # s
NEAR = 0.5  # times the usual spacing: a near copy
WIDTH = len(SIGNALS)
WHOLE = len(WHOLES)

STATE = np.dtype(
    [
        ("n", "u4"),
        ("distinct", "u4"),
        ("chains", "u4"),
        ("session", "u4"),
        ("last", "f8"),
        ("u", "i2", (RING, SKETCH)),
        ("hash", "u8", RING),
        ("rare", "u4", (RING, 2)),
        ("chain", "u4", RING),
        ("label", "i4", RING),
        ("children", "u2", RING),
        ("chain_id", "u4", CHAINS),
        ("root", "i4", CHAINS),
        ("length", "u4", CHAINS),
        ("lowest", "f4", CHAINS),
        ("highest", "f4", CHAINS),
        ("phi", "f4", FOURIER),
        ("contents", "f4"),
        ("mix", "f4", GROUPS),
        ("last_length", "f4"),
        ("last_label", "i4"),
        ("applied", "f4", WIDTH),
        ("short", "f4", WIDTH),
        ("long", "f4", WIDTH),
        ("burst", "f4"),
        ("day", "f4"),
        ("fresh", "f4"),
    ],
    align=True,
)

REPEAT, NEAR_COPY, NEAREST, NEAREST_SPREAD = AT["repeat"], AT["near_copy"], AT["nearest"], AT["nearest_spread"]
FLIP, RECORD_LOW, RECORD_HIGH = AT["flip"], AT["record_low"], AT["record_high"]
CHAIN_LENGTH, BRANCHING, LOOK_BACK = AT["chain_length"], AT["branching"], AT["look_back"]
DIRECTION, ALIGNMENT, STEP, STEP_SPREAD = AT["direction"], AT["alignment"], AT["step"], AT["step_spread"]
NEAR_BOUNDARY, TRIGGER, SAME_LABEL = AT["near_boundary"], AT["trigger"], AT["same_label"]
GAP, GAP_SPREAD = AT["gap"], AT["gap_spread"]
MARGIN_RANK, MARGIN_EXTREMES = AT["margin_rank"], AT["margin_extremes"]


class Habits(NamedTuple):
    """What principals do on the clean period: where a profile starts.

    Attributes
    ----------
    prior : (28,) f4, mean of principals' mean signals
    nearest, step, gap : (1,) f4, centres of the three squared deviations
    mix, log_mix : (groups,) f4, share of each answer group, and its log
    spacing, spread : (1,) f4, of :class:`detectors.features.space.Space`
    """

    prior: Array
    nearest: Array
    step: Array
    gap: Array
    mix: Array
    log_mix: Array
    spacing: Array
    spread: Array


class Rows(NamedTuple):
    """N records as columns, see :mod:`detectors.features.numeric`."""

    time: Array
    trusted: Array
    hash: Array
    u: Array
    phi: Array
    rare: Array
    label: Array
    group: Array
    margin: Array
    probabilities: Array
    tails: Array
