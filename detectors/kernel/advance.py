"""A record's way: pace, ring, means, wholes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.kernel.ring import compare
from detectors.kernel.rows import (
    BURST,
    DAY,
    GAP,
    GAP_SPREAD,
    LONG_WEIGHT,
    PAUSE,
    SAME_LABEL,
    SHORT_WEIGHT,
    WIDTH,
    Habits,
    Rows,
)
from detectors.kernel.wholes import look_at_whole
from detectors.statistics import LONG, SHORT
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled


@compiled
def advance(
    rows: Rows, slots: Array, state: Array, spare: Array, habits: Habits, statistics: Array, signals: Array
) -> None:
    """Let each record change its principal's row, and write down the statistics after it.

    Parameters
    ----------
    slots, state : (N,) row of each record, and the rows; a record that is not trusted changes a copy only
    spare : (1,) room for that copy
    statistics : out (N, 64) f4
    signals : out (N, 28) f4, what each record by itself says, NaN where it does not apply; or (0, 28)
    """
    signal = np.empty(WIDTH, np.float32)
    for i in range(len(slots)):
        row = state[slots[i]]
        if not rows.trusted[i]:
            spare[0] = row
            row = spare[0]
        if row.n == 0:
            begin(row, habits)
        for k in range(WIDTH):
            signal[k] = rows.tails[i, k] if k < rows.tails.shape[1] else np.nan
        keep_pace(row, rows.time[i], habits, signal)
        if rows.label[i] >= 0:
            if row.n > 0 and len(habits.mix) > 1:
                signal[SAME_LABEL] = row.last_label == rows.label[i]
            row.last_label = rows.label[i]
        if rows.hash[i] != 0:
            compare(row, rows, i, habits, signal)
        row.n += 1
        average(row, signal)
        for k in range(WIDTH):
            statistics[i, k] = row.short[k]
            statistics[i, WIDTH + k] = row.long[k]
        look_at_whole(row, rows.group[i], habits, statistics[i, 2 * WIDTH :])
        if len(signals):
            for k in range(WIDTH):
                signals[i, k] = signal[k]


@compiled
def begin(row: Any, habits: Habits) -> None:
    """A principal never seen is taken for the usual one."""
    for k in range(WIDTH):
        row.short[k] = habits.prior[k]
        row.long[k] = habits.prior[k]
    for k in range(len(habits.mix)):
        row.mix[k] = habits.mix[k]


@compiled
def keep_pace(row: Any, time: Scalar, habits: Habits, signal: Array) -> None:
    """Gap to the last request, running session, counts that fade within ten minutes and within a day."""
    gap = np.float32(max(time - row.last, 0.0)) if row.n > 0 else np.float32(0)
    if row.n > 0:
        log_gap = np.log(max(gap, np.float32(1e-3))) * np.float32(0.4342944819032518)
        signal[GAP] = log_gap
        signal[GAP_SPREAD] = (log_gap - habits.gap[0]) ** 2
    if gap > np.float32(PAUSE):
        row.session = 0
    row.session += 1
    faded = np.exp(-gap / np.float32(BURST))
    row.burst = row.burst * faded + np.float32(1)
    row.fresh = row.fresh * faded
    row.day = row.day * np.exp(-gap / np.float32(DAY)) + np.float32(1)
    row.last = time


@compiled
def average(row: Any, signal: Array) -> None:
    """Move the two means of every signal that applies; they start at the prior and its weight in records."""
    for k in range(WIDTH):
        if not np.isnan(signal[k]):
            row.applied[k] += np.float32(1)
            count = row.applied[k]
            row.short[k] += (signal[k] - row.short[k]) / min(count + np.float32(SHORT_WEIGHT), np.float32(SHORT))
            row.long[k] += (signal[k] - row.long[k]) / min(count + np.float32(LONG_WEIGHT), np.float32(LONG))
