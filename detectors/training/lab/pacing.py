"""Pacing: how fast an attacker's records come, and from how many accounts.

A pacing says how fast; a clock says in which rhythm. Clocks are those of the customers, and one more for tools that
wait for each answer. Both are drawn apart, so that time alone gives nobody away.
"""

from dataclasses import dataclass, replace

import numpy as np

from detectors.training.lab.customers.rhythms import RHYTHMS
from detectors.training.lab.customers.tasks import tasks
from detectors.training.lab.types import DAY, Generator, Place
from schemas.batch import Doubles, Integers

PACINGS = ("fast", "human", "slow", "sybil", "stolen", "diluted")
WAITING = "waiting"  # a tool asks, waits for the answer, computes, and asks again
CLOCKS = (*RHYTHMS, WAITING)
HUMAN = ("desk", "leisure", "night", "diurnal", "offline")
_SUITED = {
    "hasty": (WAITING, "constant", "poisson"),
    "fast": (WAITING, WAITING, "constant", "poisson", "script", "parallel", "cron"),
    "human": HUMAN,
    "slow": CLOCKS,
}


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
    clock: str


def schedule(n: int, pacing: str, place: Place, clock: str | None = None, *, hasty: bool = False) -> Schedule:
    """Lay out ``n`` records between the start and the end of ``place``.

    Parameters
    ----------
    pacing : one of ``PACINGS``; what ``stolen`` and ``diluted`` hide in is not laid out here, they may be any speed
    clock : one of ``CLOCKS``; None draws one that suits the pacing
    hasty : whether all of it comes as fast as it can
    """
    rng, speed = place.rng, pacing
    if pacing in ("stolen", "diluted", "sybil"):
        speed = str(rng.choice(["fast", "human", "slow"], p=[0.3, 0.4, 0.3]))
    speed, clock = ("hasty", None) if hasty else (speed, clock)
    rhythm = clock or str(rng.choice(_SUITED[speed]))
    if pacing != "sybil":
        return Schedule(laid_out(n, speed, rhythm, place), np.zeros(n, np.int64), rhythm)
    account = _accounts(n, rng)
    if rng.random() < 0.5:
        return Schedule(laid_out(n, speed, rhythm, place), account, rhythm)
    time = np.empty(n)
    for one in np.unique(account):
        mine = np.flatnonzero(account == one)
        time[mine] = laid_out(len(mine), speed, rhythm, place)
    return Schedule(time, account, rhythm)


def _accounts(n: int, rng: Generator) -> Integers:
    """Deal n records to 5 to 40 accounts: in turns, at random, or piece by piece."""
    count = min(int(rng.integers(5, 41)), max(2, n // 3))
    deal = rng.integers(3)
    if deal == 0:
        return np.asarray(np.arange(n) % count)
    if deal == 1:
        return np.asarray(rng.choice(count, n, p=rng.dirichlet(np.full(count, 3.0))))
    return np.asarray(np.arange(n) * count // max(n, 1))


def laid_out(n: int, speed: str, clock: str, place: Place) -> Doubles:
    """Times (n,) of one account, rising: as long as that speed takes, somewhere within ``place``."""
    if not n:
        return np.empty(0)
    rng, room = place.rng, place.end - place.start
    if speed == "hasty":
        length = n * np.exp(rng.uniform(np.log(0.005), np.log(0.3)))
    elif speed == "fast":
        length = n * np.exp(rng.uniform(np.log(0.05), np.log(3.0)))
        if clock not in (WAITING, "constant", "poisson"):
            length = max(length, rng.uniform(0.05, 1.0) * DAY)
    elif speed == "human":
        length = max(n / rng.uniform(80, 700) * DAY, 20.0 * n)
    else:
        length = rng.uniform(0.5, 1.0) * room
    length = min(length, room)
    start = place.start + rng.uniform(0, room - length)
    if speed == "human":  # in whole days, so that there are days and nights in it
        length = min(np.ceil(length / DAY) * DAY, room)
        start = min(start, place.end - length)
    part = replace(place, start=start, end=start + length)
    if clock == WAITING:
        time = _waiting(n, part)
    else:
        time = RHYTHMS[clock](part, tasks(rng, n, float(np.exp(rng.uniform(np.log(4), np.log(80))))))
    return _within(time, part)


def _waiting(n: int, place: Place) -> Doubles:
    """Gaps of one length, give or take, with a longer one now and then while the tool computes."""
    rng = place.rng
    gaps = rng.lognormal(0, rng.uniform(0.01, 0.5), n)
    gaps += (rng.random(n) < rng.uniform(0, 0.05)) * rng.exponential(rng.uniform(2, 40), n)
    along = np.cumsum(gaps)
    return np.asarray(place.start + (place.end - place.start) * (along - along[0]) / along[-1])


def _within(time: Doubles, place: Place) -> Doubles:
    """Times (n,), rising, pressed together where they run over an end."""
    time = np.sort(time)
    first, last = min(float(time[0]), place.start), max(float(time[-1]), place.end)
    pressed = place.start + (time - first) * ((place.end - place.start) / (last - first))
    return np.clip(np.round(pressed, 3), place.start, np.nextafter(place.end, 0))
