"""The bar that a statistic's margin must reach to be called a change, window by window.

Margins come from windows of several lengths, in standard errors, about normal while nothing changes. The bar is higher
where principals are few, since one or two of them that change their ways then weigh more, and such windows are many;
and a little lower where two of River's tests agree (:mod:`detectors.change`). What margins reach where nothing changes,
on the laboratory's traffic, has set it (``docs/detection/drift.md``).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.change import LONGEST, Doubles, votes

FEW, MANY = 10, 30  # principals of a window up to which the bar is highest, and from which it is lowest
HIGHEST, LOWEST = 5.2, 4.6  # standard errors
LOWERED = 0.2  # if two tests agree


class Crossing(NamedTuple):
    """Where a statistic crossed the bar: number of the window, standard errors away, and the tests that agree."""

    window: int
    margin: float
    tests: tuple[str, ...]


def bar(principals: npt.ArrayLike) -> Doubles:
    """The margin that a window of so many principals must reach, (W,) standard errors."""
    far = np.interp(np.log(np.asarray(principals, float)), np.log([FEW, MANY]), [HIGHEST, LOWEST])
    return np.atleast_1d(far)


def crossings(margins: Doubles, principals: npt.ArrayLike, series: Doubles) -> dict[int, Crossing]:
    """By statistic, the changes that windows speak for.

    Parameters
    ----------
    margins, principals : (W, K) standard errors and (W,) principals of windows
    series : (n, K) values that the tests follow
    """
    found: dict[int, Crossing] = {}
    if not len(margins):
        return found
    beyond = np.abs(margins) - bar(principals)[:, None]
    best = beyond.argmax(0)
    for k in np.flatnonzero(beyond.max(0) >= -LOWERED).tolist():
        tests = votes(series[-LONGEST:, k].tolist())
        if len(tests) > 1 or beyond[best[k], k] >= 0:
            found[k] = Crossing(int(best[k]), float(np.abs(margins[best[k], k])), tests)
    return found
