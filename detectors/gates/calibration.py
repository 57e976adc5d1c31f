"""Calibration: per detector the peak that benign principals exceed with a given probability, frozen and versioned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from detectors.gates.tail import table
from detectors.gates.trajectories import Epoch, Trajectories
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Doubles

LEAST = 10  # principal-epochs without which nothing is fitted


@dataclass(frozen=True, slots=True)
class Curve:
    """Threshold of one detector as a function of the level alpha.

    Attributes
    ----------
    alphas, thresholds : (K,) levels, rising, and thresholds, falling, for the conformal gate; K = 0 for a budget gate
    forecast : units per epoch: judged principals (conformal) or records (budget)
    behind : principal-epochs that it was fitted from
    budget : false alerts per epoch promised
    extrapolated_below : levels under this one rest on an exponential tail, not on ranks
    coverage : the promise and what the true rate may be, in words
    """

    alphas: Doubles
    thresholds: Doubles
    forecast: float
    behind: int
    budget: float
    extrapolated_below: float
    coverage: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves of one model version. ``id`` is "c-" and 16 hex digits of its content's hash.

    Attributes
    ----------
    kind : ``factory`` (defaults, marked), ``frozen`` (the burn-in, never changes) or ``rolling`` (later epochs too)
    epoch : the last epoch that it knows of
    """

    id: str
    model: str
    version: str
    kind: str
    epoch: int
    curves: Mapping[str, Curve]

    def to_bytes(self) -> bytes:
        """Packed arrays; the same content gives the same bytes."""
        return _bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Calibration":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else, altered content included."""
        head, arrays = unpack(data)
        try:
            curves = {
                name: Curve(alphas=arrays[f"{name}.alphas"], thresholds=arrays[f"{name}.thresholds"], **fields)
                for name, fields in head["curves"].items()
            }
            made = _identified(cls("", head["model"], head["version"], head["kind"], int(head["epoch"]), curves))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Corrupt(f"not a calibration: {error}") from error
        if made.id != head.get("id"):
            raise Corrupt("a calibration's content does not match its id")
        return made


def _bytes(calibration: Calibration) -> bytes:
    arrays = {f"{n}.{k}": getattr(c, k) for n, c in calibration.curves.items() for k in ("alphas", "thresholds")}
    plain = ("forecast", "behind", "budget", "extrapolated_below", "coverage")
    curves = {n: {k: getattr(c, k) for k in plain} for n, c in calibration.curves.items()}
    head = {k: getattr(calibration, k) for k in ("id", "model", "version", "kind", "epoch")}
    return pack(head | {"curves": curves}, arrays)


def _identified(calibration: Calibration) -> Calibration:
    return replace(calibration, id="c-" + blake2b(_bytes(replace(calibration, id="")), digest_size=8).hexdigest())


def fit(
    history: Trajectories,
    *,
    model: str,
    version: str,
    kind: str,
    epoch: int,
    budgets: Mapping[str, float],
    volumes: Mapping[str, float] | None = None,
) -> Calibration:
    """A calibration from the peaks of past epochs.

    Parameters
    ----------
    history : peaks of the burn-in, for ``rolling`` also of later epochs
    budgets : by detector, false alerts per epoch, over all partitions
    volumes : by detector with a budget gate, judged records per epoch
    """
    curves = {name: _curve(history.epochs.get(name, []), budget) for name, budget in budgets.items()}
    for name, volume in (volumes or {}).items():
        curves[name] = Curve(
            np.zeros(0), np.zeros(0), volume, 0, budgets.get(name, 0.0), 0.0, "valid without calibration"
        )
    return _identified(Calibration("", model, version, kind, epoch, curves))


def _curve(epochs: list[Epoch], budget: float) -> Curve:
    units = sum(e.units for e in epochs)
    if units < LEAST:
        return Curve(np.zeros(0), np.zeros(0), units / max(1, len(epochs)), units, budget, 0.0, f"only {units} seen")
    values = np.sort(np.concatenate([e.tail for e in epochs]))
    alphas, thresholds = table(values, units)
    return Curve(alphas, thresholds, units / len(epochs), units, budget, 1.0 / (units + 1), "")
