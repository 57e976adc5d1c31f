"""Refusals of one caller: evidence that the model refuses him more than his own past and the others' say it would.

A refusal at usual rate q pays ``theta / q``, an answer ``(1 - theta) / (1 - q)``, on average at most 1 while nobody is
refused more than q; the mean over three rates theta is bet, q itself for those below it, since nobody is accused of
being refused less. ``R <- (1 + R) e`` adds up. q is the posterior mean of the caller's rate on the days before, with
the population's as prior that weighs twenty answers, and never less than the population's. A day's refusals teach only
on the next day: who is refused all day must not thereby become usual.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.batch import Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

RATES = np.array([0.15, 0.4, 0.8])  # of refusals that somebody who asks for what is forbidden may meet
LEAST, MOST = 0.003, 0.5  # of q
PRIOR = 20.0  # answers that the population's rate weighs
DAY = 86_400.0  # s within which evidence that is not renewed fades to a third
HIGHEST = 1e300

state = np.dtype(
    [("evidence", "f8"), ("time", "f8"), ("day", "i8"), ("before", "f4", 2), ("today", "f4", 2)], align=True
)
"""One caller: R, its last answer (s), the day, and refusals and answers on the days before and on this day."""


def learn(refused: Array, slots: Integers) -> Array:
    """Usual share of refusals (1,) in the clean period, from ``refused`` (N,) 1, 0 or -1; callers weigh equally."""
    some = refused >= 0
    n = np.bincount(slots[some], minlength=1)
    share = np.bincount(slots[some], refused[some] > 0, minlength=len(n))[n > 0] / n[n > 0]
    return np.array([np.clip((share.sum() + 0.1) / (len(share) + 10.0), LEAST, MOST)])


@compiled
def follow(
    refused: Array, time: Array, trusted: Array, slots: Array, usual: Any, rows: Any, value: Array, counts: Array
) -> None:
    """Take N answers in, in order.

    Parameters
    ----------
    refused : (N,) 1, 0, or -1 where there is none
    usual : share of refusals of the clean period
    value : out (N,) log(1 + R), NaN where no answer is logged
    counts : out (N, 3) refusals and answers of this day so far, and the rate q that was usual
    """
    scratch = np.zeros(1, rows.dtype)
    for i in range(len(slots)):
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        if refused[i] < 0:
            value[i] = np.nan
            continue
        day = np.int64(np.floor(min(max(time[i], 0.0), 1e11) / DAY))
        if day > own.day:
            for k in range(2):
                own.before[k] += own.today[k]
                own.today[k] = 0.0
            own.day = day
        rate = (PRIOR * usual + own.before[0]) / (PRIOR + own.before[1])
        q = min(max(rate, usual, LEAST), MOST)
        pay = 0.0
        for theta in RATES:
            bet = max(theta, q)
            pay += (bet / q if refused[i] > 0 else (1 - bet) / (1 - q)) / len(RATES)
        faded = own.evidence * np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / DAY)
        own.evidence = min((1 + faded) * pay, HIGHEST)
        own.time = max(own.time, min(time[i], 1e11))
        own.today[0] += np.float32(refused[i] > 0)
        own.today[1] += np.float32(1)
        value[i] = np.log1p(own.evidence)
        counts[i, 0], counts[i, 1], counts[i, 2] = own.today[0], own.today[1], q
        if trusted[i]:
            rows[slots[i]] = scratch[0]
