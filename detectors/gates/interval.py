"""Exact intervals: what a rank says about a probability, what a count says about a rate."""

from collections.abc import Callable
from math import exp, lgamma, log, log1p, sqrt

NORMAL_95 = 1.6448536269514722  # 95 % point of the normal law: both sides together leave a tenth


def beta(rank: int, units: int, *, confidence: float = 0.9) -> tuple[float, float]:
    """Central interval of Beta(rank, units + 1 - rank), both in [0, 1].

    It is the law, over calibration sets of exchangeable units, of the probability that the next unit exceeds the
    ``rank``-th largest of ``units`` (continuous scores; with ties the probability is lower).

    References
    ----------
    Vovk, Conditional validity of inductive conformal predictors, 2012, arXiv:1209.2673 (Proposition 2b).
    """
    if not 1 <= rank <= units:
        raise ValueError(f"rank {rank} of {units} units")
    side = (1.0 - confidence) / 2.0

    def above(p: float) -> float:  # P(Beta <= p) = P(Binomial(units, p) >= rank)
        terms = (
            lgamma(units + 1) - lgamma(i + 1) - lgamma(units - i + 1) + i * log(p) + (units - i) * log1p(-p)
            for i in range(rank)
        )
        return 1.0 - sum(exp(t) for t in terms)

    return _solve(above, side, 0.0, 1.0), _solve(above, 1.0 - side, 0.0, 1.0)


def poisson(count: int, *, confidence: float = 0.9) -> tuple[float, float]:
    """Exact interval of a Poisson mean after ``count`` events.

    References
    ----------
    Garwood, Fiducial limits for the Poisson distribution, Biometrika 1936, doi:10.1093/biomet/28.3-4.437.
    """
    if count < 0:
        raise ValueError(f"count is {count}")
    side, most = (1.0 - confidence) / 2.0, 20.0 + count + 12.0 * sqrt(count + 1.0)

    def at_least(mean: float, k: int) -> float:
        return 1.0 - sum(exp(i * log(mean) - mean - lgamma(i + 1)) for i in range(k))

    lower = _solve(lambda mean: at_least(mean, count), side, 0.0, most) if count else 0.0
    return lower, _solve(lambda mean: at_least(mean, count + 1), 1.0 - side, 0.0, most)


def tail(scale: float, behind: int, rank: float, units: int) -> tuple[float, float]:
    """Factors around a level extrapolated by :mod:`detectors.gates.tail`, about 90 %.

    The true level's log is log p_u - q G / k with p_u ~ Beta(rank, units + 1 - rank) and G ~ Gamma(k), centred at
    k log(1 + q / k) - q beside the nominal one. The spread of both is added in squares, the gamma's quantiles by
    Wilson and Hilferty.

    Parameters
    ----------
    scale : q, how many mean excesses the threshold lies above the tail's start
    behind : k, excesses that the mean was taken over
    rank, units : the tail's start is the ``rank``-th largest of ``units``
    """
    start = NORMAL_95 * sqrt(max(0.0, 1.0 / rank - 1.0 / (units + 1)))
    cube, root = 1.0 - 1.0 / (9.0 * behind), NORMAL_95 / (3.0 * sqrt(behind))
    low, high = (scale * abs(max(0.0, cube + s * root) ** 3 - 1.0) for s in (1.0, -1.0))
    centre = behind * log1p(scale / behind) - scale
    return exp(centre - sqrt(start**2 + low**2)), exp(centre + sqrt(start**2 + high**2))


def _solve(rising: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a rising function takes a value, by bisection to full precision."""
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return (low + high) / 2.0
