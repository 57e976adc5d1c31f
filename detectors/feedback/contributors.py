"""Contributors: one pass over judged feedback records, in order, and what is remembered of whoever gave them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.feedback import bets, crowd, labels, spectrum, triggers
from detectors.feedback.crowd import GROUPS
from schemas.batch import ID
from schemas.compiled import compiled

Array = npt.NDArray[Any]

WITNESSES = 3  # records that say it best
LABELS, TRIGGER, SPECTRUM = 0, 1, 2
OTHERS = 20  # records of others that must have come since evidence began to grow
MANY = 60  # gross errors with which nobody is waited for

state = np.dtype(
    [
        ("count", "u4"),
        ("first", "f8"),
        ("last", "f8"),
        ("late", "f8"),
        ("at", "i8"),
        ("told", "f8"),
        ("others", "f8"),
        ("wrong", "f8"),
        ("before", "u4"),
        ("gross", "u4"),
        ("hour", "i8"),
        ("busy", "u4"),
        ("busiest", "u4"),
        ("gap", "f4", WITNESSES),
        ("given", "i2", WITNESSES),
        ("expected", "i2", WITNESSES),
        ("ids", "u1", (WITNESSES, ID)),
    ],
    align=True,
)
"""Records, times of the first and the last; how many of the latest are his, as of which record of all; when he was
told of, s; others' records and gross errors, and his own, when evidence began to grow; his busiest hour; and the
records that say it best."""

DTYPES = {"own": state, "labels": labels.state, "triggers": triggers.state, "spectrum": spectrum.state}


class Said(NamedTuple):
    """N judged records, in order.

    Attributes
    ----------
    slot, time : (N,) the contributor's row; s
    expected, given : (N,) label codes
    gap : (N,) how much more expected the expected one is than the given one
    v : (N, 32) directions
    items, found : (N, 6) and (N,) rare patterns, and how many
    ids : (N, 40)
    """

    slot: Array
    time: Array
    expected: Array
    given: Array
    gap: Array
    v: Array
    items: Array
    found: Array
    ids: Array


class Limits(NamedTuple):
    """Log evidence at which a contributor is named, by test; labels that there are; how often one may be far out."""

    log: Array
    labels: int
    far: float


class Learnt(NamedTuple):
    """What a fit says: of the spectrum per label, see :class:`~detectors.feedback.spectrum.Spectrum`."""

    mean: Array
    direction: Array
    cut: Array


@compiled
def follow(said: Said, at: int, limits: Limits, learnt: Learnt, known: Any, rows: Any, values: Any) -> Any:
    """Judge records from ``at`` on, up to the one that names somebody: the row after it, and by which test.

    Parameters
    ----------
    known, rows : (1,) the crowd; arrays of :data:`DTYPES` in that order, a row a slot
    values : out (N,) log evidence that the contributor's labels are inconsistent
    """
    everybody = known[0]
    for i in range(at, len(said.slot)):
        slot = said.slot[i]
        own, labelled, triggered, far = rows[0][slot], rows[1][slot], rows[2][slot], rows[3][slot]
        a, b, k = said.expected[i] % GROUPS, said.given[i] % GROUPS, said.given[i]
        gross = said.gap[i] > labels.GAP
        _note(own, said, i)
        marked = triggers.follow(triggered, everybody, said.items[i], said.found[i], b, a, gross, own.count)
        values[i] = labels.follow(labelled, everybody, b, a, gross, marked, limits.labels)
        if k < len(learnt.cut):
            spectrum.follow(far, said.v[i], learnt.mean[k], learnt.direction[k], learnt.cut[k], limits.far)
        crowd.learn(everybody, own, b, a, gross)
        _begin(own, everybody, labelled, values[i])
        if own.told == 0.0 and gross:
            test = _named(values[i], triggered, far, limits.log)
            if test >= 0 and _alone(own, everybody, labelled):
                own.told = said.time[i]
                return i + 1, test
    return len(said.slot), -1


@compiled
def _note(own: Any, said: Said, i: int) -> None:
    """Count a record, and keep it where it says more than another."""
    time = said.time[i]
    if own.count == 0:
        own.first = time
    own.count += 1
    own.last = max(own.last, time)
    hour = np.int64(time // 3600.0)
    own.busy = own.busy + 1 if hour == own.hour else 1
    own.hour = hour
    own.busiest = max(own.busiest, own.busy)
    at = 0
    for k in range(1, WITNESSES):
        at = k if own.gap[k] < own.gap[at] else at
    if said.gap[i] > own.gap[at]:
        own.gap[at] = said.gap[i]
        own.given[at], own.expected[at] = said.given[i], said.expected[i]
        for k in range(ID):
            own.ids[at, k] = said.ids[i, k]


@compiled
def _begin(own: Any, everybody: Any, labelled: Any, value: float) -> None:
    """Remember what others had done when there was no evidence yet."""
    if value < 0.5:
        own.others = everybody.records - own.count
        own.wrong = np.sum(everybody.wrong) - labelled.gross
        own.before, own.gross = own.count, labelled.gross


@compiled
def _alone(own: Any, everybody: Any, labelled: Any) -> Any:
    """Whether others have gone on as before: where all labels change, the world has, not this contributor."""
    others = everybody.records - own.count - own.others
    wrong = np.sum(everybody.wrong) - labelled.gross - own.wrong
    errors = labelled.gross - own.gross
    if others < OTHERS:
        return errors >= MANY
    return errors * others > 2.0 * (wrong + 1.0) * (own.count - own.before)


@compiled
def _named(value: float, triggered: Any, far: Any, limit: Array) -> int:
    """The first test whose evidence is enough, -1 if none's is."""
    if value >= limit[LABELS]:
        return LABELS
    k = triggers.best(triggered)
    if k >= 0 and bets.together(triggered.log[k]) >= limit[TRIGGER] + np.log(triggered.tried):
        return TRIGGER
    if far.count > 0 and bets.together(far.log) >= limit[SPECTRUM]:
        return SPECTRUM
    return -1
