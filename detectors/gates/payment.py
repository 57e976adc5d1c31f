"""Paying the false-alert budget: how much of an epoch's budget each unit of traffic gets, whatever the volume.

A unit is a principal's first judged record of the epoch (conformal gate) or a judged record (budget gate). The n-th
unit of an epoch with budget b and forecast V (rounded up, at least 1) pays

    w_n = h b / V                      n <= V
    w_n = (1 - h) b V / (n (n - 1))    n >  V          with h = 0.95

so that after N units the sum is h b N / V for N <= V and, telescoping, b (1 - (1 - h) V / N) beyond: strictly below
b for every N and V, so no forecast need be right. On a day of eightfold volume the unit at n = x V pays a share
(1 - h) / h / x^2 of what the first V paid: its alarm needs 2.9 (x = 1) to 7.1 (x = 8) nats more evidence, 6 on the
average over that day. Payments depend only on which units came before: they are predictable, as the theorems ask.

Two lanes, returning principals and newcomers, split b in the proportion of their V and count apart, each by the
rule above: a flood of newcomers can only use up what newcomers get, and blinds nobody to a known principal. After an
epoch each lane's forecast follows its volume: half the way up, at most doubling, a seventh of the way down (a weekend
is no reason to forget the week). How many newcomers a day has is as uncertain as a count is, and attackers are among
the last of them as often as among the first: their V is the forecast and one and a half of its roots.

A day on which everybody is louder (a drift, a release, a holiday) is noticed while it lasts, by principals that have
been there for a week or since the burn-in: of K of them judged today L were above what a tenth should exceed. Where L
is more than on other days (U, a weekly mean without days of a change, a tenth at least), all need evidence that is
rarer by

    r = (L + 3) / (1.3 U K + 3)

which is what restores the level where tails are exponential. Who alerts pays as before, so nothing is spent twice; a
few loud accounts move nothing, and newcomers are not counted.

References
----------
Gibbs, Candes, Adaptive conformal inference under distribution shift, 2021, arXiv:2106.00170 (levels that follow).
Foster, Stine, alpha-investing, JRSS-B 2008, doi:10.1111/j.1467-9868.2007.00643.x (spending a budget predictably).
"""

from typing import Any

import numpy as np

from detectors.gates.changed import anew, fields, ratio
from schemas.batch import Doubles
from schemas.compiled import compiled

HEAD = 0.95  # share of the budget spread evenly over the forecast volume
USUALLY = 0.9  # share of it that a day as forecast pays: a little of HEAD waits for more newcomers
MORE = 1.5  # roots of the newcomers' forecast by which more of them may come
RISE, FALL = 0.5, 1 / 7  # how far the forecast moves to the volume of the epoch that ended
NEW = 0.25  # share of newcomers until one epoch has shown it
RETURNING, NEWCOMER = 0, 1

meter = np.dtype(
    [
        ("epoch", "i8"),
        ("units", "i8"),
        ("alerts", "i8"),
        ("budget", "f8"),
        ("paid", "f8"),
        ("count", "i8", 2),
        ("forecast", "f8", 2),
        ("known", "i8"),
        ("loud", "i8"),
        ("usual", "f8"),
        *fields,
    ],
    align=True,
)
"""One detector and partition: the epoch; its units, alerts, budget and payments; by lane units and forecast; of those
known how many were judged and how many were loud, and the share that usually is; what :mod:`detectors.gates.changed`
keeps."""
Meter = np.ndarray[tuple[int], np.dtype[np.void]]


def opened(*, budget: float, forecast: float, newcomers: float = NEW) -> Meter:
    """A meter that has paid nothing: (1,) structured :data:`meter`; its ``epoch`` is shifted by one, 0 is none.

    Parameters
    ----------
    budget : false alerts per epoch that this detector may cause on this partition
    forecast : units expected per epoch
    newcomers : share of them expected from principals never seen before, in [0, 1]
    """
    if not (np.isfinite(budget) and budget >= 0.0 and np.isfinite(forecast) and forecast >= 0.0):
        raise ValueError(f"budget {budget} and forecast {forecast} must be finite and not negative")
    if not 0.0 <= newcomers <= 1.0:
        raise ValueError(f"the share of newcomers is {newcomers}, must be in [0, 1]")
    made = np.zeros(1, meter)
    made["budget"] = budget
    made["forecast"] = forecast * np.array([1.0 - newcomers, newcomers])
    return made


def spent(units: int, forecast: float) -> float:
    """Share of a lane's budget that its first ``units`` of an epoch pay, in [0, 1): the closed form of the sum."""
    volume = max(1.0, np.ceil(forecast))
    return float(HEAD * units / volume if units <= volume else 1.0 - (1.0 - HEAD) * volume / units)


@compiled
def enter(m: Any, epoch: int) -> None:
    """Begin an epoch on a meter's row: forecasts follow the volume; what was not spent is not carried over."""
    for lane in range(2):
        seen, forecast = float(m.count[lane]), m.forecast[lane]
        if m.epoch > 0:
            pace = RISE if seen > forecast else FALL
            m.forecast[lane] = min(forecast + pace * (seen - forecast), 2.0 * max(forecast, 1.0))
        m.count[lane] = 0
    if m.known > 0 and m.changed == 0:
        share = m.loud / m.known
        m.usual += FALL * (share - m.usual) if m.usual > 0.0 else share
    m.known = 0
    m.loud = 0
    if m.changed > 0:
        m.changed -= 1
        anew(m)
    m.epoch = epoch
    m.units = 0
    m.alerts = 0
    m.paid = 0.0


@compiled
def pay(m: Any, lane: int) -> float:
    """What the next unit of a lane pays; never more than is left, also when the budget was lowered within the epoch."""
    m.units += 1
    m.count[lane] += 1
    n = float(m.count[lane])
    returning = max(1.0, np.ceil(m.forecast[RETURNING]))
    newcomers = max(1.0, np.ceil(m.forecast[NEWCOMER] + MORE * np.sqrt(m.forecast[NEWCOMER])))
    volume, both = newcomers if lane == NEWCOMER else returning, returning + newcomers
    share = HEAD / both if n <= volume else (1.0 - HEAD) * volume * volume / (both * n * (n - 1.0))
    w: float = max(0.0, min(share * m.budget, m.budget - m.paid))
    m.paid += w
    return w


@compiled
def louder(m: Any) -> float:
    """How many times rarer evidence must be today than on other days, at least 1."""
    r: float = max(1.0, ratio(m.loud, m.known, m.usual))
    return r


@compiled
def payments(lanes: Any, made: Meter) -> Doubles:
    """What units of an epoch pay, in order: (N,) false alerts, for lanes (N,) and a (1,) meter, updated."""
    out = np.empty(len(lanes))
    for i in range(len(lanes)):
        out[i] = pay(made[0], lanes[i])
    return out
