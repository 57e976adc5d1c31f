"""Crossings: which rows raise an alert: they cross a gate, or show that something is wrong with the whole model."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from detectors import scorer
from detectors.api import Detector
from detectors.findings import Finder, Raised
from detectors.gates import budget, conformal
from detectors.gates.calibration import Curve
from detectors.gates.payment import Meter
from detectors.state import KeyTable, Slots
from schemas.alert import Verdict
from schemas.batch import Doubles, Flags, Integers

INPUTS = frozenset({"profile", "features", "numbers", "probabilities"})  # needs of detectors that a change misleads


def raised(
    detectors: Mapping[str, Detector],
    scored: scorer.Scored,
    slots: Slots,
    epochs: Integers,
    table: KeyTable,
    meters: Mapping[str, Meter],
    curves: Mapping[str, Curve],
    moved: Flags,
) -> tuple[list[Raised], Flags]:
    """Rows of N that raise an alert, in order, and at which rows what everybody sends has changed, (N,).

    So it has where the population ``moved``, (N,), and where a fault of the whole model shows. From there on detectors
    of inputs and answers are held to what everybody shows (:mod:`detectors.gates.changed`).
    """
    found = []
    for name, scores in scored.scores.items():
        if isinstance(finder := detectors[name], Finder):
            found += [Raised(row, name, 0.0, 0.0, said) for row, said in finder.findings(scored.columns, scores)]
    changes = moved.copy()
    changes[[one.row for one in found if one.said and one.said.verdict == Verdict.FAULT]] = True
    for name, scores in scored.scores.items():
        curve, meter = curves.get(name), meters.get(name)
        if curve is not None and meter is not None:
            at = changes if detectors[name].spec.needs & INPUTS else np.zeros_like(changes)
            crossed = _crossed(
                detectors[name], scores.value, slots, epochs, table[scorer.GATE + name], meter, curve, at
            )
            found += [Raised(int(i), name, float(paid), float(t), None) for i, paid, t in zip(*crossed, strict=True)]
    return sorted(found, key=lambda one: (one.row, one.name)), changes


def _crossed(
    detector: Detector,
    values: Doubles,
    slots: Slots,
    epochs: Integers,
    rows: npt.NDArray[np.void],
    meter: Meter,
    curve: Curve,
    changes: Flags,
) -> conformal.Crossings:
    if detector.spec.gate == "budget":
        return budget.cross(slots, epochs, values, rows=rows, meter=meter)
    return conformal.cross(
        slots, epochs, values,
        alphas=curve.alphas, thresholds=curve.thresholds, newcomers=curve.newcomers, rows=rows, meter=meter,
        changes=changes,
    )  # fmt: skip
