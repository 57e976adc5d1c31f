"""Shapiro and Wilk's W: how much a sample looks like a normal one; 1 is perfectly.

With x rising and m the expected order statistics of a normal sample, W = (sum a x)^2 / sum (x - mean)^2, where a is
m / |m| with its ends bent by Royston's polynomials.

References
----------
Royston, Approximating the Shapiro-Wilk W-test for non-normality, Statistics and Computing 1992,
doi:10.1007/BF01891203.
"""

from statistics import NormalDist

import numpy as np

from schemas.batch import Doubles
from schemas.compiled import compiled

FEWEST = 6  # values from which on the two last weights are bent


def weights(most: int) -> Doubles:
    """Weights a: row n (most + 1, most) has those of n values; rows below :data:`FEWEST` are empty."""
    table = np.zeros((most + 1, max(1, most)))
    for n in range(FEWEST, most + 1):
        table[n, :n] = _weights(n)
    return table


def _weights(n: int) -> Doubles:
    m = np.array([NormalDist().inv_cdf((i - 0.375) / (n + 0.25)) for i in range(1, n + 1)])
    square, u = float(m @ m), 1.0 / np.sqrt(n)
    unit = m / np.sqrt(square)
    last = np.polyval([-2.706056, 4.434685, -2.071190, -0.147981, 0.221157, unit[-1]], u)
    next_ = np.polyval([-3.582633, 5.682633, -1.752461, -0.293762, 0.042981, unit[-2]], u)
    left = (square - 2.0 * m[-1] ** 2 - 2.0 * m[-2] ** 2) / (1.0 - 2.0 * last**2 - 2.0 * next_**2)
    a = m / np.sqrt(left)
    a[[0, 1, -2, -1]] = -last, -next_, next_, last
    made: Doubles = a
    return made


@compiled
def w_statistic(rising: Doubles, table: Doubles) -> float:
    """W of n rising values; 1 where there are too few of them or they are all alike."""
    n = len(rising)
    if n < FEWEST:
        return 1.0
    mean, top, bottom = rising.mean(), 0.0, 0.0
    for i in range(n):
        top += table[n, i] * rising[i]
        bottom += (rising[i] - mean) ** 2
    return min(1.0, top * top / bottom) if bottom > 1e-18 else 1.0
