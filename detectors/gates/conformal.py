"""Conformal gate: a principal alerts when the peak of its score in an epoch exceeds that of benign principals.

At its first judged record of an epoch a principal pays alpha (:mod:`detectors.gates.payment`), which fixes its
threshold T(alpha) for the epoch: the peak that a benign principal exceeds in an epoch with probability at most alpha
(:mod:`detectors.gates.calibration`). The expected false alerts are then at most the sum of what was paid, whatever
happens inside a principal's traffic and however detectors depend on each other. Benign principals must be
exchangeable with those of the calibration; records need not be.

A client that is odd every day is told of once: for four weeks it alerts again only where its score rises as far above
all that it reached since as takes the level down to an eighth. It counts as above its threshold all the same. So what
calibrations look at is what a principal reaches in that time, not on each of its days (:mod:`detectors.gates.weeks`),
and the budget that an odd client does not use 28 times goes to the others.

Where today more of those known are loud than on other days, all need rarer evidence (:func:`payment.louder`).
Newcomers have thresholds of their own on their first day: short histories deviate further than long ones.

References
----------
Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005 (conformal prediction).
Bates et al., Testing for outliers with conformal p-values, Annals of Statistics 2023, doi:10.1214/22-AOS2244.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.gates.changed import begin, hear, standing
from detectors.gates.payment import NEWCOMER, RETURNING, Meter, enter, louder, pay
from schemas.batch import Doubles, Flags, Integers
from schemas.compiled import compiled

state = np.dtype(
    [
        ("epoch", "i8"), ("peak", "f8"), ("threshold", "f8"), ("paid", "f4"), ("alerted", "i2"), ("turn", "u2"),
        ("told", "i4"), ("first", "i4"), ("loudest", "f8"),
    ],
    align=True,
)  # fmt: skip
"""One principal: epoch, peak, threshold, payment, whether it crossed; when it was heard since a change
(:mod:`detectors.gates.changed`); when it was told of, its first epoch, its peak since it was told of."""
WEEK = 7  # epochs
REST = 4 * WEEK
RARER = 8.0  # how many times rarer than its threshold's what a resting principal does must become
ABOVE, TOLD = 1, 2  # in a row's ``alerted``
KNOWN = -1  # in a row's epochs: seen in the burn-in, not yet judged
Rows = npt.NDArray[np.void]


class Crossings(NamedTuple):
    """Rows that raised an alert: (n,) row numbers, (n,) budget paid for them, (n,) thresholds crossed."""

    rows: Integers
    paid: Doubles
    threshold: Doubles


class Peaks(NamedTuple):
    """Principals judged in one epoch, (n,) each.

    Attributes
    ----------
    peak : largest score
    alerted : whether they were above their ``threshold``
    known : whether they have been there since the burn-in, or for a week: who is learnt from
    who : a number that is the principal's in every epoch; 0 is nobody's
    """

    peak: Doubles
    alerted: npt.NDArray[np.bool_]
    threshold: Doubles
    known: npt.NDArray[np.bool_]
    who: npt.NDArray[np.uint64]

    def counts(self) -> tuple[int, int, int]:
        """How many were judged, how many of them are known, and how many of those alerted."""
        return len(self.peak), int(self.known.sum()), int((self.known & self.alerted).sum())

    def largest(self, count: int) -> "Peaks":
        """What a memory of ``count`` peaks can keep: the known ones', of those that alerted and of others."""
        sides = (np.flatnonzero(self.known & self.alerted), np.flatnonzero(self.known & ~self.alerted))
        chosen = [self._top(rows, count) for rows in sides]
        at = np.sort(np.concatenate(chosen))
        return Peaks(self.peak[at], self.alerted[at], self.threshold[at], self.known[at], self.who[at])

    def _top(self, rows: Integers, count: int) -> Integers:
        """The ``count`` of some rows with the largest peaks; of equal ones those with the larger number."""
        if len(rows) > count:
            rows = rows[self.peak[rows] >= np.partition(self.peak[rows], -count)[-count]]
        return rows[np.lexsort((self.who[rows], self.peak[rows]))[-count:]]


def cross(
    slots: Integers,
    epochs: Integers,
    scores: Doubles,
    *,
    alphas: Doubles,
    thresholds: Doubles,
    rows: Rows,
    meter: Meter,
    newcomers: Doubles | None = None,
    changes: Flags | None = None,
) -> Crossings:
    """Rows whose score takes their principal over its threshold for the first time in the epoch, unless it rests.

    Parameters
    ----------
    slots, epochs, scores : (N,) the principal's row, the epoch (never falling), the score (NaN is "no opinion")
    alphas, thresholds : (K,) a calibration's table, alphas rising; between two of them the stricter threshold
        holds, below the smallest none can be crossed
    rows : (S,) structured :data:`state`, one a slot, updated
    meter : (1,) of :mod:`detectors.gates.payment`, updated
    newcomers : (K,) thresholds for a principal's first epoch, never below the others; None if they are the same
    changes : (N,) rows with which what everybody sends has changed; None for none: :mod:`detectors.gates.changed`
    """
    first = thresholds if newcomers is None else newcomers
    changes = np.zeros(len(slots), np.bool_) if changes is None else changes
    return Crossings(*_cross(slots, epochs, scores, alphas, thresholds, first, rows, meter, changes))


@compiled
def _cross(
    slots: Integers,
    epochs: Integers,
    scores: Doubles,
    alphas: Doubles,
    thresholds: Doubles,
    newcomers: Doubles,
    rows: Any,
    meter: Any,
    changes: Flags,
) -> tuple[Integers, Doubles, Doubles]:
    at = np.empty(len(slots), np.int64)
    paid = np.empty(len(slots))
    threshold = np.empty(len(slots))
    n = 0
    m = meter[0]
    loud = thresholds[-1] if len(thresholds) else np.inf
    for i in range(len(slots)):
        x = scores[i]
        if epochs[i] + 1 > m.epoch and (changes[i] or not np.isnan(x)):
            enter(m, epochs[i] + 1)
        if changes[i]:
            begin(m)
        if np.isnan(x):
            continue
        row = rows[slots[i]]
        if row.epoch != m.epoch:
            lane = RETURNING if row.epoch != 0 else NEWCOMER
            if row.first == 0:
                row.first = m.epoch
            row.epoch = m.epoch
            row.alerted = 0
            row.peak = -np.inf
            row.paid = pay(m, lane)
            row.threshold = _at(alphas, newcomers if lane == NEWCOMER else thresholds, row.paid)
            m.known += _known(row, m.epoch)
        if x > row.peak or m.changed > 0:
            if row.peak <= loud < x:
                m.loud += _known(row, m.epoch)
            row.peak = max(row.peak, x)
            needed = _needed(row, m, slots[i], x, alphas, newcomers if row.first == m.epoch else thresholds)
            if x > needed:
                if row.alerted < TOLD and not _rests(row, m.epoch, x, alphas, thresholds):
                    row.alerted, row.told, row.loudest = TOLD, m.epoch, x
                    m.alerts += 1
                    at[n], paid[n], threshold[n] = i, row.paid, needed
                    n += 1
                row.alerted = max(row.alerted, ABOVE)
                row.loudest = max(row.loudest, x)
            if m.changed > 0 and (_known(row, m.epoch) or m.known == 0):
                hear(m, row, slots[i], x, loud)
    return at[:n].copy(), paid[:n].copy(), threshold[:n].copy()


@compiled
def _needed(row: Any, m: Any, slot: int, x: float, alphas: Doubles, thresholds: Doubles) -> float:
    """What the score ``x`` must exceed; below x only if it does."""
    rarer = louder(m)
    needed: float = row.threshold
    if x > needed and rarer > 1.0:
        needed = _at(alphas, thresholds, row.paid / rarer)
    if x > needed and m.changed > 0:
        needed = max(needed, standing(m, row, slot, row.paid))
    return needed


@compiled
def _rests(row: Any, epoch: int, x: float, alphas: Doubles, thresholds: Doubles) -> bool:
    """Whether the principal was told of within :data:`REST`, and has not become much worse since."""
    if row.told == 0 or epoch - row.told >= REST:
        return False
    far = _at(alphas, thresholds, row.paid / RARER) - _at(alphas, thresholds, row.paid)
    return not x > row.loudest + far


@compiled
def _known(row: Any, epoch: int) -> int:
    """1 for who has been there since the burn-in, or for a week, else 0."""
    return int(row.first == KNOWN or epoch - row.first >= WEEK)


@compiled
def _at(alphas: Doubles, thresholds: Doubles, level: float) -> float:
    """Threshold of a level; between two of the table the stricter one, below the smallest none can be crossed."""
    k = np.searchsorted(alphas, level, side="right")
    found: float = thresholds[k - 1] if k > 0 else np.inf
    return found


def acquaint(rows: Rows, slots: Integers) -> None:
    """Mark principals of the burn-in as known, so that they count as returning: (n,) slots of (S,) ``rows``."""
    held = slots[rows["epoch"][slots] == 0]
    rows["epoch"][held] = KNOWN
    rows["first"][held] = KNOWN


def remember(rows: Rows, slots: Integers, before: Rows, slots_before: Integers) -> None:
    """Take over who was told of, when and how loud, from another gate whose epochs have the same numbers.

    Parameters
    ----------
    slots, slots_before : (n,) of the same principals in (S,) ``rows`` and in (B,) ``before``
    """
    told = before["told"][slots_before] != 0
    for name in ("told", "loudest"):
        rows[name][slots[told]] = before[name][slots_before[told]]


def peaks(rows: Rows, slots: Integers, epoch: int) -> Peaks:
    """Peaks of the principals judged in ``epoch``; ask before rows of the next epoch are scored.

    Parameters
    ----------
    rows : (S,) structured :data:`state`
    slots : (n,) slots in use
    """
    at = slots[rows["epoch"][slots] == epoch + 1]
    known = epoch + 1 - rows["first"][at] >= WEEK
    return Peaks(
        rows["peak"][at],
        rows["alerted"][at] != 0,
        rows["threshold"][at],
        known | (rows["first"][at] == KNOWN),
        at.astype(np.uint64) + np.uint64(1),
    )
