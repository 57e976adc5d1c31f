"""The gate of peers: the same as that of tidegate's conformal detectors, for one detector that has the whole budget.

What a principal's score reaches on a day of the burn-in is the null. Each later day every principal pays its share of
the budget, which fixes its threshold, and thresholds follow what later days show.
"""

import numpy as np

from detectors.gates import calibration, conformal, payment
from detectors.gates.trajectories import Trajectories
from detectors.gates.weeks import Ids
from detectors.peers.api import Traffic
from detectors.plan import Plan
from schemas.batch import Doubles, Integers

NAME = "peer"


def epochs(time: Doubles, plan: Plan) -> Integers:
    """Epoch (N,) of each record from 1, never falling; time (N,) s begins with the log's first record."""
    passed = np.maximum.accumulate(time) - time[0] if len(time) else time
    return (passed // plan.epoch).astype(np.int64) + 1


def burn_in(time: Doubles, plan: Plan) -> int:
    """How many of the records, time (N,) s, belong to the burn-in."""
    return int(np.searchsorted(np.maximum.accumulate(time), time[0] + plan.burn_in)) if len(time) else 0


def crossings(rows: Traffic, scores: Doubles, plan: Plan) -> Integers:
    """Index of the records (a,) that raise an alert: N records in order with scores (N,), the burn-in's first."""
    clean, epoch = burn_in(rows.time, plan), epochs(rows.time, plan)
    scaled = _scaled(rows, scores, clean, epoch)
    history, state = Trajectories(), np.zeros(int(rows.principal.max(initial=-1)) + 1, conformal.state)
    first = int(epoch[clean - 1]) if clean else 0
    for number in range(1, first + 1):
        who, peak = _peaks(rows, scaled, np.flatnonzero(epoch[:clean] == number))
        history.add(NAME, epoch=number, peak=peak, who=who)
    conformal.acquaint(state, np.unique(rows.principal[:clean]))
    curve = _fitted(history, "frozen", first, plan)
    meter = payment.opened(budget=curve.budget, forecast=curve.forecast)
    found = []
    for number in np.unique(epoch[clean:]).tolist():
        at = clean + np.flatnonzero(epoch[clean:] == number)
        made = conformal.cross(
            rows.principal[at],
            np.full(len(at), number),
            scaled[at],
            alphas=curve.alphas,
            thresholds=curve.thresholds,
            newcomers=curve.newcomers,
            rows=state,
            meter=meter,
        )
        found.append(at[made.rows])
        seen = conformal.peaks(state, np.unique(rows.principal[at]), number)
        history.add(NAME, epoch=number, paid=float(meter["paid"][0]), **seen._asdict())
        curve = _fitted(history, "rolling", number, plan)
    return np.concatenate([np.zeros(0, np.int64), *found])


def _fitted(history: Trajectories, kind: str, epoch: int, plan: Plan) -> calibration.Curve:
    budgets = {NAME: plan.alerts_per_day * plan.epoch / 86_400.0}
    return calibration.fit(history, model="", version="", kind=kind, epoch=epoch, budgets=budgets).curves[NAME]


def _peaks(rows: Traffic, scores: Doubles, at: Integers) -> tuple[Ids, Doubles]:
    """Numbers of principals, as the gate gives them, and the largest score of each among some records."""
    top = np.full(int(rows.principal.max(initial=-1)) + 1, -np.inf)
    np.fmax.at(top, rows.principal[at], scores[at])
    reached = np.flatnonzero(np.isfinite(top))
    return reached.astype(np.uint64) + np.uint64(1), top[reached]


def _scaled(rows: Traffic, scores: Doubles, clean: int, epoch: Integers) -> Doubles:
    """Scores in standard deviations of the burn-in's peaks, the unit that tails are extrapolated in."""
    peaks = [_peaks(rows, scores, np.flatnonzero(epoch[:clean] == e))[1] for e in np.unique(epoch[:clean]).tolist()]
    held = np.concatenate([np.zeros(0), *peaks])
    if not len(held):
        return scores
    made: Doubles = (scores - held.mean()) / (held.std() or 1.0)
    return made
