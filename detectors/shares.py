"""Shares: which part of a budget a partition has, and what it hands over and accounts for when an epoch ends.

The budget is the model version's, while each partition pays by itself. So a partition's meters are open for as much of
it as it has of the principals: of the burn-in's at first, later of those judged in the epoch that has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from detectors import scorer
from detectors.api import Detector
from detectors.gates import conformal, payment
from detectors.gates.ledger import entry
from detectors.gates.trajectories import KEPT
from detectors.identities import identities
from detectors.plan import Plan
from detectors.settlement import Settlement, pack_peaks
from detectors.state import KeyTable

LEAST = 0.5  # principals that a partition without any is given a budget for
Meters = dict[str, payment.Meter]
"""What is paid, by detector."""


def opened(settled: Settlement, population: int) -> Meters:
    """Meters of a partition that had so many of the burn-in's principals."""
    share = max(LEAST, population) / max(1, settled.principals)
    return {
        name: payment.opened(budget=curve.budget * share, forecast=curve.forecast * share)
        for name, curve in settled.calibration.curves.items()
    }


def reopen(meters: Meters, settled: Settlement, ended: Mapping[str, conformal.Peaks]) -> None:
    """Give meters their share of a later settlement's budget, by who was judged in the epoch that has ended."""
    judged = max((len(made.peak) for made in ended.values()), default=0)
    share = max(LEAST, judged) / max(1, settled.principals)
    for name, meter in meters.items():
        meter["budget"] = settled.calibration.curves[name].budget * share


def peaks(detectors: Mapping[str, Detector], table: KeyTable, epoch: int) -> dict[str, conformal.Peaks]:
    """Peaks of all principals that were judged in an epoch, by detector."""
    used = np.sort(np.fromiter(table.slot_of.values(), np.int64, len(table)))
    return {
        n: conformal.peaks(table[scorer.GATE + n], used, epoch)
        for n, d in detectors.items()
        if d.spec.gate == "conformal"
    }


def handed_over(
    ended: Mapping[str, conformal.Peaks], meters: Meters, keys: Sequence[str | None], plan: Plan, models: int
) -> bytes:
    """The largest peaks of an epoch for the next settlement, their principals numbered, and what was paid.

    Parameters
    ----------
    keys : the principal in each slot
    models : model versions that share the budget
    """
    largest = {name: made.largest(KEPT) for name, made in ended.items()}
    for name, made in largest.items():
        numbers = identities(keys, made.who.astype(np.int64) - 1, plan.secret)
        largest[name] = made._replace(who=numbers)
    paid = {n: float(meters[n]["paid"][0]) for n in ended if n in meters}
    return pack_peaks(largest, {n: made.counts() for n, made in ended.items()}, paid, models)


def ledger(meters: Meters, settled: Settlement, plan: Plan, epoch: int, start: float) -> list[dict[str, Any]]:
    """What an ended epoch promised and paid, and how far off its thresholds may be in words, a row a detector.

    ``start`` is the epoch's, s.
    """
    fixed = {"start": start, "seconds": plan.epoch, "calibration": settled.calibration.id}
    curves = settled.calibration.curves
    return [
        {**fixed, **asdict(entry(meter, detector=name, epoch=epoch)), "note": curves[name].coverage}
        for name, meter in meters.items()
    ]
