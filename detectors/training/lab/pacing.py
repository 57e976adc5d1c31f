"""Pacing: when an attacker's records come, from how many accounts, and what honest use they hide in.

A pacing says how fast; a clock says in which rhythm. Both are drawn apart, so that neither gives the other away.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from detectors.training.lab.types import DAY, HOUR, Generator
from schemas.batch import Doubles, Integers

Clock = Literal["constant", "poisson", "sessions", "bursts"]
PACINGS = ("fast", "human", "slow", "sybil", "stolen", "diluted")
CLOCKS: tuple[Clock, ...] = ("constant", "poisson", "sessions", "bursts")


@dataclass(frozen=True)
class Schedule:
    """When each of n records is sent, and by whom.

    Attributes
    ----------
    time : (n,) s since the world's start; rising for each account
    account : (n,) number of the account, from 0
    """

    time: Doubles
    account: Integers
    clock: Clock


def schedule(n: int, pacing: str, rng: Generator, begin: float, end: float, clock: Clock | None = None) -> Schedule:
    """Lay out ``n`` records between ``begin`` and ``end`` (s).

    Parameters
    ----------
    pacing : one of ``PACINGS``; what ``stolen`` and ``diluted`` hide in is not laid out here, they may be any speed
    clock : None draws one that suits the pacing
    """
    speed = pacing
    if pacing in ("stolen", "diluted", "sybil"):
        speed = str(rng.choice(["fast", "human", "slow"], p=[0.3, 0.4, 0.3]))
    suited: tuple[Clock, ...] = ("sessions", "sessions", "poisson") if speed == "human" else CLOCKS
    rhythm = clock or suited[int(rng.integers(len(suited)))]
    if pacing != "sybil":
        return Schedule(laid_out(n, speed, rhythm, rng, begin, end), np.zeros(n, np.int64), rhythm)
    return _accounts(n, speed, rhythm, rng, begin, end)


def laid_out(n: int, speed: str, clock: Clock, rng: Generator, begin: float, end: float) -> Doubles:
    """Times (n,) of one account, rising: as long as that speed takes, somewhere between ``begin`` and ``end``."""
    if not n:
        return np.empty(0)
    room = end - begin
    if speed == "fast":
        length = n * np.exp(rng.uniform(np.log(0.05), np.log(3.0)))
    elif speed == "human":
        length = max(n / rng.uniform(80, 700) * DAY, 20 * n)
    else:
        length = rng.uniform(0.5, 1.0) * room
    length = min(length, room)
    start = begin + rng.uniform(0, room - length)
    if speed == "human" and length < 12 * HOUR:
        start = _waking(start, begin, end - length)
    return _CLOCKS[clock](n, rng, start, start + length, daily=speed == "human" or bool(rng.random() < 0.4))


def _waking(start: float, low: float, high: float) -> float:
    """The same day at a time when people are awake, if there is room for it."""
    hour = start % DAY / HOUR
    moved = start + max(0.0, 8 - hour) * HOUR - max(0.0, hour - 20) * HOUR
    return float(np.clip(moved, low, max(low, high)))


def _accounts(n: int, speed: str, clock: Clock, rng: Generator, begin: float, end: float) -> Schedule:
    """Deal records to 5 to 40 accounts in turns, at random or in pieces; all at once, or each at its own time."""
    count = int(min(rng.integers(5, 41), max(2, n // 3)))
    deal = rng.integers(3)
    if deal == 0:
        account = np.arange(n) % count
    elif deal == 1:
        account = rng.choice(count, n, p=rng.dirichlet(np.full(count, 3.0)))
    else:
        account = np.arange(n) * count // max(n, 1)
    if rng.random() < 0.6:
        return Schedule(laid_out(n, speed, clock, rng, begin, end), account, clock)
    time = np.empty(n)
    for one in range(count):
        mine = np.flatnonzero(account == one)
        time[mine] = laid_out(len(mine), speed, clock, rng, begin, end)
    return Schedule(time, account, clock)


def _constant(n: int, rng: Generator, start: float, end: float, *, daily: bool) -> Doubles:
    """The same gap again and again, give or take a little."""
    del daily
    gap = (end - start) / n
    jitter = rng.choice([0.0, 0.02, 0.2]) * gap
    return np.sort(np.clip(start + gap * np.arange(n) + rng.uniform(-jitter, jitter, n), start, end))


def _poisson(n: int, rng: Generator, start: float, end: float, *, daily: bool) -> Doubles:
    """Independent times, by day more than by night if ``daily``."""
    return np.sort(_drawn(n, rng, start, end, daily=daily))


def _sessions(n: int, rng: Generator, start: float, end: float, *, daily: bool) -> Doubles:
    """Sittings of a few to a hundred records with breaks between them."""
    sizes = []
    usual = float(np.exp(rng.uniform(np.log(4), np.log(60))))
    while sum(sizes) < n:
        sizes.append(1 + int(rng.geometric(1 / usual)))
    sizes[-1] -= sum(sizes) - n
    begins = np.sort(_drawn(len(sizes), rng, start, end, daily=daily))
    typical = float(np.exp(rng.uniform(np.log(1.5), np.log(40))))
    # Sittings of one account are shortened until they fit into the time there is.
    typical = min(typical, 0.5 * (end - start) / n)
    times = [
        begin + np.cumsum(typical * rng.lognormal(0, 0.9, size)) - typical
        for begin, size in zip(begins, sizes, strict=True)
    ]
    return _within(np.concatenate(times), start, end)


def _bursts(n: int, rng: Generator, start: float, end: float, *, daily: bool) -> Doubles:
    """Batches that are sent at once, with a pause while the next is computed."""
    size = int(rng.integers(8, 129))
    begins = np.sort(_drawn(-(-n // size), rng, start, end, daily=daily))
    within = np.cumsum(rng.exponential(min(0.1, 0.3 * (end - start) / n), n))
    return _within(np.repeat(begins, size)[:n] + within - within[0], start, end)


def _within(times: Doubles, start: float, end: float) -> Doubles:
    """Times (n,), rising, pressed together if they run over the end."""
    times = np.sort(times)
    last = max(float(times[-1]), end)
    return start + (times - start) * ((end - start) / (last - start))


def _drawn(n: int, rng: Generator, start: float, end: float, *, daily: bool) -> Doubles:
    """Times (n,) in any order; if ``daily`` and there is a day to choose from, few of them at night."""
    times = rng.uniform(start, end, n)
    if daily and end - start > 0.8 * DAY:
        peak = rng.uniform(10, 20)
        for _ in range(6):
            awake = 0.5 + 0.5 * np.cos((times % DAY / HOUR - peak) / 24 * 2 * np.pi)
            again = rng.random(n) > 0.05 + awake
            times[again] = rng.uniform(start, end, int(again.sum()))
    return np.asarray(times)


_CLOCKS = {"constant": _constant, "poisson": _poisson, "sessions": _sessions, "bursts": _bursts}
