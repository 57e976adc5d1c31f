"""Thresholds from peaks: ranks where there are enough of them, a predictive exponential tail beyond.

With m exchangeable principal-epochs behind it, the r-th largest peak, r = floor(alpha (m + 1)), is exceeded by the
next benign principal with probability at most alpha: no assumption on the law of peaks. Below r = 1 an exponential
tail is laid through the largest k = 10 peaks (k = m / 2 if m < 20): with u the (k + 1)-th largest and s the mean
excess over it,

    T(alpha) = u + q s,    q = k ((p / alpha)^(1/k) - 1),    p = (k + 1) / (m + 1)

For peaks with an exponential tail the level of T is alpha exactly, at any m, the chance in s included: given that the
next peak exceeds u (probability p), its excess over s exceeds q with probability (1 + q / k)^-k. The usual
u + s log(p / alpha) forgets that chance and alarms 1.4 to 3 times as often as promised. Lighter tails alarm less;
measured levels for heavier ones are in docs/detection/budget.md.

Peaks of principals that alerted are known to exceed their thresholds only (how far is the attacker's choice). They are
right-censored there, and at most as many of them as the budget had paid for count as benign; the rest are not counted.
With a > 0 of them, at thresholds c, the tail through the k = max(10, 3 alpha (m + 1)) largest others has

    s = (sum of excesses + a mean (c - u)+) / k,    p = (k + a + 1) / (m + 1)

the maximum-likelihood mean of a censored exponential, for all alpha.

References
----------
Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005 (ranks). Pickands, Annals of Statistics 1975,
doi:10.1214/aos/1176343003 (exceedances). Epstein, Sobel, Life testing, JASA 1953, doi:10.1080/01621459.1953.10483488
(censored exponential). Geisser, Predictive Inference, 1993 (predictive law of an exponential).
"""

from dataclasses import dataclass
from math import expm1, log

import numpy as np

from schemas.batch import Doubles

NEAREST = 10  # peaks that an extrapolated tail is laid through
LEAST_SCALE = 0.1  # of a tail, in the score's unit, where benign peaks are all alike
ALPHAS: Doubles = 0.1 * 2.0 ** (np.arange(-576, 1) / 16.0)
"""Levels of a table: never more than a tenth of the principals, never finer than 1.5e-12."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Peaks of m principal-epochs.

    Attributes
    ----------
    values : (n,) the largest peaks that did not alert, rising
    units : m
    exceeded : a, how many of the m alerted and count as benign
    crossed : thresholds of those that alerted
    """

    values: Doubles
    units: int
    exceeded: int
    crossed: Doubles


@dataclass(frozen=True, slots=True)
class Tail:
    """An exponential tail: ``u``, mean excess ``s`` over ``k`` peaks, and ``rank`` of u among m (k + a + 1)."""

    start: float
    scale: float
    behind: int
    rank: int

    def steps(self, alpha: float, units: int) -> float:
        """Q of the module's formula: how many mean excesses the threshold lies above ``start``."""
        k = self.behind
        return max(0.0, k * expm1(log(self.rank / (alpha * (units + 1))) / k))


def tail(sample: Sample, alpha: float) -> Tail:
    """The tail that serves a level."""
    n, a = len(sample.values), sample.exceeded
    k = max(NEAREST, int(np.ceil(3.0 * alpha * (sample.units + 1)))) if a else NEAREST
    k = max(1, min(k, n // 2))
    start = float(sample.values[-k - 1])
    excess = float((sample.values[-k:] - start).sum())
    if a:
        excess += a * float(np.maximum(sample.crossed - start, 0.0).mean())
    return Tail(start, max(excess / k, LEAST_SCALE), k, k + a + 1)


def rank(sample: Sample, alpha: float) -> int:
    """Rank among the largest whose peak is the threshold; 0 where only a tail can tell."""
    return 0 if sample.exceeded else min(int(np.floor(alpha * (sample.units + 1))), len(sample.values))


def threshold(sample: Sample, alpha: float) -> float:
    """The peak that a benign principal-epoch exceeds with probability at most alpha; needs two peaks."""
    r = rank(sample, alpha)
    if r:
        return float(sample.values[-r])
    t = tail(sample, alpha)
    return t.start + t.steps(alpha, sample.units) * t.scale


def table(sample: Sample) -> Doubles:
    """Thresholds of all :data:`ALPHAS`: (K,), never rising with alpha."""
    made = np.array([threshold(sample, a) for a in ALPHAS])
    return np.maximum.accumulate(made[::-1])[::-1].copy()
