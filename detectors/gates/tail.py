"""Thresholds from peaks: ranks where there are enough of them, a predictive exponential tail beyond."""

import numpy as np

from schemas.batch import Doubles

ALPHAS: Doubles = 2.0 ** np.arange(-40.0, 0.001, 1 / 16)


def table(peaks: Doubles, units: int) -> tuple[Doubles, Doubles]:
    """Levels (K,), rising, and the threshold of each (K,), falling.

    Parameters
    ----------
    peaks : (n,) the largest peaks, rising
    units : m, how many principals they are the largest of
    """
    made = np.array([_threshold(peaks, units, a) for a in ALPHAS])
    return ALPHAS.copy(), np.maximum.accumulate(made[::-1])[::-1].copy()


def _threshold(peaks: Doubles, m: int, alpha: float) -> float:
    rank = int(np.floor(alpha * (m + 1)))
    if rank >= 1:
        return float(peaks[-min(rank, len(peaks))])
    k = min(max(10, m // 10), len(peaks) - 1)
    u = peaks[-k - 1]
    scale = float(np.mean(peaks[-k:] - u))
    return float(u + scale * k * (((k + 1) / (alpha * (m + 1))) ** (1.0 / k) - 1.0))
