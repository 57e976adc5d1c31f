"""Refusals of one caller: evidence that the model refuses him more than his own past and the others' say it would.

A refusal at usual rate q pays ``theta / q``, an answer ``(1 - theta) / (1 - q)``, on average at most 1 while nobody is
refused more than q; the mean over three rates theta is bet, q itself for those below it, since nobody is accused of
being refused less. ``R <- (1 + R) e`` adds up. q is the posterior mean of the caller's rate, with the population's as
prior that weighs twenty answers, and never less than the population's. Customers differ, so that the first two refusals
of a day count in it at once: the first says most. A prompt sent again that was refused says nothing new.

A day's other refusals teach only on the next day, and at most twice the rate that was usual, in a memory of a fortnight
of days with answers: a rate that rises for good is usual after some weeks, and who is refused all day is not by that.
In the clean period all is taken as it is, and so are the first days of those who are their own reference.

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
FIRST = 2.0  # refusals of a day that count at once
GROW = 2.0  # times the usual rate that a day teaches at most
KEPT = float(np.exp(-1 / 14))  # of what earlier days taught, after a day with answers
LATELY = 4  # refused prompts that are remembered
DAY = 86_400.0  # s within which evidence that is not renewed fades to a third
HIGHEST = 1e300

state = np.dtype(
    [
        ("evidence", "f8"), ("time", "f8"), ("first", "f8"), ("day", "i8"), ("before", "f4", 2), ("today", "f4", 2),
        ("usual", "f4"), ("refusals", "u4"), ("lately", "f4", LATELY),
    ],
    align=True,
)  # fmt: skip
"""One caller: R, its last and its first answer (s), the day, refusals and answers on the days before and on this day, q
when it began, refusals so far, and the last prompts that were refused."""


def learn(refused: Array, slots: Integers) -> Array:
    """Usual share of refusals (1,) in the clean period, from ``refused`` (N,) 1, 0 or -1; callers weigh equally."""
    some = refused >= 0
    n = np.bincount(slots[some], minlength=1)
    share = np.bincount(slots[some], refused[some] > 0, minlength=len(n))[n > 0] / n[n > 0]
    return np.array([np.clip((share.sum() + 0.1) / (len(share) + 10.0), LEAST, MOST)])


@compiled
def follow(
    refused: Array, same: Array, time: Array, trusted: Array, slots: Array, watched: Array, usual: Any, clean: Any,
    rows: Any, value: Array, counts: Array,
) -> None:  # fmt: skip
    """Take N answers in, in order.

    Parameters
    ----------
    refused : (N,) 1, 0, or -1 where there is none
    same : (N,) number of the canonical text
    watched : (N,) s from a caller's first answer in which all that is refused teaches, and nothing is said
    usual : share of refusals of the clean period
    clean : when that ended, s; days until then teach all that was refused
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
        own.first = own.first if own.today[1] + own.before[1] > 0 else min(time[i], 1e11)
        until = own.first + watched[i]
        if day > own.day:
            teach(own, usual, np.float64(own.day) * DAY < max(clean, until))
            own.day = day
        faded = own.evidence * np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / DAY)
        q = rate(own, usual)
        known = refused[i] > 0 and again(own, same[i])
        own.evidence = faded if known else min((1 + faded) * pays(refused[i], q), HIGHEST)
        own.time = max(own.time, min(time[i], 1e11))
        own.today[0] += np.float32(refused[i] > 0)
        own.today[1] += np.float32(1)
        own.evidence = 0.0 if time[i] < until else own.evidence
        value[i] = np.nan if time[i] < until else np.log1p(own.evidence)
        counts[i, 0], counts[i, 1], counts[i, 2] = own.today[0], own.today[1], q
        if trusted[i]:
            rows[slots[i]] = scratch[0]


@compiled
def teach(own: Any, usual: Any, clean: Any) -> None:
    """Close a caller's day: what it says of his rate, all of it or what may be learnt."""
    if own.today[1] > 0:
        most = max(GROW * max(own.usual, usual) * own.today[1], 1.0)
        own.before[0] = own.before[0] * KEPT + (own.today[0] if clean else min(own.today[0], most))
        own.before[1] = own.before[1] * KEPT + own.today[1]
    own.today[0] = own.today[1] = 0.0
    own.usual = min(max((PRIOR * usual + own.before[0]) / (PRIOR + own.before[1]), usual), MOST)


@compiled
def rate(own: Any, usual: Any) -> Any:
    """The rate q that is usual with a caller now."""
    now = (PRIOR * usual + own.before[0] + min(own.today[0], FIRST)) / (PRIOR + own.before[1] + own.today[1])
    return min(max(now, own.usual, usual, LEAST), MOST)


@compiled
def pays(refused: Any, q: Any) -> Any:
    """What a refusal or an answer pays against q."""
    made = 0.0
    for theta in RATES:
        bet = max(theta, q)
        made += (bet / q if refused > 0 else (1 - bet) / (1 - q)) / len(RATES)
    return made


@compiled
def again(own: Any, same: Any) -> Any:
    """Whether a refused prompt is one of those that were refused lately; if not, it is from now on."""
    for k in range(min(LATELY, own.refusals)):
        if own.lately[k] == np.float32(same):
            return True
    own.lately[own.refusals % LATELY] = np.float32(same)
    own.refusals += np.uint32(1)
    return False
