"""Spending: what an answer took, against what answers to requests of its size take on this model now.

Two regressions follow the model, on row 0 of the state: log tokens of the answer on log tokens sent, and log latency on
both. They begin with the clean period's fit and take a small step towards each record, scaled by the clean period's
second moments. A residual counts as two standard deviations at most (Huber), and a caller's n-th record weighs the root
of 1 / n, in the fit as well: who drives up cost teaches little. From a caller's residual the mean of his own on the
days before is taken, drawn to 0 by thirty records: tasks that are long by nature are usual on the second day. What is
left is bet against as odd prompts are (:mod:`detectors.worded`), less half a standard deviation that is granted, at
most six nats, and ``R <- (1 + R) e`` adds up by caller.

References
----------
Shumailov et al., Sponge examples, 2021, https://arxiv.org/abs/2006.03463. Ljung, Söderström, Theory and practice of
recursive identification, 1983, ch. 2 (gain of constant size).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import worded
from detectors.worded import BETS, DAY
from schemas.batch import Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

CHANNELS = ("answer", "latency")
INPUTS = 3  # of a regression: 1, log sent, log answer
STEP = 1 / 1000.0
ROUNDS = 10  # of the robust fit
RIDGE = 1e-3  # of a record's second moments
HUBER = 2.0  # standard deviations that a residual teaches at most
WILD = 3.0  # standard deviations beyond which an answer was dear
SPREAD = 1e-3  # least standard deviation of residuals
PRIOR = 30.0  # records that a caller's own mean is drawn to 0 by
CAP = 6.0  # nats that one record may add
GRANT = 0.5  # standard deviations by which a caller's answers may be dearer than others

state = np.dtype(
    [
        ("evidence", "f8"), ("time", "f8"), ("answers", "u4"), ("dear", "u4"), ("day", "i8"),
        ("before", "f8", 2), ("earlier", "u4"), ("today", "f8", 2),
        ("weights", "f8", (2, INPUTS)), ("begun", "u4"), ("pad", "u4"),
    ],
    align=True,
)  # fmt: skip
"""One caller: R, its last answer (s), answers, dear ones, the day, residuals and answers of the days before, residuals
of
this day. In row 0 also the model's regressions."""


class Law(NamedTuple):
    """What the clean period says, for tokens of the answer and for latency.

    Attributes
    ----------
    weights, inverse : (2, 3) and (2, 3, 3), where the regressions begin, and the scale of their steps
    spread : (2,) standard deviation of residuals, from the middle half
    knot, rate : (2, 1024) and (2,), the law of standardised residuals
    usable : (2,) u1, whether it is logged
    """

    weights: Array
    inverse: Array
    spread: Array
    knot: Array
    rate: Array
    usable: Array


class Seen(NamedTuple):
    """After each of N rows: log(1 + R), NaN if nothing is logged; residuals in standard deviations; answers, dear."""

    value: Array
    residual: Array
    counts: Array


def blank(n: int) -> Seen:
    """Room for N rows."""
    return Seen(np.full(n, np.nan), np.zeros((n, 2)), np.zeros((n, 2), np.uint32))


def inputs(sent: Array, answer: Array, latency: Array) -> tuple[Array, Array, Array]:
    """What is regressed on (N, 3), the two targets (N, 2), and whether they are there (N, 2)."""
    seconds = np.nan_to_num(latency.astype(np.float64), nan=-1.0, posinf=-1.0, neginf=-1.0)
    wrote = np.clip(answer.astype(np.float64), -1.0, 30.0)
    x = np.stack([np.ones(len(sent)), np.clip(sent.astype(np.float64), 0.0, 30.0), np.maximum(wrote, 0.0)], 1)
    y = np.stack([wrote, np.log(np.clip(seconds, 1e-4, 1e5))], 1)
    return x, y, np.stack([wrote >= 0, seconds > 0], 1)


def learn(x: Array, y: Array, there: Array, slots: Integers) -> Law:
    """Both regressions of the clean period's N rows in order, and the law of their residuals."""
    weight = 1 / np.sqrt(_ranks(slots))
    weights, inverse, laws = np.zeros((2, INPUTS)), np.zeros((2, INPUTS, INPUTS)), []
    spread, usable = np.ones(2), there.mean(0) > 0.5 if len(there) else np.zeros(2, np.bool_)
    for c in np.flatnonzero(usable).tolist():
        rows = there[:, c]
        own = x[rows][:, : INPUTS - 1 + c]
        weights[c, : own.shape[1]], inverse[c, : own.shape[1], : own.shape[1]], spread[c] = _fit(
            own, y[rows, c], weight[rows]
        )
    for c in range(2):
        rows = there[:, c] & usable[c]
        residual = (y[rows, c] - x[rows] @ weights[c]) / spread[c]
        laws.append(worded.learn(residual, slots[rows]) if rows.any() else worded.learn(np.zeros(2), np.arange(2)))
    knot, rate = np.stack([law.knot for law in laws]), np.concatenate([law.rate for law in laws])
    return Law(weights, inverse, spread, knot, rate, usable.astype(np.uint8))


def _ranks(slots: Integers) -> Array:
    """How manieth of its caller each row is, from 1."""
    order = np.argsort(slots, kind="stable")
    sizes = np.bincount(slots, minlength=1)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    made = np.empty(len(slots))
    made[order] = np.arange(len(slots)) - starts + 1
    return made


def _fit(x: Array, y: Array, weight: Array) -> tuple[Array, Array, float]:
    """Huber regression by repeated weighing: weights (k,), scale of steps (k, k), standard deviation of residuals."""
    found, spread, trust = np.zeros(x.shape[1]), 1.0, np.ones(len(y))
    ridge = RIDGE * np.eye(x.shape[1])
    for _ in range(ROUNDS):
        own = weight * trust
        gram = (x * own[:, None]).T @ x / own.sum() + ridge
        found = np.linalg.solve(gram, (x * own[:, None]).T @ y / own.sum())
        residual = y - x @ found
        low, high = np.quantile(residual, [0.25, 0.75])
        spread = max(float(high - low) / 1.349, SPREAD)
        trust = np.minimum(1.0, HUBER * spread / np.maximum(np.abs(residual), 1e-9))
    return found, STEP * np.linalg.inv((x * weight[:, None]).T @ x / weight.sum() + ridge), spread


@compiled
def follow(
    x: Array, y: Array, there: Array, time: Array, trusted: Array, slots: Array, law: Law, rows: Any, made: Seen
) -> None:
    """Take N answers in, in order; row 0 of ``rows`` is the model's."""
    scratch = np.zeros(1, rows.dtype)
    weights = rows[0].weights.copy() if rows[0].begun else law.weights.copy()
    for i in range(len(slots)):
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        if not ((there[i, 0] and law.usable[0]) or (there[i, 1] and law.usable[1])):
            continue
        turn(own, time[i])
        pay, channels = 0.0, 0
        for c in range(2):
            if there[i, c] and law.usable[c]:
                error = y[i, c] - predicted(weights, c, x[i])
                made.residual[i, c] = min(max(error / law.spread[c], -1e3), 1e3)
                pay += paid(own, c, made.residual[i, c], law)
                channels += 1
        faded = own.evidence * np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / DAY)
        own.evidence = min((1 + faded) * pay / channels, 1e300)
        own.time = max(own.time, min(time[i], 1e11))
        own.answers += np.uint32(1)
        own.dear += np.uint32(made.residual[i].max() > WILD)
        made.value[i] = np.log1p(own.evidence)
        made.counts[i, 0], made.counts[i, 1] = own.answers, own.dear
        if trusted[i]:
            keep(rows[slots[i]], own)
            for c in range(2):
                if there[i, c] and law.usable[c]:
                    teach(weights, law, c, x[i], made.residual[i, c] / np.sqrt(own.answers))
            rows[0].weights[:] = weights
            rows[0].begun = np.uint32(1)


@compiled
def turn(own: Any, time: Any) -> None:
    """Take a caller's day into those before when another begins."""
    day = np.int64(np.floor(min(max(time, 0.0), 1e11) / DAY))
    if day > own.day:
        own.before += own.today
        own.today[:] = 0.0
        own.earlier = own.answers
        own.day = day


@compiled
def paid(own: Any, c: int, residual: Any, law: Law) -> Any:
    """What the bet on one residual pays, the caller's own past taken off; the residual is noted."""
    usual = max(own.before[c] / (own.earlier + PRIOR), 0.0)
    own.today[c] += min(max(residual, -WILD), WILD)
    surprise = worded.nats(residual - usual - GRANT, law.knot[c], law.rate[c])
    pay = 0.0
    for bet in BETS:
        pay += bet * np.exp(min((1 - bet) * surprise, CAP)) / len(BETS)
    return pay


@compiled
def keep(row: Any, own: Any) -> None:
    """Write a caller's own fields back; the model's live in row 0 itself."""
    row.evidence, row.time, row.answers, row.dear = own.evidence, own.time, own.answers, own.dear
    row.day, row.earlier = own.day, own.earlier
    row.before[:] = own.before
    row.today[:] = own.today


@compiled
def predicted(weights: Array, c: int, x: Array) -> Any:
    """What a regression expects; tokens of the answer do not explain themselves."""
    made = weights[c, 0] * x[0] + weights[c, 1] * x[1]
    return made + weights[c, 2] * x[2] if c == 1 else made


@compiled
def teach(weights: Array, law: Law, c: int, x: Array, residual: Any) -> None:
    """One step towards a record whose residual is so many standard deviations, of which two count."""
    error = min(max(residual, -HUBER), HUBER) * law.spread[c]
    for a in range(INPUTS - 1 + c):
        step = 0.0
        for b in range(INPUTS - 1 + c):
            step += law.inverse[c, a, b] * x[b]
        weights[c, a] += step * error
