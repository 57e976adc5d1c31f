"""Evidence over the prompts of one caller: how seldom honest prompts score as high, added up in an e-detector.

With p the share of the burn-in's prompts that score as high (every principal weighs the root of its prompts) and x =
-log p, honest callers are not taken for average ones: three of ten of their prompts may be about hard subjects, with x
at a rate of 0.4 where others' has 1. Against that an attacker's x has a rate b of 0.05 or 0.2, so that a prompt pays
``e(x) = mean over b of b exp((1 - b) x) / (0.7 + 0.3 * 0.4 exp(0.6 x))``, on average at most 1. The evidence follows
``R <- (1 + R) e(x)``: it begins anew at any prompt, and grows while prompts go on being odd. The score is log(1 + R).
Beyond the 98 % quantile the tail of the burn-in is continued exponentially.

Callers of whom the operator says so are their own reference. In their first days nothing is said of them and the nats
of their prompts are counted; after that a prompt is worth at most ``-log`` of the share of those that were as odd.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532. Vovk, Wang, E-values: calibration,
combination and applications, 2021, doi:10.1214/20-AOS2020.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Codes, Flags, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

KNOTS = 1024  # points of the burn-in's distribution
TAIL = 0.02  # of it, beyond which the tail is exponential
BETS = (0.2, 0.5)  # of those that bet against p-values as they are
HARD, SLOPE = (
    0.3,
    0.4,
)  # share of an honest caller's prompts on hard subjects, at most, and the rate of their nats
AGAINST = (0.05, 0.2)  # rates of an attacker's nats
MOST = 40.0  # nats of one prompt
CAP = 16.0  # nats that one prompt may add at most
ODD = 4.6  # nats of a prompt that fewer than one honest prompt in a hundred exceeds
DAY = 86_400.0  # s within which evidence that is not renewed fades to a third
BINS, WIDTH = 24, 0.5  # of the nats that callers who are their own reference begin with
FEWEST = 20  # prompts of theirs from which on they are

state = np.dtype(
    [("evidence", "f8"), ("time", "f8"), ("first", "f8"), ("prompts", "u4"), ("odd", "u4"), ("own", "u2", BINS)],
    align=True,
)
"""One caller: R, its last and its first prompt (s), prompts, those that fewer than one honest prompt in a hundred
exceeds, and, of those who are their own reference, how many of their first ones had how many nats."""


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


def named(principals: Sequence[str], principal: Codes, patterns: str) -> Flags:
    """Whether each row's principal (N,) is named by one of some patterns, such as ``red-team-*, u-7``."""
    some = [pattern.strip() for pattern in patterns.split(",") if pattern.strip()]
    if not some:
        return np.zeros(len(principal), np.bool_)
    found: Flags = np.array([any(fnmatchcase(name, one) for one in some) for name in principals], np.bool_)[principal]
    return found


@compiled
def accustomed(x: Any, row: Any) -> Any:
    """Nats of a prompt to a caller who is his own reference: at most -log of the share of his first ones as odd."""
    total, above = 0, 0
    for k in range(BINS):
        total += row.own[k]
        above += row.own[k] if k >= np.int64(min(x / WIDTH, BINS - 1.0)) else 0
    return min(x, np.log((total + 1.0) / (above + 1.0))) if total >= FEWEST else x


@compiled
def follow_own(
    score: Array, time: Array, trusted: Flags, slots: Integers, law: Law, rows: Array, value: Array, single: Array,
    counts: Array, own: Flags, begins: float,
) -> None:  # fmt: skip
    """Do the same where some callers, ``own`` (N,), are their own reference and only watched for ``begins`` s.

    Nothing, NaN, is said of these meanwhile.
    """
    for i in range(len(slots)):
        row = rows[slots[i]]
        x = min(nats(score[i], law.knot, law.rate[0]), MOST)
        if own[i]:
            first = row.first if row.prompts > 0 else time[i]
            if time[i] - first < begins:
                value[i], single[i] = np.nan, x
                if trusted[i]:
                    at = np.int64(min(x / WIDTH, BINS - 1.0))
                    row.own[at] = min(row.own[at] + 1, 65535)
                    row.first, row.time = first, max(time[i], row.time)
                    row.prompts += np.uint32(1)
                    row.odd += np.uint32(x > ODD)
                counts[i, 0], counts[i, 1] = row.prompts, row.odd
                continue
            x = accustomed(x, row)
        pay = 0.0
        for bet in AGAINST:
            pay += bet * np.exp((1 - bet) * x) / len(AGAINST)
        pay /= 1 - HARD + HARD * SLOPE * np.exp((1 - SLOPE) * x)
        faded = row.evidence * np.exp(-max(time[i] - row.time, 0.0) / DAY) if row.prompts > 0 else 0.0
        evidence = min((1 + faded) * min(pay, np.exp(CAP)), 1e300)
        value[i], single[i] = np.log1p(evidence), x
        if trusted[i]:
            row.first = row.first if row.prompts > 0 else time[i]
            row.evidence, row.time = evidence, max(time[i], row.time)
            row.prompts += np.uint32(1)
            row.odd += np.uint32(x > ODD)
        counts[i, 0], counts[i, 1] = row.prompts, row.odd


@compiled
def follow(
    score: Array, time: Array, trusted: Flags, slots: Integers, law: Law, rows: Array, value: Array, single: Array,
    counts: Array,
) -> None:  # fmt: skip
    """Take N prompts in, in order: score (N,), time (N,) s.

    Out, after each: log(1 + R) and its own nats, (N,); the caller's prompts so far, and the odd ones, (N, 2) u4.
    """
    nobody = np.zeros(len(slots), np.bool_)
    follow_own(score, time, trusted, slots, law, rows, value, single, counts, nobody, 0.0)
