"""Bets against a contributor's honesty: evidence that grows only if he errs more often than honest ones may.

Whatever is bet on happens at a record of an honest contributor with probability at most ``bound``, whatever came
before. A bet of share theta that it happens multiplies evidence by

    1 - theta + theta q / bound   where it does, q being how much of the bet lies on what happened
    1 - theta                     where it does not

which on average does not grow. A contributor may turn at any time, so evidence may begin at any record j, with weight
1 / (j (j + 1)); these weights sum to 1. What is tested is the sum over all beginnings, for four shares, a quarter each.
It is at most 1 on average at any time, so the chance that it ever reaches 1 / alpha is at most alpha (Ville).

References
----------
Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, 2024, arXiv:2010.09686;
Shin, Ramdas and Rinaldo, E-detectors, 2022, arXiv:2203.03532.
"""

from typing import Any

import numpy as np

from schemas.compiled import compiled

SHARES = np.array([0.1, 0.25, 0.5, 0.85])
LOW, HIGH = -60.0, 700.0  # of log evidence


@compiled
def bet(log: Any, count: Any, happened: Any, q: Any, bound: Any) -> None:
    """Bet at a contributor's ``count``-th record, from 1: log evidence (4,) of the four shares after it."""
    start = -np.log(count * (count + 1.0))
    for k in range(len(log)):
        theta = SHARES[k]
        gain = 1.0 - theta + (theta * q / bound if happened else 0.0)
        before = start
        if count > 1:
            high, low = max(log[k], start), min(log[k], start)
            before = high + np.log1p(np.exp(low - high))
        log[k] = min(max(before + np.log(gain), LOW), HIGH)


@compiled
def together(log: Any) -> Any:
    """Log of the mean of the four."""
    top = log[0]
    for k in range(1, len(log)):
        top = max(top, log[k])
    total = 0.0
    for k in range(len(log)):
        total += np.exp(log[k] - top)
    return top + np.log(total / len(log))
