"""What clean principals do: prior of the profile, and where its statistics usually lie."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import profile
from detectors.burn_in import BurnIn
from detectors.features.outputs import Answers
from detectors.kernel.rows import STATE, WIDTH, Habits
from detectors.profile import Usual
from detectors.statistics import AT, FLOORS

Array = npt.NDArray[Any]


def fit(burn_in: BurnIn, columns: Mapping[str, Array], answers: Answers, spread: Array, spacing: Array) -> Habits:
    """Mean of principals' mean signals; two rounds, since squared deviations need their centres first."""
    zero = np.zeros(1, np.float32)
    habits = Habits(
        prior=np.zeros(WIDTH, np.float32),
        nearest=zero,
        step=zero,
        gap=zero,
        mix=answers.prior,
        log_mix=np.log(answers.prior),
        spacing=spacing,
        spread=spread,
    )
    for _ in range(2):
        _, signals = _trace(burn_in, columns, habits, keep_signals=True)
        prior = _mean_of_means(signals, burn_in.principal)
        centres = (prior[[AT[name]]] for name in ("nearest", "step", "gap"))
        nearest, step, gap = centres
        habits = habits._replace(prior=prior, nearest=nearest, step=step, gap=gap)
    return habits


def usual(burn_in: BurnIn, columns: Mapping[str, Array], habits: Habits) -> Usual:
    """Median and units of z of the statistics of clean records, each principal weighing one."""
    statistics, _ = _trace(burn_in, columns, habits, keep_signals=False)
    weight = 1 / np.bincount(burn_in.principal)[burn_in.principal]
    low, median, high = np.array([_quantiles(s, weight) for s in statistics.T], np.float32).T
    return Usual(median, 1 / (high - median + FLOORS), 1 / (median - low + FLOORS))


def _trace(burn_in: BurnIn, columns: Mapping[str, Array], habits: Habits, *, keep_signals: bool) -> tuple[Array, Array]:
    state = np.zeros(len(burn_in.principals), STATE)
    slots = burn_in.principal.astype(np.int64)
    return profile.trace(habits, columns, burn_in.time, slots, state, keep_signals=keep_signals)


def _mean_of_means(signals: Array, who: Array) -> Array:
    """Mean over principals of their means (28,), 0 where a signal never applied."""
    mean = np.zeros(WIDTH, np.float32)
    for k in range(WIDTH):
        applies = ~np.isnan(signals[:, k])
        count = np.bincount(who[applies], minlength=1)
        total = np.bincount(who[applies], signals[applies, k], minlength=1)
        if count.any():
            mean[k] = (total[count > 0] / count[count > 0]).mean()
    return mean


def _quantiles(values: Array, weight: Array) -> Array:
    """Weighted 5 %, 50 % and 95 % quantiles."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return np.asarray(values[order][np.searchsorted(total, np.array([0.05, 0.5, 0.95]) * total[-1])])
