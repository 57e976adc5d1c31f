"""Paying the false-alert budget: how much of an epoch's budget each unit of traffic gets, whatever the volume.

A unit is a principal's first judged record of the epoch (conformal gate) or a judged record (budget gate). The n-th
unit of an epoch with budget b and forecast V (rounded up, at least 1) pays

    w_n = h b / V                      n <= V
    w_n = (1 - h) b V / (n (n - 1))    n >  V          with h = 0.8

so that after N units the sum is h b N / V for N <= V and, telescoping, b (1 - (1 - h) V / N) beyond: strictly below
b for every N, though no forecast need be right. On a day of eightfold volume unit n = x V > V pays a share
(1 - h) / h / x^2 of what the first V paid: its alarm needs 1.4 (x = 1) to 5.5 (x = 8) nats more evidence. Payments
depend only on how many units came before; they are predictable, as the gates' theorems ask.

References
----------
Aharoni and Rosset, Generalized alpha-investing, JRSS-B 2014, doi:10.1111/rssb.12048 (predictable spending).
"""

from typing import Any

import numpy as np

from detectors.compiled import compiled
from schemas.batch import Doubles

HEAD = 0.8  # share of the budget spread evenly over the forecast volume
MEMORY = 7.0  # epochs over which the forecast follows the volume

meter = np.dtype(
    [("epoch", "i8"), ("units", "i8"), ("alerts", "i8"), ("forecast", "f8"), ("budget", "f8"), ("paid", "f8")],
    align=True,
)
Meter = np.ndarray[tuple[int], np.dtype[np.void]]


def opened(*, budget: float, forecast: float) -> Meter:
    """A meter that has paid nothing: (1,) structured :data:`meter`.

    Parameters
    ----------
    budget : false alerts per epoch that this detector may cause on this partition
    forecast : units expected per epoch
    """
    if not (np.isfinite(budget) and budget >= 0.0 and np.isfinite(forecast) and forecast >= 0.0):
        raise ValueError(f"budget {budget} and forecast {forecast} must be finite and not negative")
    made = np.zeros(1, meter)
    made["budget"], made["forecast"] = budget, forecast
    return made


def spent(units: int, forecast: float) -> float:
    """Share of the budget that the first ``units`` of an epoch pay, in [0, 1): the closed form of the sum."""
    volume = max(1.0, np.ceil(forecast))
    return float(HEAD * units / volume if units <= volume else 1.0 - (1.0 - HEAD) * volume / units)


@compiled
def enter(m: Any, epoch: int) -> None:
    """Begin ``epoch`` (shifted by one; 0 is never) on a meter's row; what was not spent is not carried over.

    The forecast moves a seventh of the way to the volume of the epoch that ends, and at most doubles.
    """
    if m.epoch > 0:
        m.forecast = min(m.forecast + (m.units - m.forecast) / MEMORY, 2.0 * max(m.forecast, 1.0))
    m.epoch = epoch
    m.units = 0
    m.alerts = 0
    m.paid = 0.0


@compiled
def pay(m: Any) -> float:
    """What the next unit pays; never more than is left, also when budget or forecast changed within the epoch."""
    m.units += 1
    n = float(m.units)
    volume = max(1.0, np.ceil(m.forecast))
    share = HEAD / volume if n <= volume else (1.0 - HEAD) * volume / (n * (n - 1.0))
    w: float = max(0.0, min(share * m.budget, m.budget - m.paid))
    m.paid += w
    return w


def payments(units: int, *, budget: float, forecast: float) -> Doubles:
    """What each of the first ``units`` of an epoch pays: (units,) false alerts."""
    m = opened(budget=budget, forecast=forecast)
    return _payments(units, m)


@compiled
def _payments(units: int, m: Meter) -> Doubles:
    out = np.empty(units)
    for i in range(units):
        out[i] = pay(m[0])
    return out
