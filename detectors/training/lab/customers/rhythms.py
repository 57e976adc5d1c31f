"""Rhythms: when a customer sends what it has to send. Any content may come in any of them.

What is only a habit of one generator must not look like a law, so every kind of customer has some usual rhythms, and
one in six keeps another.
"""

from collections.abc import Callable

import numpy as np

from detectors.training.lab.customers.tasks import ends
from detectors.training.lab.types import DAY, HOUR, Generator, Matrix, Place, Visit
from schemas.batch import Doubles, Integers

Rhythm = Callable[[Place, Integers], Doubles]  # tasks (n,) -> times (n,), in any order
UNUSUAL = 1 / 6  # of principals that keep a rhythm their kind does not


def sent(place: Place, x: Matrix, task: Integers, *usual: str) -> Visit:
    """Send inputs (n, F) of rising tasks (n,) in one of the usual rhythms, or for once in another."""
    name = place.rhythm or str(place.rng.choice(usual))
    if not place.rhythm and place.rng.random() < UNUSUAL:
        name = str(place.rng.choice(list(RHYTHMS)))
    return arranged(place, x, RHYTHMS[name](place, task))


def arranged(place: Place, x: Matrix, time: Doubles) -> Visit:
    """Put inputs in order of time, and leave out what would come too late; one at least is sent."""
    at = np.asarray(np.round(np.maximum(time, place.start), 3), np.float64)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < place.end]
    if not len(order):
        return Visit(np.array([place.start]), x[:1])
    return Visit(at[order], x[order])


def repaced(visit: Visit, rng: Generator, rhythm: str, days: int, since: float = 0.0) -> Visit:
    """Send the same, from ``since`` on in another rhythm: ``constant``, ``poisson`` or ``hourly``."""
    late = visit.time >= since
    if late.sum() < 2:
        return visit
    start = since if since > visit.time[0] else float(visit.time[0])
    end = min(days * DAY, float(visit.time[-1]) + 1.0)
    moved = np.sort(_PACES[rhythm](rng, int(late.sum()), start, max(end, start + 1.0)))
    return Visit(np.round(np.concatenate([visit.time[~late], moved]), 3), visit.features)


def spread(place: Place, task: Integers, starts: Doubles, gap: float, jitter: float) -> Doubles:
    """Times (n,) of tasks that start at (T,) and go on with lognormal gaps, ``gap`` s by the median.

    Whoever has too much to do is faster.
    """
    first, lengths = ends(task)
    gap = min(gap, 0.25 * (place.end - place.start) / len(task))
    gaps = gap * np.exp(place.rng.normal(0, jitter, len(task)))
    gaps[first] = 0
    along = np.cumsum(gaps)
    return np.asarray(np.repeat(starts - along[first], lengths) + along)


def one_by_one(place: Place, task: Integers, starts: Doubles, gap: float, jitter: float) -> Doubles:
    """The same, but no task begins before the last has ended."""
    first, lengths = ends(task)
    time = spread(place, task, starts, gap, jitter)
    before = np.append(0.0, np.cumsum(time[first + lengths - 1] - starts + gap)[:-1])
    pushed = np.maximum.accumulate(starts - before) + before
    return np.asarray(time + np.repeat(pushed - starts, lengths))


def hours(place: Place, count: int, hour: float, width: float, weekend: float) -> Doubles:
    """Starts (count,), rising, around an hour of the day, on weekends only ``weekend`` times as often."""
    first, last = int(place.start // DAY), max(int(place.start // DAY) + 1, int(np.ceil(place.end / DAY)))
    days = np.arange(first, last)
    often = np.where((days + place.weekday) % 7 >= 5, weekend, 1.0) + 1e-9
    day = place.rng.choice(days, count, p=often / often.sum())
    at = day * DAY + ((hour + place.rng.normal(0, width, count)) % 24) * HOUR
    outside = (at < place.start) | (at >= place.end)
    return np.sort(np.where(outside, place.rng.uniform(place.start, place.end, count), at))


def _desk(place: Place, task: Integers) -> Doubles:
    """Office hours, seconds to minutes between two."""
    starts = hours(place, _count(task), place.rng.normal(13, 2), place.rng.uniform(1, 3), place.rng.uniform(0, 0.3))
    return one_by_one(place, task, starts, 10 ** place.rng.uniform(0.5, 2.0), place.rng.uniform(0.4, 1.2))


def _leisure(place: Place, task: Integers) -> Doubles:
    """Evenings and weekends."""
    starts = hours(place, _count(task), place.rng.normal(20, 1.5), place.rng.uniform(1, 4), place.rng.uniform(1, 3))
    return one_by_one(place, task, starts, 10 ** place.rng.uniform(0.3, 1.8), place.rng.uniform(0.5, 1.3))


def _night(place: Place, task: Integers) -> Doubles:
    """Night shift, or another part of the world."""
    starts = hours(place, _count(task), place.rng.normal(2, 2), place.rng.uniform(1, 3), place.rng.uniform(0.3, 1.2))
    return one_by_one(place, task, starts, 10 ** place.rng.uniform(0.3, 2.0), place.rng.uniform(0.4, 1.2))


def _script(place: Place, task: Integers) -> Doubles:
    """Somebody starts a script now and then; it does not wait."""
    starts = hours(place, _count(task), place.rng.normal(14, 4), place.rng.uniform(2, 6), place.rng.uniform(0.1, 1))
    return one_by_one(place, task, starts, 10 ** place.rng.uniform(-2, 0.5), place.rng.uniform(0.02, 0.7))


def _cron(place: Place, task: Integers) -> Doubles:
    """At fixed hours, one to four of them a day; tasks queue up behind each other."""
    runs = np.sort(place.rng.uniform(0, DAY, int(place.rng.integers(1, 5))))
    days = np.arange(int(place.start // DAY), int(np.ceil(place.end / DAY)))
    at = (days[:, None] * DAY + runs).ravel()
    at = at[(at >= place.start) & (at < place.end)]
    at = at if len(at) else np.array([place.start])
    of = np.arange(_count(task)) * len(at) // _count(task)
    run = np.repeat(of, ends(task)[1])
    return spread(place, run, at[np.unique(of)], 10 ** place.rng.uniform(-2, 0.7), place.rng.uniform(0.02, 0.5))


def _hourly(place: Place, task: Integers) -> Doubles:
    """In bursts at the same minute of every hour."""
    return _bursts(place.rng, len(task), place.start, place.end)


def _constant(place: Place, task: Integers) -> Doubles:
    """One after the other at a fixed distance, day and night."""
    return _even(place.rng, len(task), place.start, place.end)


def _poisson(place: Place, task: Integers) -> Doubles:
    """At any time, tasks or not."""
    return np.sort(place.rng.uniform(place.start, place.end, len(task)))


def _diurnal(place: Place, task: Integers) -> Doubles:
    """As many users send: more by day, hardly any at night, never in sessions."""
    return hours(place, len(task), place.rng.normal(14, 2), place.rng.uniform(3, 6), place.rng.uniform(0.2, 1.2))


def _drip(place: Place, task: Integers) -> Doubles:
    """Slowly, with pauses of every length (heavy tails), for days."""
    gaps = place.rng.pareto(place.rng.uniform(0.8, 2.0), len(task)) + 0.01
    along = np.cumsum(gaps)
    return np.asarray(place.start + (place.end - place.start) * along / (along[-1] * place.rng.uniform(1.01, 1.3)))


def _offline(place: Place, task: Integers) -> Doubles:
    """A device that is often offline, and then sends all at once."""
    count = max(1, _count(task) // int(place.rng.integers(2, 8)))
    flush = np.arange(_count(task)) * count // _count(task)
    starts = hours(place, count, place.rng.normal(15, 4), 4.0, 1.0)
    return spread(place, np.repeat(flush, ends(task)[1]), starts, 10 ** place.rng.uniform(-1.5, 0), 0.6)


def _parallel(place: Place, task: Integers) -> Doubles:
    """Several workers at once, each on its own task, all of a day's work in one go."""
    tasks, workers = _count(task), int(place.rng.integers(2, 17))
    starts = hours(place, -(-tasks // workers), place.rng.uniform(0, 24), 3.0, 1.0)
    return spread(
        place, task, np.repeat(starts, workers)[:tasks], 10 ** place.rng.uniform(-1, 1), place.rng.uniform(0.1, 0.8)
    )


def _count(task: Integers) -> int:
    return len(ends(task)[0])


def _even(rng: Generator, n: int, start: float, end: float) -> Doubles:
    step = (end - start) / n
    return start + step * (np.arange(n) + rng.uniform(0, 0.9)) + step * rng.uniform(0, 0.05) * rng.random(n)


def _uniform(rng: Generator, n: int, start: float, end: float) -> Doubles:
    return rng.uniform(start, end, n)


def _bursts(rng: Generator, n: int, start: float, end: float) -> Doubles:
    minute, gap = rng.uniform(0, HOUR), 10 ** rng.uniform(-1, 0.7)
    at = np.arange(np.ceil((start - minute) / HOUR), np.ceil((end - minute) / HOUR)) * HOUR + minute
    at = at if len(at) else np.array([start])
    often = rng.dirichlet(np.full(len(at), rng.uniform(0.3, 3)))
    of = np.sort(rng.choice(len(at), n, p=often))
    rank = np.arange(n) - np.searchsorted(of, of)
    return np.asarray(np.minimum(at[of] + rank * gap * rng.uniform(0.7, 1.3, n), end - 0.001))


_PACES = {"constant": _even, "poisson": _uniform, "hourly": _bursts}
RHYTHMS: dict[str, Rhythm] = {
    "desk": _desk,
    "leisure": _leisure,
    "night": _night,
    "script": _script,
    "cron": _cron,
    "hourly": _hourly,
    "constant": _constant,
    "poisson": _poisson,
    "diurnal": _diurnal,
    "drip": _drip,
    "offline": _offline,
    "parallel": _parallel,
}
