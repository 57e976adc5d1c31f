"""Settlement: what a burn-in decides, once: the reference, the calibration, and the peaks behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import (
    answered,
    examples,
    exposure,
    library,
    manifest,
    newcomers,
    prompt_examples,
    scorer,
    suspects,
    triggers,
    trimming,
    young,
)
from detectors import young_pool as pool
from detectors.api import Columns, Detector
from detectors.burn_in import BurnIn
from detectors.classifiers import classified
from detectors.cohorts import SHARE
from detectors.features.named import NamedSchema
from detectors.fitting import copies
from detectors.fitting.sample import random
from detectors.gates import calibration
from detectors.gates.calibration import Calibration
from detectors.gates.conformal import Peaks
from detectors.gates.trajectories import Trajectories
from detectors.identities import identities
from detectors.packing import Corrupt, pack, unpack
from detectors.plan import DAY, Plan
from detectors.reference import Reference
from detectors.state import KeyTable
from schemas.batch import Doubles, Flags, Integers


@dataclass(frozen=True, slots=True)
class Settlement:
    """The reference and calibration that every partition of a model version works with.

    Attributes
    ----------
    history : peaks of past epochs by detector
    principals : judged in the last epoch, over all partitions
    models : model versions that share the budget
    """

    reference: Reference
    calibration: Calibration
    history: Trajectories
    principals: int
    models: int

    def to_bytes(self) -> bytes:
        """All of it, packed."""
        return pack(
            {"principals": self.principals, "models": self.models},
            {
                "reference": np.frombuffer(self.reference.to_bytes(), np.uint8),
                "calibration": np.frombuffer(self.calibration.to_bytes(), np.uint8),
                "history": np.frombuffer(self.history.to_bytes(), np.uint8),
            },
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Settlement":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        head, arrays = unpack(data)
        try:
            return cls(
                Reference.from_bytes(arrays["reference"].tobytes()),
                Calibration.from_bytes(arrays["calibration"].tobytes()),
                Trajectories.from_bytes(arrays["history"].tobytes()),
                int(head["principals"]),
                int(head["models"]),
            )
        except KeyError as error:
            raise Corrupt(f"not a settlement: no {error}") from error


def budgets(plan: Plan, detectors: dict[str, Detector], models: int) -> dict[str, float]:
    """False alerts per epoch that each detector may cause on one model version: shares of what the user affords."""
    rest = 1 - SHARE - triggers.SHARE - pool.SHARE
    per_epoch = plan.alerts_per_day * rest * plan.epoch / DAY / max(1, models)
    total = sum(d.spec.share for d in detectors.values())
    return {name: per_epoch * d.spec.share / total for name, d in detectors.items()}


def settle(samples: Sequence[bytes], plan: Plan) -> Settlement:
    """Fit the reference and calibrate every detector on the burn-in of all partitions.

    A pure function of the samples' content, in the order given: whoever calls it gets the same ids. Raises
    ``NotEnough`` with a plain sentence where the burn-in is too thin to judge by.
    """
    sample = BurnIn.merge([BurnIn.from_bytes(s) for s in samples])
    learnt: dict[str, Mapping[str, npt.NDArray[Any]]] = {}
    training = manifest.find(plan.manifests, sample.model, sample.version)
    codes = None if training is None else manifest.Lookup(training).codes(sample.features, sample.named, sample.bad)
    if sample.named is not None:
        schema = NamedSchema.learn(sample.named)
        learnt[scorer.NAMED] = schema.to_arrays()
        sample = replace(sample, features=schema.encode(sample.named), named=None)
    apart = {scorer.HALVES: {"lone": np.ones(1, np.uint8)}} if plan.halves or sample.lone.any() else {}
    reference, sample, kept, whole = answered.taught(sample, plan)
    reference = reference.with_learnt(apart)
    codes = None if codes is None else codes[kept]
    built = library.build(plan.detectors) | classified.learnable(plan, sample)
    detectors = {n: d for n, d in built.items() if not scorer.missing(d, reference, training)}
    rows, slots, table = replay(reference, sample, detectors)
    if training is not None and codes is not None:
        rows = replace(rows, shared={**rows.shared, "member": codes})
        learnt[manifest.NAME] = manifest.remembered(training)
    if whole is None:
        learnt |= _learn(detectors, reference, rows, slots, sample, plan)
    else:
        teachers = trimming.only(sample, sample.lone == 0)
        learnt |= _learn(detectors, reference, answered.part(rows, whole), slots[whole], teachers, plan)
    reference = reference.with_learnt(learnt)
    rows = replace(rows, reference=reference)
    scored = scorer.score(detectors, rows, slots, table)
    reference = reference.with_learnt({young.NAME: young.learn(scored.scores, slots, young.channels_of(reference))})
    epochs = epochs_of(sample, plan)
    scores = {n: made.value for n, made in scored.scores.items() if detectors[n].spec.gate == "conformal"}
    history = _history(scores, epochs, slots, identities(table.keys, np.arange(len(table.keys)), plan.secret), sample)
    fitted = calibration.fit(
        history,
        model=sample.model,
        version=sample.version,
        kind="frozen",
        epoch=int(epochs.max()),
        budgets=budgets(plan, detectors, sample.models),
        honest={n: d.spec.honest for n, d in detectors.items()},
        volumes={n: sample.seen / len(np.unique(epochs)) for n, d in detectors.items() if d.spec.gate == "budget"},
    )
    return Settlement(reference, fitted, history, sample.population, sample.models)


def _history(
    scores: Mapping[str, Doubles], epochs: Integers, slots: Integers, numbers: npt.NDArray[np.uint64], sample: BurnIn
) -> Trajectories:
    """Peaks of a burn-in by detector and epoch; ``numbers`` are the principals', by slot."""
    made, for_each = Trajectories(), sample.population / max(1, len(sample.principals))
    for name, score in scores.items():
        for epoch in np.unique(epochs).tolist():
            reached, peak = peaks(score, slots, epochs == epoch)
            units = (round(len(peak) * for_each), len(peak), 0)
            made.add(name, epoch=epoch, peak=peak, who=numbers[reached], units=units)
    return made


def _learn(
    detectors: dict[str, Detector], reference: Reference, rows: Columns, slots: Integers, sample: BurnIn, plan: Plan
) -> dict[str, Mapping[str, npt.NDArray[Any]]]:
    """What detectors and all that is not a detector learn from the rows of a sample that have answers."""
    learnt = {name: d.learn(rows, slots) for name, d in detectors.items() if hasattr(d, "learn")}
    chance = random(plan.secret, f"{sample.model}\x1f{exposure.NAME}", sample.version)
    learnt[exposure.NAME] = copies.learn(reference, sample, rows.shared, chance)
    learnt[examples.NAME] = {} if reference.text else examples.learn(sample.features, slots, rows.shared)
    learnt[prompt_examples.NAME] = prompt_examples.learn(rows, slots) if reference.text else {}
    learnt[newcomers.NAME] = newcomers.learn(reference, rows.shared["u"], slots)
    learnt[suspects.NAME] = suspects.learn(rows.shared)
    return learnt


def replay(reference: Reference, sample: BurnIn, detectors: dict[str, Detector]) -> tuple[Columns, Integers, KeyTable]:
    """Columns of a whole burn-in, the slots of its rows, and a table with fresh detector state."""
    table = KeyTable(scorer.state_dtypes(detectors, {}), limit=len(sample.principals))
    batch = sample.batch(slice(None))
    slots = table.assign(batch.principals, batch.principal, 0)
    return scorer.columns(reference, batch, slots, table), slots, table


def epochs_of(sample: BurnIn, plan: Plan) -> Integers:
    """Epoch of each row of a burn-in, from 1: (N,). What is left of a last epoch counts to the one before."""
    epoch = ((sample.time - sample.start) // plan.epoch).astype(np.int64) + 1
    return np.minimum(epoch, max(1, int(plan.burn_in // plan.epoch)))


def peaks(values: Doubles, slots: Integers, rows: Flags) -> tuple[Integers, Doubles]:
    """Slots of principals among some rows, and the largest score of each; those without any opinion are left out."""
    rows = rows & ~np.isnan(values)
    top = np.full(int(slots.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(top, slots[rows], values[rows])
    reached = np.flatnonzero(np.isfinite(top))
    return reached, top[reached]


def pack_peaks(
    largest: dict[str, Peaks], counts: dict[str, tuple[int, int, int]], paid: dict[str, float], models: int
) -> bytes:
    """One partition's peaks of an ended epoch, as it hands them over: those that may be remembered, and how many."""
    return pack(
        {"paid": paid, "models": models, "units": counts},
        {f"{n}.{k}": getattr(p, k) for n, p in largest.items() for k in Peaks._fields},
    )


def roll(before: Settlement, parts: Sequence[bytes], *, ended: int) -> Settlement:
    """A rolling calibration that also knows the peaks of the epoch that ended, from all partitions."""
    history = Trajectories.from_bytes(before.history.to_bytes())
    models, principals = 1, 0
    for data in parts:
        head, arrays = unpack(data)
        models = max(models, int(head["models"]))
        principals += max((judged for judged, _, _ in head["units"].values()), default=0)
        for name, paid in head["paid"].items():
            made = Peaks(*(arrays[f"{name}.{k}"] for k in Peaks._fields))
            judged, known, above = head["units"][name]
            history.add(name, epoch=ended, paid=paid, units=(judged, known, above), **made._asdict())
    curves = before.calibration.curves
    fitted = calibration.fit(
        history,
        model=before.calibration.model,
        version=before.calibration.version,
        kind="rolling",
        epoch=ended,
        honest={n: c.honest for n, c in curves.items()},
        budgets={n: c.budget * before.models / models for n, c in curves.items()},
        volumes={n: c.forecast for n, c in curves.items() if n not in history.epochs},
    )
    return replace(before, calibration=fitted, history=history, models=models, principals=principals)
