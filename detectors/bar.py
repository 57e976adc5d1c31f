"""The bar that a statistic's margin must reach to be called a change, window by window.

Margins come from windows of several lengths, in standard errors, about normal while nothing changes. The bar is higher
where principals are few, since one or two of them that change their ways then weigh more; and a little lower where two
of River's tests agree (:mod:`detectors.change`). What margins reach where nothing changes, on the laboratory's traffic,
has set it (``docs/detection/drift.md``).

With more traffic there are more windows a day, and the farthest of them goes farther. A normal margin exceeds
sqrt(b^2 + 2 ln r) about as often in r windows as b in one (its tail is about exp(-b^2 / 2)), so that is the bar at r
times the usual pace. Where few of a window's principals carry the move the tail is heavier: there r counts to the
fourth power, and on quiet streams to the second.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.change import LONGEST, Doubles, votes

FEW, MANY = 10, 30  # principals of a window up to which the bar is highest, and from which it is lowest
HIGHEST, LOWEST = 5.2, 4.6  # standard errors
LOWERED = 0.2  # if two tests agree
USUAL = 100.0  # voices a day for which they are
QUIETEST = 0.2  # of the usual pace
EVERYBODYS, THEIRS, QUIET = 1.0, 4.0, 2.0  # powers of the pace: of a move of most, of few, and below the usual pace


class Crossing(NamedTuple):
    """Where a statistic crossed its bar: the window's number, margin and bar in standard errors, tests that agree."""

    window: int
    margin: float
    bar: float
    tests: tuple[str, ...]


def bar(principals: npt.ArrayLike, pace: float = USUAL, few: npt.ArrayLike = False) -> Doubles:
    """The margin that a window must reach, standard errors.

    Parameters
    ----------
    principals : how many a window has, of any shape
    pace : voices a day of the model's traffic
    few : whether few of the principals carry the move; of a shape that fits
    """
    far = np.interp(np.log(np.asarray(principals, float)), np.log([FEW, MANY]), [HIGHEST, LOWEST])
    times = np.log(max(pace / USUAL, QUIETEST))
    power = np.where(few, THEIRS, EVERYBODYS) if times > 0 else np.full(np.shape(few), QUIET)
    return np.asarray(np.sqrt(far**2 + 2 * power * times))


def crossings(margins: Doubles, bars: Doubles, series: Doubles) -> dict[int, Crossing]:
    """By statistic, the changes that windows speak for.

    Parameters
    ----------
    margins, bars : (W, K) standard errors
    series : (n, K) values that the tests follow
    """
    found: dict[int, Crossing] = {}
    if not len(margins):
        return found
    beyond = np.abs(margins) - bars
    best = beyond.argmax(0)
    for k in np.flatnonzero(beyond.max(0) >= -LOWERED).tolist():
        tests, at = votes(series[-LONGEST:, k].tolist()), int(best[k])
        if len(tests) > 1 or beyond[at, k] >= 0:
            needed = float(bars[at, k]) - LOWERED * (len(tests) > 1)
            found[k] = Crossing(at, float(np.abs(margins[at, k])), needed, tests)
    return found
