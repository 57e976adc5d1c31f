"""Ledger: what each epoch promised and paid for a detector, and whether the alerts keep to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from detectors.gates import interval
from detectors.gates.payment import Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One epoch of one detector on one partition.

    Attributes
    ----------
    promised : false alerts that the epoch may cause on average
    paid : false alerts paid for, at most ``promised``
    units : principals (conformal gate) or records (budget gate) that were paid for
    alerts : raised, true and false
    """

    epoch: int
    detector: str
    promised: float
    paid: float
    units: int
    alerts: int


def entry(meter: Meter, *, detector: str, epoch: int) -> Entry:
    """The entry of an epoch; nothing was paid if the (1,) meter saw no unit in it."""
    m = meter[0]
    if m["epoch"] != epoch + 1:
        return Entry(epoch=epoch, detector=detector, promised=float(m["budget"]), paid=0.0, units=0, alerts=0)
    return Entry(
        epoch=epoch,
        detector=detector,
        promised=float(m["budget"]),
        paid=float(m["paid"]),
        units=int(m["units"]),
        alerts=int(m["alerts"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Sums over entries; ``low`` to ``high`` is where the mean of the false alerts lies (90 %).

    ``kept`` says that this does not contradict the promise.
    """

    promised: float
    paid: float
    false: int
    low: float
    high: float
    kept: bool


def audit(entries: Iterable[Entry], *, false: int) -> Audit:
    """Promise against what triage found: broken where more was surely false than was promised.

    Parameters
    ----------
    false : alerts found to be false; all alerts, for traffic known to be benign
    """
    entries = list(entries)
    paid = sum(e.paid for e in entries)
    low, high = interval.poisson(false)
    promised = sum(e.promised for e in entries)
    return Audit(promised=promised, paid=paid, false=false, low=low, high=high, kept=low <= promised)
