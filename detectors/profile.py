"""The profile: what a principal has been doing lately, as 64 numbers after each of its records.

Twenty-eight signals of a record are averaged with two memories (32 and 256 records) that start at what is usual, so
that two requests of a newcomer do not look extreme; eight statistics are of the whole. ``statistics.TABLE`` says what
each means. One structured row a principal, one compiled loop in record order: no answer depends on batches.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.kernel.advance import advance, begin
from detectors.kernel.rows import STATE, WHOLE, WIDTH, Habits, Rows
from detectors.statistics import NAMES, TIMING
from schemas.batch import Doubles, Integers
from schemas.compiled import compiled

if TYPE_CHECKING:
    from detectors.reference import Reference

Array = npt.NDArray[Any]
Statistics = npt.NDArray[np.float32]

state = STATE
CLIP = 8.0
TINY = np.float32(1e-12)

__all__ = ["CLIP", "NAMES", "TIMING", "Usual", "blank", "normalise", "run", "state", "to_z", "trace", "usual_now"]


class Usual(NamedTuple):
    """Where the statistics of clean principals lie, each principal weighing one.

    Attributes
    ----------
    median : (64,) f4
    above, below : (64,) f4, units of z a unit of the statistic, on either side of the median
    """

    median: Array
    above: Array
    below: Array


def run(
    reference: "Reference", columns: Mapping[str, Array], time: Doubles, slots: Integers, state: npt.NDArray[np.void]
) -> Statistics:
    """Statistics (N, 64) after each of N records; ``state`` moves on, but for records that are not trusted.

    Parameters
    ----------
    columns : of :func:`detectors.features.numeric.columns`
    time : (N,) s; may step back, then the gap counts as 0
    slots : (N,) row of ``state`` of each record; a row of zeros is a principal never seen
    """
    statistics, _ = trace(reference.habits, columns, time, slots, state, keep_signals=False)
    return statistics


def trace(
    habits: Habits,
    columns: Mapping[str, Array],
    time: Doubles,
    slots: Integers,
    state: npt.NDArray[np.void],
    *,
    keep_signals: bool,
) -> tuple[Statistics, Array]:
    """The same, from a reference's part; and each record's 28 signals if asked for, NaN where they do not apply."""
    n = len(slots)
    statistics = np.empty((n, 2 * WIDTH + WHOLE), np.float32)
    signals = np.empty((n if keep_signals else 0, WIDTH), np.float32)
    rows = Rows(time, *(columns[name] for name in Rows._fields[1:]))
    advance(rows, slots, state, np.zeros(1, STATE), habits, statistics, signals)
    return statistics, signals


def normalise(reference: "Reference", statistics: Statistics) -> Statistics:
    """Deviations z (N, 64): 0 is usual, +-1 about the 5 % and 95 % quantiles of clean principals, at most +-8."""
    z = np.empty_like(statistics)
    to_z(statistics, reference.usual, z)
    return z


@compiled
def to_z(statistics: Array, usual: Usual, z: Array) -> None:
    """Fill z (N, 64) from statistics (N, 64)."""
    limit = np.float32(CLIP)
    for i in range(len(statistics)):
        for k in range(statistics.shape[1]):
            d = statistics[i, k] - usual.median[k]
            d *= usual.above[k] if d > 0 else usual.below[k]
            z[i, k] = min(max(d, -limit), limit)


def usual_now(reference: "Reference", statistics: Statistics, z: Statistics) -> Statistics:
    """What is usual for a statistic (64,) whose deviation is ``z`` (64,): the clean median, moved with the population.

    Deviations are taken from what the population does by now (:mod:`detectors.recentre`); so is what an alert says.
    """
    usual = reference.usual
    shift = normalise(reference, np.ascontiguousarray(statistics)[None])[0] - z
    slope = np.where(shift > 0, usual.above, usual.below)
    return np.asarray(usual.median + np.where(slope > 0, shift / np.maximum(slope, TINY), 0), np.float32)


def blank(reference: "Reference", rows: npt.NDArray[np.void]) -> None:
    """Make rows those of principals never seen, with the prior spelled out."""
    rows[:] = np.zeros((), STATE)
    for row in rows:
        begin(row, reference.habits)
