"""Flood: one principal sends far more, or far costlier, requests than its own forecast."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.compiled import compiled

THETAS = (1.5, 2.0, 4.0, 8.0, 16.0)  # how many times the forecast an alternative sends
HOUR = 3600.0
LONGEST = 1e4  # nats, the cap of one alternative's evidence
CHANNELS = ("records", "cost")


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
    Nats of evidence, ``log mean over theta of exp(W)``; 0 is none. For each theta in 1.5, 2, 4, 8, 16 the
    Poisson likelihood ratio against the forecast ``L``, restarted at zero (a CUSUM, the leaky form of the e-process
    ``theta^N exp(-(theta - 1) L)``) and divided by the dispersion ``D`` (quasi-Poisson):
    ``W <- max(0, W - (theta - 1) L / D) + c log(theta) / D``, ``c`` = 1 for records, cost over typical cost for cost.
    The forecast is the mean plus ``caution`` sd of a gamma posterior (prior: the burn-in's law of rates) times the
    hour's factor. ``D`` = sum of squared hourly errors over sum of expectations, with the burn-in's as prior.

    The null is a guess: sessions are not a Poisson process and ``D`` is estimated. So the score goes through the
    conformal gate and its burn-in, not through the budget gate.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2022, https://arxiv.org/abs/2203.03532.
    McCullagh, Nelder, Generalized Linear Models, 1989, ch. 6 (quasi-likelihood, dispersion).
    """

    caution: float = 2.0
    half_life: float = 168.0
    patience: float = 24.0

    spec: ClassVar[Spec] = Spec(
        name="flood",
        title="Far more requests than forecast",
        threat="flood",
        needs=frozenset(),
        gate="conformal",
        share=0.15,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/flood.md",
        scenario="flood",
        look_alike="backlog",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("n", "u4"),
            ("hour", "i4"),
            ("clock", "f8"),
            ("since", "f8"),
            ("count", "f4", 2),
            ("events", "f4", 2),
            ("mass", "f4"),
            ("square", "f4", 2),
            ("usual", "f4", 2),
            ("evidence", "f4", (2, len(THETAS))),
        ],
        align=True,
    )

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, npt.NDArray[np.generic]]:
        """Season, law of rates and dispersion of the burn-in's principals, and what a request costs."""
        cost, unit, kind = _costs(rows)
        return _laws(rows.batch.time, rows.batch.principal.astype(np.int64), cost) | {
            "unit": np.array([unit], np.float32),
            "kind": np.array([kind], np.int64),
        }

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["flood"]
        n = len(slots)
        cost = _cost(rows, int(learnt["kind"][0])) / learnt["unit"][0]
        weight = np.ones((n, 2), np.float32)
        weight[:, 1] = np.clip(cost, 0.0, 1000.0)
        value = np.empty((n, 2))
        seen = np.empty((n, 2, 2), np.float32)
        constants = np.array([self.caution, 0.5 ** (1.0 / self.half_life), self.patience])
        _run(
            rows.batch.time,
            slots,
            weight,
            rows.batch.trusted,
            learnt["season"],
            learnt["shape"],
            learnt["mass"],
            learnt["dispersion"],
            constants,
            state,
            value,
            seen,
        )
        if not learnt["kind"][0]:
            value[:, 1] = 0.0
        channel = (value[:, 1] > value[:, 0]).astype(np.int8)
        why = {"channel": channel, "count": seen[:, :, 0], "forecast": seen[:, :, 1]}
        return Scores(value.max(1, initial=0.0), why)

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]]
        channel = int(scores.why["channel"][row])
        count, forecast = (scores.why[k][row] for k in ("count", "forecast"))
        what = ("requests", "typical requests' worth of cost")[channel]
        times = count[channel] / max(float(forecast[channel]), 1e-3)
        return Explanation(
            threat=("flood", "cost_abuse")[channel],
            verdict="attack",
            severity="high" if times > 16 else "medium",
            title=f"{who} floods model {rows.batch.model}",
            message=(
                f"{who} sent {count[channel]:.0f} {what} in this hour so far; at most {forecast[channel]:.1f} an hour "
                f"were to be expected of it, and its bursts are usually shorter."
            ),
            recommendation="throttle",
            why=[
                (name, float(c), float(f), text)
                for name, c, f, text in zip(
                    CHANNELS,
                    count,
                    forecast,
                    ("requests in this hour, and at most expected", "cost in this hour in typical requests"),
                    strict=True,
                )
            ],
        )


DETECTOR = Flood


def _cost(rows: Columns, kind: int) -> npt.NDArray[np.float32]:
    """Cost of each record: tokens (answers weigh four), else latency in s: (N,); 0 where not logged."""
    if kind == 1:
        tokens = np.maximum(rows.batch.tokens, 0).astype(np.float32)
        return np.asarray(tokens[:, 0] + 4.0 * tokens[:, 1], np.float32)
    if kind == 2:
        return np.nan_to_num(rows.batch.latency, nan=0.0, posinf=0.0, neginf=0.0)
    return np.zeros(len(rows.batch), np.float32)


def _costs(rows: Columns) -> tuple[npt.NDArray[np.float32], float, int]:
    """Costs of the burn-in in units of their mean, that mean, and where they come from (0: nowhere)."""
    for kind in (1, 2):
        cost = _cost(rows, kind)
        if len(cost) and (cost > 0).mean() > 0.5:
            unit = float(np.minimum(cost, np.quantile(cost, 0.99)).mean())
            return np.clip(cost / np.float32(unit), 0.0, 1000.0).astype(np.float32), unit, kind
    return np.zeros(len(rows.batch), np.float32), 1.0, 0


def _laws(
    time: npt.NDArray[np.float64], principal: IntArray, cost: npt.NDArray[np.float32]
) -> dict[str, npt.NDArray[np.generic]]:
    """Season (24,), gamma prior of rates (2 channels) in 1/s, dispersion (2,)."""
    season = _season(time, principal)
    if not len(time):
        return _law(season, np.zeros((0, 2)), np.zeros((0, 2)))
    end = float(time.max())
    rates, spreads = [], []
    for p in np.unique(principal):
        t, c = time[principal == p], cost[principal == p]
        first = float(t.min())
        last = float(t.max()) if len(t) >= 2048 else end  # such a principal's rows were cut at a cap
        hours = np.arange(int(first // HOUR), int(last // HOUR) + 1)
        edge = np.clip(np.append(hours, hours[-1] + 1) * HOUR, first, max(last, first + HOUR))
        mass = season[hours % 24] * np.diff(edge)
        rate, spread = np.zeros(2), np.ones(2)
        for k, w in enumerate((np.ones(len(t)), c)):
            counts = np.bincount((t // HOUR).astype(np.int64) - hours[0], w, len(hours))
            rate[k] = w.sum() / max(mass.sum(), HOUR)
            usual = rate[k] * mass
            spread[k] = ((counts - usual) ** 2).sum() / max(usual.sum(), 1.0)
        rates.append(rate)
        if len(t) >= 8:
            spreads.append(spread)
    return _law(season, np.array(rates), np.array(spreads).reshape(-1, 2))


def _law(
    season: npt.NDArray[np.float64], rates: npt.NDArray[np.float64], spreads: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.generic]]:
    """Gamma prior by moments; the dispersion of the upper quartile."""
    mean = rates.mean(0) if len(rates) else np.full(2, 1.0 / HOUR)
    spread = rates.var(0) if len(rates) > 1 else mean**2
    mean = np.maximum(mean, 1e-7)
    shape = np.clip(mean**2 / np.maximum(spread, 1e-14), 0.05, 4.0)
    dispersion = np.quantile(spreads, 0.75, axis=0) if len(spreads) else np.full(2, 16.0)
    return {"season": season, "shape": shape, "mass": shape / mean, "dispersion": np.maximum(dispersion, 1.0)}


def _season(time: npt.NDArray[np.float64], principal: IntArray) -> npt.NDArray[np.float64]:
    """Factor of each hour of the day, mean 1: (24,). From active principals, so that one batch job is one voice."""
    if not len(time) or np.ptp(time) < 20 * HOUR:
        return np.ones(24)
    active = np.unique(np.stack([principal, (time // HOUR).astype(np.int64)], 1), axis=0)
    hours = np.bincount(active[:, 1] % 24, minlength=24).astype(np.float64)
    watched = np.bincount(np.arange(int(time.min() // HOUR), int(time.max() // HOUR) + 1) % 24, minlength=24)
    rate = hours / np.maximum(watched, 1)
    smooth = (np.roll(rate, 1) + 2.0 * rate + np.roll(rate, -1)) / 4.0
    factor = np.clip((smooth + rate.mean()) / max(2.0 * rate.mean(), 1e-9), 0.25, 4.0)
    made: npt.NDArray[np.float64] = factor / factor.mean()
    return made


@compiled
def _integral(t, cumulative, season):  # type: ignore[no-untyped-def]  # numba compiles it
    """Season-weighted seconds since the epoch."""
    hour = np.floor(t / 3600.0)
    day = np.floor(hour / 24.0)
    h = int(hour - 24.0 * day)
    return day * cumulative[24] + cumulative[h] + season[h] * (t - 3600.0 * hour)


@compiled
def _run(  # type: ignore[no-untyped-def]  # numba compiles it
    time, slots, weight, trusted, season, shape, prior, dispersion, constants, state, value, seen
):
    """Evidence after each row, (N, 2) in ``value``; count and forecast of its hour, (N, 2, 2), in ``seen``."""
    cumulative = np.zeros(25)
    for h in range(24):
        cumulative[h + 1] = cumulative[h] + 3600.0 * season[h]
    thetas = np.array([1.5, 2.0, 4.0, 8.0, 16.0])
    logs = np.log(thetas)
    caution, keep, patience = constants[0], constants[1], constants[2]
    scratch = np.zeros(1, state.dtype)
    for i in range(len(slots)):
        scratch[0] = state[slots[i]]
        s = scratch[0]
        t = min(time[i], 1e11) if time[i] > s.clock else s.clock
        hour = int(np.floor(t / 3600.0))
        if s.n == 0:
            s.clock = t
            s.since = t
            s.hour = hour
        elif hour > s.hour:
            _close(s, hour, t, cumulative, season, shape, prior, keep, dispersion, patience, caution)
        passed = _integral(t, cumulative, season) - _integral(s.clock, cumulative, season)
        s.clock = t
        s.n += 1
        h = hour % 24
        for k in range(2):
            spread = (patience * dispersion[k] + s.square[k]) / (patience + s.usual[k])
            a = shape[k] + s.events[k] / spread
            rate = (a + caution * np.sqrt(a)) / (prior[k] + s.mass / spread)
            best = 0.0
            for j in range(5):
                w = max(s.evidence[k, j] - (thetas[j] - 1.0) * rate * passed / spread, 0.0)
                w = min(w + weight[i, k] * logs[j] / spread, 1e4)
                s.evidence[k, j] = w
                best = max(best, w)
            total = 0.0
            for j in range(5):
                total += np.exp(s.evidence[k, j] - best)
            value[i, k] = best + np.log(total / 5.0)
            s.count[k] += weight[i, k]
            seen[i, k, 0] = s.count[k]
            seen[i, k, 1] = rate * season[h] * 3600.0
        if trusted[i]:
            state[slots[i]] = scratch[0]


@compiled
def _close(s, hour, t, cumulative, season, shape, prior, keep, dispersion, patience, caution):  # type: ignore[no-untyped-def]  # numba compiles it
    """Take the finished hour, and the silent ones after it, into the principal's history."""
    end = 3600.0 * (s.hour + 1)
    mass = _integral(end, cumulative, season) - _integral(max(s.since, end - 3600.0), cumulative, season)
    silent = hour - s.hour - 1
    rest = _integral(3600.0 * hour, cumulative, season) - _integral(end, cumulative, season)
    fade = keep ** min(silent + 1, 100000)
    for k in range(2):
        spread = (patience * dispersion[k] + s.square[k]) / (patience + s.usual[k])
        a = shape[k] + s.events[k] / spread
        b = prior[k] + s.mass / spread
        upper = (a + caution * np.sqrt(a)) / b * mass
        count = min(s.count[k], 4.0 * (upper + 3.0 * np.sqrt(spread * upper)))  # a flood teaches little
        usual = a / b * mass
        idle = a / b * rest
        s.square[k] = fade * (s.square[k] + (count - usual) ** 2)
        if silent > 0:
            s.square[k] += idle * idle / silent
        s.usual[k] = fade * (s.usual[k] + usual) + idle
        s.events[k] = fade * (s.events[k] + count)
        s.count[k] = 0.0
    s.mass = fade * (s.mass + mass) + rest
    s.hour = hour
