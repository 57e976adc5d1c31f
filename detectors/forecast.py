"""Forecast: how many requests a principal is expected to send, how they clump, and evidence that it sends more."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

HOUR = 3600.0
CLUMPY = 0.9  # quantile of principals' dispersions that a newcomer's is taken for
ANYWHERE = 16.0  # least dispersion that a newcomer is granted, and what it is where nobody's is known
THETAS = np.array([1.5, 2.0, 4.0, 8.0, 16.0])  # how many times the forecast an alternative sends
LOGS = np.log(THETAS)
MOST = 1e6  # records, the cap of one alternative's evidence
USUAL = 3.0  # nats that the largest burst of a principal's usual day may say
LEAP = 4.0  # times its usual largest burst that one day teaches at most
FORGOTTEN = 0.9  # of the largest burst that is left after a day without one as large
LAST = 1e11  # s, a time beyond all times

state = np.dtype(
    [
        ("clock", "f8"),
        ("since", "f8"),
        ("n", "u4"),
        ("hour", "i4"),
        ("count", "f4", 2),
        ("events", "f4", 2),
        ("mass", "f4"),
        ("spread", "f4", 2),
        ("square", "f4", 2),
        ("usual", "f4", 2),
        ("evidence", "f4", (2, len(THETAS))),
        ("peak", "f4", 2),
        ("habit", "f4", 2),
        ("pad", "f4"),
    ],
    align=True,
)
"""One principal: open hour, fading history, evidence in records, its largest of this day and of the days before; all
pairs are records and cost. The dispersion in use is that of the days before: a flood must not teach how bursty its
principal is while it lasts."""


class Law(NamedTuple):
    """What a population of principals sends; (2,) is records, and cost in typical records.

    Attributes
    ----------
    season : (24,) factor of each hour of the day (UTC), mean 1
    shape, mass : (2,) gamma law of principals' rates: shape, and its exposure in season-weighted s
    spread : (2,) dispersion: variance over mean of a principal's hourly counts, at least :data:`ANYWHERE`
    """

    season: Array
    shape: Array
    mass: Array
    spread: Array


class Patience(NamedTuple):
    """How much a principal is granted: sd of the forecast, fading an hour, expected records that the prior weighs."""

    caution: float
    keep: float
    prior: float


def learn(time: Doubles, principal: Integers, cost: Array) -> Law:
    """The law of N records in time order: s, codes of principals, cost in typical records."""
    season = _season(time, principal)
    each = [_one(time[principal == p], cost[principal == p], season, time) for p in np.unique(principal)]
    rates = np.array([rate for rate, _, _ in each]).reshape(-1, 2)
    spreads = np.array([spread for _, spread, n in each if n >= 8]).reshape(-1, 2)
    mean = np.maximum(rates.mean(0), 1e-7) if len(rates) else np.full(2, 1 / HOUR)
    variance = rates.var(0) if len(rates) > 1 else mean**2
    shape = np.clip(mean**2 / np.maximum(variance, 1e-14), 0.05, 4.0)
    spread = np.quantile(spreads, CLUMPY, axis=0) if len(spreads) else np.zeros(2)
    return Law(season, shape, shape / mean, np.maximum(spread, ANYWHERE))


def _one(time: Doubles, cost: Array, season: Array, all_times: Doubles) -> tuple[Array, Array, int]:
    """One principal's rate (2,) in 1/s, its dispersion (2,), and its number of records."""
    first, last = float(time.min()), float(all_times.max())
    hours = np.arange(int(first // HOUR), int(last // HOUR) + 1)
    edges = np.clip(np.append(hours, hours[-1] + 1) * HOUR, first, max(last, first + HOUR))
    mass = season[hours % 24] * np.diff(edges)
    place = (time // HOUR).astype(np.int64) - hours[0]
    counts = np.stack([np.bincount(place, w, len(hours)) for w in (np.ones(len(time)), cost)])
    rate = counts.sum(1) / max(mass.sum(), HOUR)
    usual = rate[:, None] * mass
    return rate, ((counts - usual) ** 2).sum(1) / np.maximum(usual.sum(1), 1.0), len(time)


def _season(time: Doubles, principal: Integers) -> Array:
    """Factor of each hour of the day, half-way to 1, from the principals active in it: a batch job is one voice."""
    if not len(time) or np.ptp(time) < 20 * HOUR:
        return np.ones(24)
    hour = (time // HOUR).astype(np.int64)
    active = np.unique(np.stack([principal, hour], 1), axis=0)[:, 1]
    watched = np.bincount(np.arange(hour.min(), hour.max() + 1) % 24, minlength=24)
    rate = np.bincount(active % 24, minlength=24) / np.maximum(watched, 1)
    smooth = (np.roll(rate, 1) + 2.0 * rate + np.roll(rate, -1)) / 4.0
    factor = np.clip((smooth + rate.mean()) / (2.0 * rate.mean()), 0.25, 4.0)
    return np.asarray(factor / factor.mean())


@compiled
def watch(
    time: Array, slots: Array, weight: Array, trusted: Array, law: Law, grant: Patience, state: Array, value: Array,
    seen: Array,
) -> None:  # fmt: skip
    """Evidence after each of N records that its principal sends more than forecast.

    Parameters
    ----------
    weight : (N, 2) what a record counts, 1 and its cost
    state : (S,) of :data:`state`, updated where trusted
    value : out (N, 2) nats
    seen : out (N, 2, 3) what the open hour holds so far, how much of an hour at most was to be expected, and how much
        its principal's usual hour has at that time of day
    """
    until = np.zeros(25)
    for h in range(24):
        until[h + 1] = until[h] + 3600.0 * law.season[h]
    scratch = np.zeros(1, state.dtype)
    for i in range(len(slots)):
        scratch[0] = state[slots[i]]
        s = scratch[0]
        t = min(time[i], LAST) if time[i] > s.clock else s.clock
        hour = np.int32(np.floor(t / HOUR))
        if s.n == 0:
            s.clock = t
            s.since = t
            s.hour = hour
            for k in range(2):
                s.spread[k] = law.spread[k]
        elif hour > s.hour:
            _close(s, hour, until, law, grant)
        passed = _integral(t, until, law.season) - _integral(s.clock, until, law.season)
        s.clock = t
        s.n += 1
        for k in range(2):
            rate = _rate(s, k, law, grant.caution)
            value[i, k] = _accumulate(s.evidence[k], weight[i, k], rate * passed, s.spread[k])
            s.peak[k] = max(s.peak[k], s.evidence[k].max())
            s.count[k] += weight[i, k]
            seen[i, k, 0] = s.count[k]
            seen[i, k, 1] = rate * law.season[hour % 24] * HOUR
            seen[i, k, 2] = _rate(s, k, law, 0.0) * law.season[hour % 24] * HOUR
        if trusted[i]:
            state[slots[i]] = scratch[0]


@compiled
def _accumulate(evidence: Array, sent: Any, expected: Any, spread: Any) -> Any:
    """One record of weight ``sent`` after ``expected``; returns log mean exp of the alternatives' evidence, nats."""
    best = 0.0
    for j in range(len(THETAS)):
        w = max(evidence[j] - (THETAS[j] - 1.0) * expected, 0.0) + sent * LOGS[j]
        evidence[j] = min(w, MOST)
        best = max(best, evidence[j])
    total = 0.0
    for j in range(len(THETAS)):
        total += np.exp((evidence[j] - best) / spread)
    return best / spread + np.log(total / len(THETAS))


@compiled
def _rate(s: Any, k: int, law: Law, caution: float) -> Any:
    """Rate of the forecast, 1/s: mean of the gamma posterior and ``caution`` sd; clumps count once."""
    a = law.shape[k] + s.events[k] / s.spread[k]
    return (a + caution * np.sqrt(a)) / (law.mass[k] + s.mass / s.spread[k])


@compiled
def _integral(t: float, until: Array, season: Array) -> Any:
    """Season-weighted s since the epoch."""
    hour = np.floor(t / HOUR)
    day = np.floor(hour / 24.0)
    h = int(hour - 24.0 * day)
    return day * until[24] + until[h] + season[h] * (t - HOUR * hour)


@compiled
def _close(s: Any, hour: Any, until: Array, law: Law, grant: Patience) -> None:
    """Take the finished hour, and the silent ones after it, into a principal's history; a flood teaches little."""
    end = HOUR * (s.hour + 1)
    mass = _integral(end, until, law.season) - _integral(max(s.since, end - HOUR), until, law.season)
    rest = _integral(HOUR * hour, until, law.season) - _integral(end, until, law.season)
    silent = hour - s.hour - 1
    fade = grant.keep ** min(silent + 1, 100_000)
    for k in range(2):
        upper = mass * _rate(s, k, law, grant.caution)
        mean = _rate(s, k, law, 0.0)
        count = min(s.count[k], 4.0 * (upper + 3.0 * np.sqrt(s.spread[k] * upper)))
        idle = mean * rest
        s.square[k] = fade * (s.square[k] + (count - mean * mass) ** 2) + (idle * idle / silent if silent > 0 else 0.0)
        s.usual[k] = fade * (s.usual[k] + mean * mass) + idle
        s.events[k] = fade * (s.events[k] + count)
        s.count[k] = 0.0
        if hour // 24 > s.hour // 24:
            own = (grant.prior * law.spread[k] + s.square[k]) / (grant.prior + s.usual[k])
            s.habit[k] = max(FORGOTTEN * s.habit[k], min(s.peak[k], LEAP * max(s.habit[k], USUAL * s.spread[k])))
            s.peak[k] = 0.0
            s.spread[k] = max(own, s.habit[k] / USUAL, 1.0)
    s.mass = fade * (s.mass + mass) + rest
    s.hour = hour
