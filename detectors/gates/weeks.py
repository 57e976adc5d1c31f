"""Weeks: the peak of each principal over a stretch of days, since within four weeks it is told of once.

A gate tells of a principal once in 28 epochs (:mod:`detectors.gates.conformal`). With a threshold T that stays, the
alerts of L <= 28 epochs are therefore the principals whose largest peak in those L exceeds T, not the principal-epochs
that do. Where clients differ that is a large difference: who is odd is odd every day. So a calibration of the d-th
epoch after the burn-in takes the peaks of stretches of L = min(d, 28) epochs, against the principal-epochs in them:

    alerts an epoch = (principals above T in a stretch) / L

On the first day, L = 1, everybody is still to be told of; on each later day those already told of make room for the
next. Principals whose number is 0 are taken for others each time, which is never too few.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Integers

Ids = npt.NDArray[np.uint64]


class Day(Protocol):
    """Peaks of an epoch and whose they are, for those that alerted the thresholds that they crossed."""

    @property
    def tail(self) -> Doubles:
        """(n,) peaks of those that did not alert."""
        ...

    @property
    def who(self) -> Ids:
        """(n,) whose."""
        ...

    @property
    def crossed(self) -> Doubles:
        """(a,) thresholds."""
        ...

    @property
    def crossed_by(self) -> Ids:
        """(a,) by whom."""
        ...


class Stretches(NamedTuple):
    """Stretches together: (n,) largest peaks of principals that did not alert, (a,) thresholds of those that did."""

    peaks: Doubles
    crossed: Doubles


def stretches(days: Sequence[tuple[Day, float]], length: int) -> Stretches:
    """Largest peaks of each principal in stretches of ``length`` days, counted back from the last.

    Parameters
    ----------
    days : each with how far its peaks are moved, so that they can be compared with today's
    """
    peaks, crossed = [np.zeros(0)], [np.zeros(0)]
    for end in range(len(days), 0, -length):
        part = days[max(0, end - length) : end]
        told = np.concatenate([day.crossed_by for day, _ in part])
        crossed.append(_largest(told, np.concatenate([day.crossed + moved for day, moved in part])))
        who = np.concatenate([day.who for day, _ in part])
        values = np.concatenate([day.tail + moved for day, moved in part])
        free = ~np.isin(who, told[told != 0])
        peaks.append(_largest(who[free], values[free]))
    return Stretches(np.concatenate(peaks), np.concatenate(crossed))


def _largest(who: Ids, values: Doubles) -> Doubles:
    """Largest value of each principal, in no order."""
    names, of = np.unique(who, return_inverse=True)
    group: Integers = of.astype(np.int64)
    nobody = np.flatnonzero(who == 0)
    group[nobody] = len(names) + np.arange(len(nobody))
    made = np.full(len(names) + len(nobody), -np.inf)
    np.maximum.at(made, group, values)
    found: Doubles = made[np.isfinite(made)]
    return found
