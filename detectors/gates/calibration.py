"""Calibration: per detector the peak that benign principals exceed with a given probability, versioned.

Three kinds. ``frozen``: from the burn-in, and never changed. ``rolling``: from the last 30 epochs, the burn-in among
them as long as it is that young; alerted principals count as far as the budget had paid for them
(:mod:`detectors.gates.tail`). ``factory``: defaults, marked as such, until there are ten principal-epochs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from detectors.gates import coverage
from detectors.gates.honest import Honest
from detectors.gates.tail import ALPHAS, thresholds
from detectors.gates.trajectories import Trajectories
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Doubles

CAUTION = 3.0  # how many times rarer than the clean period's a later threshold may be
FEW = 10  # principals: where m taught what is usual, others exceed their thresholds 1 + FEW / m times as often
LEAST = 10  # principal-epochs without which nothing is fitted
FACTORY = (6.0, 1.0)  # location and scale of the tail that benign peaks surely have, in the score's unit
NOTHING = Honest()


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Threshold of one detector as a function of the level alpha.

    Attributes
    ----------
    alphas, thresholds : (K,) levels, rising, and thresholds, falling; K = 0 for a budget gate, which needs none
    newcomers : (K,) thresholds on a principal's first day, never below the others nor below those of the burn-in
    forecast : units per epoch: judged principals (conformal) or records (budget)
    behind : principal-epochs that it was fitted from
    budget : false alerts per epoch promised
    source : ``ranks``, ``tail`` (extrapolated at the level in use), ``factory`` or ``none``
    extrapolated_below : levels under this one rest on a tail's shape, not on ranks
    coverage : the promise and what the true rate may be, in words
    honest : what was known beforehand
    """

    alphas: Doubles
    thresholds: Doubles
    newcomers: Doubles
    forecast: float
    behind: int
    budget: float
    source: str
    extrapolated_below: float
    coverage: str
    honest: Honest = NOTHING


_ARRAYS = ("alphas", "thresholds", "newcomers")
_PLAIN = ("forecast", "behind", "budget", "source", "extrapolated_below", "coverage")


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Curves of one model version. ``id`` is "c-" and 16 hex digits of its content's hash.

    Attributes
    ----------
    kind : ``factory``, ``frozen`` or ``rolling``
    epoch : the last epoch that it knows of
    curves : by detector
    """

    id: str
    model: str
    version: str
    kind: str
    epoch: int
    curves: Mapping[str, Curve]

    def to_bytes(self) -> bytes:
        """Packed arrays; the same content gives the same bytes."""
        arrays = {f"{n}.{k}": getattr(c, k) for n, c in self.curves.items() for k in _ARRAYS}
        curves = {n: {k: getattr(c, k) for k in _PLAIN} | asdict(c.honest) for n, c in self.curves.items()}
        head = {k: getattr(self, k) for k in ("id", "model", "version", "kind", "epoch")}
        return pack(head | {"curves": curves}, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Calibration":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else, altered content included."""
        head, arrays = unpack(data)
        try:
            curves = {
                name: Curve(
                    alphas=arrays[f"{name}.alphas"],
                    thresholds=arrays[f"{name}.thresholds"],
                    newcomers=arrays[f"{name}.newcomers"],
                    honest=known,
                    **plain,
                )
                for name, (plain, known) in _parted(head["curves"])
            }
            made = cls(**(head | {"curves": curves}))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Corrupt(f"not a calibration: {error}") from error
        if _identified(made).id != made.id:
            raise Corrupt("a calibration's content does not match its id")
        return made


def _parted(curves: dict[str, dict[str, Any]]) -> Iterator[tuple[str, tuple[dict[str, Any], Honest]]]:
    """Each curve's plain facts, and what was known before."""
    for name, facts in curves.items():
        ceiling, floor = facts["ceiling"], facts["floor"]
        known = Honest(
            tail=float(facts["tail"]),
            ceiling=None if ceiling is None else (float(ceiling[0]), float(ceiling[1])),
            floor=None if floor is None else float(floor),
            grain=float(facts["grain"]),
            optimism=float(facts["optimism"]),
            sure=None if facts["sure"] is None else float(facts["sure"]),
        )
        yield name, ({k: facts[k] for k in _PLAIN}, known)


def _identified(made: Calibration) -> Calibration:
    return replace(made, id="c-" + blake2b(replace(made, id="").to_bytes(), digest_size=8).hexdigest())


def fit(
    history: Trajectories,
    *,
    model: str,
    version: str,
    kind: str,
    epoch: int,
    budgets: Mapping[str, float],
    volumes: Mapping[str, float] | None = None,
    tails: Mapping[str, tuple[float, float]] | None = None,
    honest: Mapping[str, Honest] | None = None,
    period: str = "day",
) -> Calibration:
    """A calibration from the peaks of past epochs. Its kind is ``factory`` if no detector has enough of them.

    Parameters
    ----------
    history : peaks of the burn-in, for ``rolling`` also of later epochs
    budgets : by detector, false alerts per epoch, over all partitions
    volumes : by detector with a budget gate, judged records per epoch
    tails : by detector, location and scale of the factory default, in the score's unit
    honest : by detector, what is known of honest peaks beforehand
    period : what an epoch is called
    """
    budget_gates = volumes or {}
    curves = {n: _exact(v, budgets.get(n, 0.0), period) for n, v in budget_gates.items()}
    for name in budgets.keys() - budget_gates.keys():
        sample, known = history.sample(name), (honest or {}).get(name, Honest())
        if len(sample.values) >= LEAST:
            curves[name] = _fitted(history, name, known, budget=budgets[name], period=period)
        else:
            tail = (tails or {}).get(name, known.ceiling or FACTORY)
            made = _default(tail, budgets[name], history.volume(name), sample.units)
            curves[name] = replace(made, honest=known)
    learnt = {c.source for n, c in curves.items() if n not in budget_gates}
    kind = "factory" if learnt == {"factory"} else kind
    return _identified(Calibration("", model, version, kind, epoch, dict(sorted(curves.items()))))


def factory(
    *,
    model: str,
    version: str,
    budgets: Mapping[str, float],
    forecast: float,
    tails: Mapping[str, tuple[float, float]] | None = None,
) -> Calibration:
    """Conservative defaults for a model version that nothing is known of, marked as ``factory``.

    Parameters
    ----------
    budgets : by detector, false alerts per epoch
    forecast : principals expected per epoch
    tails : by detector, location and scale of the tail that benign peaks surely have, in the score's unit
    """
    curves = {n: _default((tails or {}).get(n, FACTORY), b, forecast, 0) for n, b in sorted(budgets.items())}
    return _identified(Calibration("", model, version, "factory", 0, curves))


def _fitted(history: Trajectories, name: str, known: Honest, *, budget: float, period: str) -> Curve:
    sample, clean, forecast = history.sample(name), history.sample(name, clean=True), history.volume(name)
    levels = ALPHAS / (known.optimism * (1 + FEW / sample.units))
    made = first = thresholds(sample, levels, known.tail, known.usual, known.grain)
    if LEAST <= clean.units < sample.units:
        made = np.minimum(made, thresholds(clean, levels / CAUTION, known.tail, known.usual, known.grain))
        first = made + history.fallen(name)
    most, least = known.most(clean), known.least()
    made, first = (np.maximum(np.minimum(t, most), least) for t in (made, first))
    said = coverage.of(sample, budget=budget, forecast=forecast, period=period, shape=known.tail, usual=known.usual)
    return Curve(
        alphas=ALPHAS.copy(),
        thresholds=made,
        newcomers=first,
        forecast=forecast,
        behind=sample.units,
        budget=budget,
        source="tail" if said.extrapolated else "ranks",
        extrapolated_below=max(1, sample.exceeded) / (sample.units + 1),
        coverage=said.text,
        honest=known,
    )


def _default(tail: tuple[float, float], budget: float, forecast: float, units: int) -> Curve:
    location, scale = tail
    text = f"factory default: {units} principal-epochs seen, {LEAST} are needed to learn from"
    made = location - scale * np.log(ALPHAS)
    return Curve(ALPHAS.copy(), made, made.copy(), forecast, units, budget, "factory", 1.0, text)


def _exact(volume: float, budget: float, period: str) -> Curve:
    text = f"at most {budget:.2g} a {period}, by its e-values, without calibration"
    none = np.zeros(0)
    return Curve(none, none, none, volume, 0, budget, "none", 0.0, text)
