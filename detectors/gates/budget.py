"""Budget gate: turns e-values into alerts whose expected number is at most what was paid.

For every key and record, with e >= 0, E[e | past] <= 1 while the key is benign, w a predictable payment and
0 < gamma <= 1,

    M <- (gamma M + w) e
    M >= 1: alert, M <- min(M - 1, 1/2)

Theorem: for keys that stay benign, E[alerts up to T] <= E[sum of w up to T] at every bounded stopping time T, under
any dependence between keys, detectors and records. Proof: every alert takes at least 1 from M, so M + alerts - sum of
w is a supermartingale that starts at 0, and M >= 0. A cap on M only lowers it; an alert left out (a key alerts at most
once an epoch) only lowers their number.

It is a Shiryaev-Roberts e-detector that is fed by payments: benign traffic cannot bank evidence against a later attack,
because w comes in with every record.

References
----------
Shin, Ramdas, Rinaldo, E-detectors, 2022, arXiv:2203.03532. SCORE, 2026, arXiv:2601.20386 (refund of the overshoot).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.gates.conformal import Crossings
from detectors.gates.payment import NEWCOMER, RETURNING, Meter, enter, pay
from schemas.batch import Doubles, Integers
from schemas.compiled import compiled

LARGEST = 1e100  # of an e-value: keeps the product finite, changes no alert
REFUND = 0.5  # largest evidence that is left after an alert

state = np.dtype([("first", "i8"), ("alerted", "i8"), ("evidence", "f8"), ("paid", "f8")], align=True)
Rows = npt.NDArray[np.void]


def cross(
    slots: Integers, epochs: Integers, values: Doubles, *, rows: Rows, meter: Meter, gamma: float = 1.0
) -> Crossings:
    """Rows whose e-value takes their key's evidence to 1, at most one a key and epoch.

    ``paid`` is what the key paid since its last alert; ``threshold`` is 1.

    Parameters
    ----------
    slots, epochs, values : (N,) the key's row, the epoch (never falling), the e-value (NaN: not judged, not paid)
    rows : (S,) structured :data:`state`, one a slot, updated
    meter : (1,) of :mod:`detectors.gates.payment`, updated
    gamma : what a key's evidence keeps from record to record, in (0, 1]
    """
    if not 0.0 < gamma <= 1.0:
        raise ValueError(f"gamma is {gamma}, must be in (0, 1]")
    at, paid = _cross(slots, epochs, values, rows, meter, gamma)
    return Crossings(at, paid, np.ones(len(at)))


@compiled
def _cross(
    slots: Integers, epochs: Integers, values: Doubles, rows: Any, meter: Any, gamma: float
) -> tuple[Integers, Doubles]:
    at = np.empty(len(slots), np.int64)
    total = np.empty(len(slots))
    n = 0
    m = meter[0]
    for i in range(len(slots)):
        e = values[i]
        if np.isnan(e):
            continue
        if epochs[i] + 1 > m.epoch:
            enter(m, epochs[i] + 1)
        row = rows[slots[i]]
        if row.first == 0:
            row.first = m.epoch
        w = pay(m, NEWCOMER if row.first == m.epoch else RETURNING)
        row.paid += w
        row.evidence = (gamma * row.evidence + w) * min(max(e, 0.0), LARGEST)
        if row.evidence >= 1.0:
            row.evidence = min(row.evidence - 1.0, REFUND)
            if row.alerted != m.epoch:
                row.alerted = m.epoch
                m.alerts += 1
                at[n] = i
                total[n] = row.paid
                n += 1
                row.paid = 0.0
    return at[:n].copy(), total[:n].copy()
