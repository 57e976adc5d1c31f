"""Thresholds from peaks: ranks where there are enough of them, a predictive exponential tail beyond.

With m exchangeable principal-epochs behind it, the r-th largest peak is exceeded by the next benign principal with
probability at most r / (m + 1): no assumption on the law of peaks. Between two ranks the threshold lies on the straight
line, which is exceeded with probability alpha at most where tails are convex, and at most with that of the next rank,
(floor(alpha (m + 1)) + 1) / (m + 1), whatever the law. Below rank 1 an exponential
tail is laid through the largest k = 10 peaks (k = m / 2 if m < 20): with u the (k + 1)-th largest and s the mean
excess over it,

    T(alpha) = u + q s,    q = k ((p / alpha)^(1/k) - 1),    p = (k + 1) / (m + 1)

Ten peaks of one day fix s within a third. Where the laboratory knows how far honest peaks reach on any model
(:mod:`detectors.gates.honest`), its own mean excess s0 counts as W = 20 peaks beside them: s becomes
(k s + W s0) / (k + W), and k + W stands for k in q, as for a conjugate prior. Over worlds the true s differs by a
quarter, which is what 20 peaks tell.

Detectors of which few honest principals say anything have heavier tails; the laboratory measured their shapes xi, and
with x = xi + 1/k

    q = (1 - xi) ((p / alpha)^x - 1) / x

which is the line above at xi = 0. For peaks with an exponential tail the level of T is alpha exactly, at any m, the
chance in s included: given that the next peak exceeds u (probability p), its excess over s exceeds q with probability
(1 + q / k)^-k. The usual u + s log(p / alpha) forgets that chance and alarms 1.4 to 3 times as often as promised.
Lighter tails alarm less; measured levels for heavier ones are in docs/detection/budget.md.

Peaks of principals that alerted are known to exceed their thresholds only (how far is the attacker's choice). They are
right-censored there, and at most as many of them as the budget had paid for count as benign; the rest are not counted.
With a > 0 of them, at thresholds c, the tail through the k = max(10, 3 alpha (m + 1)) largest others has

    s = (sum of excesses + a mean (c - u)+) / k,    p = (k + a + 1) / (m + 1)

the maximum-likelihood mean of a censored exponential, for all alpha.

Peaks that are all alike, mostly zero, have no excess to take a mean of, and then s is the detector's grain: a tenth of
the unit, or, where the score counts things, one. A tail of whole numbers that are rarer than one in m falls by more
than that from each to the next, but things come in clumps.

References
----------
Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005 (ranks). Pickands, Annals of Statistics 1975,
doi:10.1214/aos/1176343003 (exceedances). Epstein, Sobel, Life testing, JASA 1953, doi:10.1080/01621459.1953.10483488
(censored exponential). Geisser, Predictive Inference, 1993 (predictive law of an exponential;
conjugate prior).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schemas.batch import Doubles, Integers

NEAREST = 10  # peaks that an extrapolated tail is laid through
WORTH = 20  # peaks that the laboratory's mean excess counts for
LEAST_SCALE = 0.1  # of a tail, in the score's unit, where benign peaks are all alike and nothing else is known
ALPHAS: Doubles = 0.1 * 2.0 ** (np.arange(-576, 1) / 16.0)
"""Levels of a table: never more than a tenth of the principals, never finer than 1.5e-12."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Peaks of m principal-epochs.

    Attributes
    ----------
    values : (n,) the largest peaks that did not alert, rising; one where a principal's days count together
    units : m
    exceeded : a, how many of the m alerted and count as benign
    crossed : thresholds of those that alerted
    """

    values: Doubles
    units: int
    exceeded: int
    crossed: Doubles


class Tails(NamedTuple):
    """Exponential tails, one a level: starts u, mean excesses s over k (+ W) peaks, ranks of u among m (k + a + 1)."""

    start: Doubles
    scale: Doubles
    behind: Integers
    rank: Integers

    def steps(self, alphas: Doubles, units: int, shape: float = 0.0) -> Doubles:
        """Q of the module's formula: how many mean excesses the thresholds lie above their starts."""
        x = shape + 1.0 / self.behind
        return np.maximum(0.0, (1.0 - shape) * np.expm1(np.log(self.rank / (alphas * (units + 1))) * x) / x)


def tails(sample: Sample, alphas: Doubles, usual: float | None = None, grain: float = LEAST_SCALE) -> Tails:
    """The tails that serve some levels; needs two peaks. ``usual`` is the mean excess known beforehand, if any."""
    n, a = len(sample.values), sample.exceeded
    k = np.full(len(alphas), NEAREST)
    if a:
        k = np.maximum(k, np.ceil(3.0 * alphas * (sample.units + 1)).astype(np.int64))
    k = np.clip(k, 1, n // 2)
    start = sample.values[n - k - 1]
    excess = np.cumsum(sample.values[::-1])[k - 1] - k * start
    if a:
        excess += a * _mean_above(np.sort(sample.crossed), start)
    worth = 0 if usual is None else WORTH
    scale = (excess + worth * (usual or 0.0)) / (k + worth)
    return Tails(start, np.maximum(scale, grain), k + worth, k + a + 1)


def _mean_above(values: Doubles, start: Doubles) -> Doubles:
    """Mean of (value - start)+ for each start."""
    above = np.searchsorted(values, start)
    rest = np.append(np.cumsum(values[::-1])[::-1], 0.0)[above]
    mean: Doubles = (rest - (len(values) - above) * start) / len(values)
    return mean


def ranks(sample: Sample, alphas: Doubles) -> Integers:
    """Ranks among the largest whose peaks are the thresholds; 0 where only a tail can tell."""
    if sample.exceeded:
        return np.zeros(len(alphas), np.int64)
    return np.minimum(np.floor(alphas * (sample.units + 1)).astype(np.int64), len(sample.values))


def thresholds(
    sample: Sample,
    alphas: Doubles = ALPHAS,
    shape: float = 0.0,
    usual: float | None = None,
    grain: float = LEAST_SCALE,
) -> Doubles:
    """Peaks that a benign principal-epoch exceeds with probability at most alpha: (K,) for (K,) rising levels.

    They never rise with alpha. Needs two peaks. ``shape`` is the tail's, in [0, 1); ``usual`` its mean excess on other
    models, in the score's unit.
    """
    r = ranks(sample, alphas)
    t = tails(sample, alphas, usual, grain)
    upper, lower = sample.values[-np.maximum(r, 1)], sample.values[-np.clip(r + 1, 1, len(sample.values))]
    between = upper - np.clip(alphas * (sample.units + 1) - r, 0.0, 1.0) * (upper - lower)
    made = np.where(r > 0, between, t.start + t.steps(alphas, sample.units, shape) * t.scale)
    return np.maximum.accumulate(made[::-1])[::-1].copy()
