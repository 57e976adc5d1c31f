"""A partition's clock: record time that moves forward, and that one liar cannot move."""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles
from schemas.compiled import compiled

LEAP = 3600.0  # s ahead of the clock that one record is believed
WITNESSES = 8  # records in a row that must agree on a larger leap

state = np.dtype([("now", "f8"), ("ahead", "f8"), ("count", "i8")], align=True)


@compiled
def tick(time: Doubles, clock: Any) -> Doubles:
    """Clock after each record: (N,) s.

    The clock is the largest record time so far, but a record more than ``LEAP`` ahead moves it only when
    ``WITNESSES`` such records come in a row (a night without traffic); then it moves to the earliest of them. A
    payload's time may be the attacker's: one record from the year 2200 must not end every epoch.

    Parameters
    ----------
    time : (N,) s since the epoch
    clock : (1,) structured :data:`state`, updated; zeros before the first record
    """
    out = np.empty(len(time))
    c = clock[0]
    for i in range(len(time)):
        t = time[i]
        if c.now == 0.0:
            c.now = t
        elif t > c.now + LEAP:
            c.ahead = t if c.count == 0 else min(c.ahead, t)
            c.count += 1
            if c.count >= WITNESSES:
                c.now = c.ahead
                c.count = 0
        else:
            c.count = 0
            c.now = max(c.now, t)
        out[i] = c.now
    return out


def new() -> npt.NDArray[np.void]:
    """A clock that has not ticked."""
    return np.zeros(1, state)
