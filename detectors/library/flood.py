"""Flood: one principal sends far more, or far costlier, requests than its own forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import forecast
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.forecast import Law, Patience
from detectors.text.reading import AT
from detectors.threat_naming import normal_for

Array = npt.NDArray[Any]

CHANNELS = ("records", "cost")
HOURLY = ("requests in this hour, beside a usual one", "cost in usual requests, beside a usual hour's")
NOTHING, TOKENS, LATENCY, WORDS = 0, 1, 2, 3  # what a request's cost is made of
DEARER = 1.5  # times the evidence of records that cost must have to be what an alert is about
SURE = 300.0  # nats that nobody came near among 22,700 honest days of the laboratory (174 once, over 100 four times)
ANSWER = 4.0  # tokens of a question that one token of an answer costs


@dataclass(frozen=True, slots=True)
class Flood:
    """A principal sends many times what it, or any customer like it, ever sent.

    Honest traffic comes in bursts too (nightly jobs, cameras, a newcomer's backlog), but a burst is as long as the
    principal's own dispersion says, and then it pauses.

    Attributes
    ----------
    caution : standard deviations of the forecast's own uncertainty that are granted to the principal
    half_life : hours after which a principal's history counts half
    patience : expected records that the population's dispersion weighs against a principal's own

    Score
    -----
    Nats of evidence, ``log mean over theta of exp(W / D)``; 0 is none. For each theta in 1.5, 2, 4, 8, 16, ``W`` is the
    Poisson log likelihood ratio against the forecast ``L``, restarted at zero (a CUSUM, the leaky form of the e-process
    ``theta^N exp(-(theta - 1) L)``): ``W <- max(0, W - (theta - 1) L) + c log(theta)``, ``c`` = 1 for records, and for
    cost the record's over the typical. The forecast is the mean plus ``caution`` sd of a gamma posterior (prior: the
    burn-in's law of rates) times the hour's factor. The dispersion ``D`` (quasi-Poisson) is the sum of squared hourly
    errors over the sum of expectations up to the day before; prior: the burn-in's 90 % quantile, 16 at least, for where
    everybody is evenly paced a newcomer may still come for one sitting.
    Hourly counts do not see a batch that comes all at once in every hour: on later days ``D`` is also at least the
    largest ``W`` of the principal's days before, over 3 nats.

    The null is a guess: sessions are no Poisson process and ``D`` is estimated. On simulated honest traffic (126
    principals: people, nightly jobs, cameras, services; weekends, growth, newcomers with a backlog; 12 runs of 7 days)
    and a budget of one false alert a day, the budget gate gave 108 to 132 a day with a plain Poisson null and 1 to 4
    with the quasi-Poisson one; the conformal gate gave none. So the burn-in calibrates the score.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2022, https://arxiv.org/abs/2203.03532.
    McCullagh, Nelder, Generalized Linear Models, 1989, ch. 6 (quasi-likelihood, dispersion).
    """

    caution: float = 2.0
    half_life: float = 168.0
    patience: float = 48.0

    spec: ClassVar[Spec] = Spec(
        name="flood",
        title="Far more requests than forecast",
        threat="flood",
        needs=frozenset(),
        gate="conformal",
        share=0.06,
        tail=0.3,
        floor=0.0,
        optimism=2.0,
        sure=SURE,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/flood.md",
        scenario="flood",
        look_alike="backlog",
    )
    state: ClassVar[np.dtype[np.void]] = forecast.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """Season, law of rates and dispersion of the burn-in's principals, and what a request costs."""
        kind, unit = _typical(rows)
        law = forecast.learn(rows.batch.time, rows.batch.principal.astype(np.int64), _cost(rows, kind, unit))
        return law._asdict() | {"kind": np.array([kind], np.int64), "unit": np.array([unit], np.float32)}

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["flood"]
        law = Law(*(learnt[k] for k in Law._fields))
        weight = np.ones((len(slots), 2), np.float32)
        weight[:, 1] = _cost(rows, int(learnt["kind"][0]), float(learnt["unit"][0]))
        value, seen = np.empty((len(slots), 2)), np.empty((len(slots), 2, 3), np.float32)
        grant = Patience(self.caution, 0.5 ** (1.0 / self.half_life), self.patience)
        forecast.watch(rows.batch.time, slots, weight, rows.batch.trusted, law, grant, state, value, seen)
        channel = (value[:, 1] > DEARER * value[:, 0]).astype(np.int8)
        hours: dict[str, Array] = {name: seen[:, :, k] for k, name in enumerate(("count", "forecast", "usual"))}
        return Scores(value.max(1), {"channel": channel, **hours})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]]
        channel = int(scores.why["channel"][row])
        count, most = (scores.why[k][row] for k in ("count", "forecast"))
        times = count[channel] / max(float(most[channel]), 1e-3)
        threat = ("flood", "cost_abuse")[channel]
        time = float(rows.batch.time[row])
        usual, others = scores.why["usual"][row], _hour(rows.reference.learnt["flood"], time)
        seen = _seen(who, count, float(most[channel]), time, cost=bool(channel))
        hours = f"{_own(usual, others, channel)}; others' hours at this time of day have {_many(others, channel)}."
        return Explanation(
            threat=threat,
            verdict="attack",
            severity="high" if times > 16 else "medium",
            title=f"{who} {('floods', 'drives up the cost of')[channel]} model {rows.batch.model}",
            message=f"{seen} {hours} {normal_for(threat)}",
            recommendation="throttle",
            why=[
                (name, float(c), float(f), text)
                for name, c, f, text in zip(
                    CHANNELS,
                    count,
                    most,
                    ("requests in this hour, and at most expected", "cost in this hour in typical requests"),
                    strict=True,
                )
            ],
            beside=[
                (text, float(c), float(u)) for text, c, u in list(zip(HOURLY, count, usual, strict=True))[: 1 + channel]
            ],
        )


DETECTOR = Flood


def _seen(who: str, count: Array, most: float, time: float, *, cost: bool) -> str:
    """What was counted, (2,) by channel, in the hour of a time up to then, and at most expected of all of it."""
    minutes = int(time % 3600 // 60) + 1
    sent = f"{who} sent {count[0]:,.0f} requests in the first {minutes} minute{'s' if minutes > 1 else ''} of this hour"
    sent += f", which cost as much as {count[1]:,.0f} usual ones" if cost else ""
    what = "the cost of " if cost else ""
    return f"{sent}; at most {what}{most:,.1f} were to be expected in all of it, and its bursts are usually shorter."


def _hour(learnt: Mapping[str, Array], time: float) -> Array:
    """What an average caller of the clean period sends, and costs, in the hour of a time, (2,)."""
    rate: Array = learnt["shape"] / learnt["mass"] * learnt["season"][int(time // forecast.HOUR % 24)] * forecast.HOUR
    return rate


def _own(usual: Array, others: Array, channel: int) -> str:
    """A principal's usual hour; of who has none yet, nothing is known but what others' are."""
    new = np.allclose(usual, others, rtol=1e-3)
    return "It is too new to have a usual hour" if new else f"Its usual hour has {_many(usual, channel)}"


def _many(hour: Array, channel: int) -> str:
    """What an hour has, of what is counted."""
    return f"{'the cost of ' if channel else ''}{hour[channel]:,.1f} requests"


def _raw_cost(rows: Columns, kind: int) -> Array:
    """Cost of each record in tokens (those of words by their letters) or s, (N,); 0 if not logged."""
    if kind == TOKENS:
        tokens = np.maximum(rows.batch.tokens, 0).astype(np.float32)
        return np.asarray(tokens[:, 0] + np.float32(ANSWER) * tokens[:, 1])
    if kind == LATENCY:
        return np.nan_to_num(rows.batch.latency, nan=0.0, posinf=0.0, neginf=0.0)
    if kind == WORDS and rows.batch.text.shape[1] > AT["log_sent"]:
        sizes = np.expm1(np.clip(rows.batch.text[:, [AT["log_sent"], AT["log_answer"]]], 0, 20))
        return np.asarray(sizes[:, 0] + np.float32(ANSWER) * sizes[:, 1])
    return np.zeros(len(rows.batch), np.float32)


def _cost(rows: Columns, kind: int, unit: float) -> Array:
    """Cost of each record in typical records, (N,), at most 1000."""
    return np.clip(_raw_cost(rows, kind) / np.float32(unit), 0.0, 1000.0)


def _typical(rows: Columns) -> tuple[int, float]:
    """Where costs come from, and their mean without the dearest hundredth."""
    for kind in (TOKENS, LATENCY, WORDS):
        cost = _raw_cost(rows, kind)
        if len(cost) and (cost > 0).mean() > 0.5:
            return kind, float(np.minimum(cost, np.quantile(cost, 0.99)).mean())
    return NOTHING, 1.0
