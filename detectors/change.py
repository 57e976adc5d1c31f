"""Change of a statistic: a margin finds it, and three of River's tests must agree.

Values come standardised: independent, mean 0, variance 1 while nothing changes. A change is the number of last values
whose mean lies farthest from 0. It is said if that is at least :data:`MARGIN` standard errors, and two of ADWIN,
Page-Hinkley and KSWIN have fired within the last :data:`AGREEMENT` values; or at :data:`OVERWHELMING`, whatever the
tests say. River's defaults are meant for other series and for thousands of values; each test's parameters were set by
simulation on such values (``docs/detection/drift.md``), loosely, since none decides alone.

Everything is a function of the last values: there is no other state to keep.

References
----------
Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SDM 2007 (ADWIN);
Page, Continuous inspection schemes, Biometrika 1954; Raab et al., Reactive soft prototype computing for concept drift
streams, Neurocomputing 2020 (KSWIN); https://riverml.xyz
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from river.drift import ADWIN, KSWIN, PageHinkley

Doubles = npt.NDArray[np.float64]

AGREEMENT = 8  # values within which two tests must have fired
REACH = 32  # values that the margin looks back
LONGEST = 160  # values that the tests learn from
MARGIN = 5.0
OVERWHELMING = 7.0
CLIP = 4.0  # so that one value alone, however far, is no change


class Change(NamedTuple):
    """Where a statistic changed: values since, standard errors away, and the tests that agree."""

    since: int
    margin: float
    tests: tuple[str, ...]


def changes(values: Doubles) -> dict[int, Change]:
    """By column, the changes that the last values (n, K) speak for."""
    found = {}
    since, margins = farthest(values[-REACH:])
    for k in np.flatnonzero(margins >= MARGIN).tolist():
        tests = votes(values[-LONGEST:, k].tolist())
        if len(tests) > 1 or margins[k] >= OVERWHELMING:
            found[k] = Change(int(since[k]), float(margins[k]), tests)
    return found


def farthest(values: Doubles) -> tuple[npt.NDArray[np.int64], Doubles]:
    """Of each column of (n, K), how many last values lie farthest from 0 in the mean: (K,), and how far (K,)."""
    n, k = values.shape
    if not n:
        return np.zeros(k, np.int64), np.zeros(k)
    sums = np.cumsum(np.clip(values[::-1], -CLIP, CLIP), axis=0)
    margins = np.abs(sums) / np.sqrt(np.arange(1, n + 1))[:, None]
    best = margins.argmax(0)
    return best + 1, margins[best, np.arange(k)]


def votes(values: Sequence[float]) -> tuple[str, ...]:
    """Names of the tests that fired within the last values, having learnt all of them."""
    adaptive: Any = ADWIN
    tests = {
        "ADWIN": adaptive(delta=0.9, clock=1, min_window_length=1, grace_period=2),
        "Page-Hinkley": PageHinkley(min_instances=3, delta=0.25, threshold=4.0, alpha=1.0),
        "KSWIN": KSWIN(alpha=0.02, window_size=24, stat_size=8, seed=1),
    }
    fired = dict.fromkeys(tests, -AGREEMENT)
    for i, value in enumerate(values):
        for name, test in tests.items():
            test.update(min(max(value, -CLIP), CLIP))
            if test.drift_detected:
                fired[name] = i
    return tuple(name for name, i in fired.items() if len(values) - i <= AGREEMENT)
