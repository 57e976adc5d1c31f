"""Evidence over the prompts of one caller: how seldom honest prompts score as high, added up in an e-detector.

With p the share of the burn-in's prompts that score as high (every principal weighs the root of its prompts), a bet
pays ``e(p) = mean over b of b p^(b - 1)``, b in (0.2, 0.5), at most e^16, and 1 on average where p is honest. The
evidence follows ``R <- (1 + R) e(p)``: it begins anew at any prompt, and grows while prompts go on being odd. The score
is log(1 + R). Beyond the 98 % quantile the tail of the burn-in is continued exponentially.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532. Vovk, Wang, E-values: calibration,
combination and applications, 2021, doi:10.1214/20-AOS2020.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Flags, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

KNOTS = 1024  # points of the burn-in's distribution
TAIL = 0.02  # of it, beyond which the tail is exponential
BETS = (0.2, 0.5)
CAP = 16.0  # nats that one prompt may add
ODD = 4.6  # nats of a prompt that fewer than one honest prompt in a hundred exceeds
DAY = 86_400.0  # s within which evidence that is not renewed fades to a third

state = np.dtype([("evidence", "f8"), ("time", "f8"), ("prompts", "u4"), ("odd", "u4")], align=True)
"""One caller: R, its last prompt (s), prompts, and those that fewer than one honest prompt in a hundred exceeds."""


class Law(NamedTuple):
    """How honest prompts score.

    Attributes
    ----------
    knot : (1024,) f8, rising: quantiles of the scores, evenly spaced in share
    rate : (1,) f8, nats a unit beyond the 98 % quantile
    """

    knot: Array
    rate: Array


def learn(score: Array, slots: Integers) -> Law:
    """The law of clean prompts' scores (N,), of callers (N,)."""
    _, code, many = np.unique(slots, return_inverse=True, return_counts=True)
    weight = 1 / np.sqrt(many[code])
    order = np.argsort(score, kind="stable")
    share = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    knot = np.interp((np.arange(KNOTS) + 0.5) / KNOTS, share, score[order].astype(np.float64))
    start = float(np.interp(1 - TAIL, share, score[order].astype(np.float64)))
    beyond = score > start
    excess = float((weight[beyond] * (score[beyond] - start)).sum() / max(weight[beyond].sum(), 1e-9))
    return Law(knot, np.array([1 / max(excess, 0.05)]))


@compiled
def nats(score: Any, knot: Array, rate: Any) -> Any:
    """-log of the share of honest prompts that score as high."""
    start = int(len(knot) * (1 - TAIL))
    if score > knot[start]:
        return -np.log(TAIL) + (score - knot[start]) * rate
    below = np.searchsorted(knot[: start + 1], score)
    return -np.log(1 - below / len(knot))


@compiled
def follow(
    score: Array, time: Array, trusted: Flags, slots: Integers, law: Law, rows: Array, value: Array, single: Array,
    counts: Array,
) -> None:  # fmt: skip
    """Take N prompts in, in order: score (N,), time (N,) s.

    Out, after each: log(1 + R) and its own nats, (N,); the caller's prompts so far, and the odd ones, (N, 2) u4.
    """
    for i in range(len(slots)):
        row = rows[slots[i]]
        x = nats(score[i], law.knot, law.rate[0])
        pay = 0.0
        for bet in BETS:
            pay += bet * np.exp((1 - bet) * x) / len(BETS)
        faded = row.evidence * np.exp(-max(time[i] - row.time, 0.0) / DAY) if row.prompts > 0 else 0.0
        evidence = min((1 + faded) * min(pay, np.exp(CAP)), 1e300)
        value[i], single[i] = np.log1p(evidence), x
        if trusted[i]:
            row.evidence, row.time = evidence, max(time[i], row.time)
            row.prompts += np.uint32(1)
            row.odd += np.uint32(x > ODD)
        counts[i, 0], counts[i, 1] = row.prompts, row.odd
