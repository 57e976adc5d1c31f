"""Change of one statistic: three of River's tests vote, and a margin decides.

Values come standardised: independent, mean 0, variance 1 while nothing changes. River's defaults are set for other
series and for thousands of values, so each test's parameters were set by simulation on such values
(``docs/detection/drift.md``), loosely, since no test decides alone: two of the three must agree within
:data:`AGREEMENT` values, and the mean since the change must lie :data:`MARGIN` standard errors away; or
:data:`OVERWHELMING` ones, whatever the tests say.

References
----------
Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SDM 2007 (ADWIN);
Page, Continuous inspection schemes, Biometrika 1954; Raab et al., Reactive soft prototype computing for concept drift
streams, Neurocomputing 2020 (KSWIN); https://riverml.xyz
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from river.drift import ADWIN, KSWIN, PageHinkley

TESTS = ("ADWIN", "Page-Hinkley", "KSWIN")
AGREEMENT = 8  # values within which two tests must have fired
REACH = 32  # values that the margin looks back
MARGIN = 5.0
OVERWHELMING = 7.0
EPOCH = 128  # values after which the tests begin anew from the last REACH: bounds memory, and what a restore replays
CLIP = 6.0


class Change(NamedTuple):
    """Where a statistic changed: values since, standard errors away, and the tests that agree."""

    since: int
    margin: float
    tests: tuple[str, ...]


class Watcher:
    """Three tests on one statistic. Their state is the ring of values that they learnt from; restoring learns again."""

    def __init__(self, ring: Iterable[float] = ()) -> None:
        self.ring: list[float] = []
        self._begin()
        for value in ring:
            self.learn(value)

    def _begin(self) -> None:
        adaptive: Any = ADWIN
        self.tests = (
            adaptive(delta=0.9, clock=1, min_window_length=1, grace_period=2),
            PageHinkley(min_instances=3, delta=0.25, threshold=4.0, alpha=1.0),
            KSWIN(alpha=0.02, window_size=24, stat_size=8, seed=1),
        )
        self.fired = [EPOCH] * len(self.tests)

    def learn(self, value: float) -> None:
        """Take in one value."""
        if len(self.ring) == REACH + EPOCH:
            kept, self.ring = self.ring[-REACH:], []
            self._begin()
            for old in kept:
                self.learn(old)
        self.ring.append(value)
        for k, test in enumerate(self.tests):
            test.update(min(max(value, -CLIP), CLIP))
            self.fired[k] = 0 if test.drift_detected else self.fired[k] + 1

    def change(self) -> Change | None:
        """The change that the values so far speak for, or None."""
        since, margin = self._margin()
        agree = tuple(name for name, age in zip(TESTS, self.fired, strict=True) if age < AGREEMENT)
        if margin >= OVERWHELMING or (margin >= MARGIN and len(agree) > 1):
            return Change(since, margin, agree)
        return None

    def _margin(self) -> tuple[int, float]:
        """The number of last values whose mean lies farthest from 0, in standard errors."""
        total, best, since = 0.0, 0.0, 0
        for n, value in enumerate(reversed(self.ring[-REACH:]), 1):
            total += min(max(value, -CLIP), CLIP)
            if (margin := abs(total) / n**0.5) > best:
                best, since = margin, n
        return since, best
