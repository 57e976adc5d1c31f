"""Scorer: one reference and its detectors, from a batch's rows to every detector's score."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import profile
from detectors.api import Columns, Detector, Scores, Spec
from detectors.features import numeric
from detectors.features.named import NamedSchema
from detectors.manifest import Lookup
from detectors.outputs.leaks import WIDTH, Reader
from detectors.reference import Reference
from detectors.state import KeyTable
from schemas.batch import Batch, Integers

PROFILE = "profile"
GATE = "gate:"
NAMED = "named"
HALVES = "halves"  # learnt where requests may stay without an answer
NEED = {"halves": "requests apart from their answers", "text": "words of answers"}  # where the name alone says little


def state_dtypes(detectors: dict[str, Detector], gates: dict[str, np.dtype[Any]]) -> dict[str, np.dtype[Any]]:
    """Everything that is kept for one key, by name: the profile, each detector's row, each gate's row."""
    rows: dict[str, np.dtype[Any]] = {PROFILE: profile.state}
    rows |= {name: d.state for name, d in detectors.items() if d.state.itemsize}
    return rows | {GATE + name: dtype for name, dtype in gates.items()}


@dataclass(slots=True)
class Scored:
    """A batch's columns and every running detector's scores; ``failed`` names those that raised, and how."""

    columns: Columns
    scores: dict[str, Scores] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def missing(detector: Detector, reference: Reference, training: object = None) -> str:
    """Why a detector cannot look at this model's log; empty if it can. ``training`` is the model's manifest, if any."""
    if "manifest" in detector.spec.needs and training is None:
        return "no manifest"
    has = {
        "profile": True,
        "features": reference.features > 0,
        "numbers": reference.features > 0 and not reference.text,
        "probabilities": reference.classes > 0,
        "classes": reference.classes > 0 or not reference.text,
        "words": reference.text > 0,
        "text": reference.text > 0 or reference.features == 0,
        "halves": HALVES in reference.learnt,
    }
    return lack(detector.spec, has)


def lack(spec: Spec, has: Mapping[str, bool]) -> str:
    """What a detector needs and a log has not, in words; empty if that is nothing."""
    lacking = sorted(NEED.get(need, need) for need in spec.needs if not has.get(need, True))
    return f"no {' and no '.join(lacking)} logged" if lacking else ""


def encode(reference: Reference, batch: Batch) -> Batch:
    """Named values as numbers by the schema that the burn-in taught; other batches as they are."""
    if batch.named is None or NAMED not in reference.learnt:
        return batch
    schema = NamedSchema.from_arrays(reference.learnt[NAMED])
    return replace(batch, features=schema.encode(batch.named))


def fits(reference: Reference, batch: Batch) -> bool:
    """Whether an encoded batch has the numbers of features and classes that the reference knows."""
    return (batch.features.shape[1], batch.probabilities.shape[1]) == (reference.features, reference.classes)


def columns(
    reference: Reference,
    batch: Batch,
    slots: Integers,
    table: KeyTable,
    training: Lookup | None = None,
    answers: Reader | None = None,
) -> Columns:
    """Shared features, profile and normalised statistics of rows, which the profile learns on the way."""
    shared = numeric.columns(reference, batch)
    if training is not None:
        shared["member"] = training.of_batch(batch)
    if reference.text:
        shared["leak"] = batch.text[:, -WIDTH:]
    elif answers is not None:
        shared["leak"] = answers.of_records(batch.records)
    statistics = profile.run(reference, shared, batch.time, slots, table[PROFILE])
    z = profile.normalise(reference, statistics)
    return Columns(batch=batch, reference=reference, shared=shared, statistics=statistics, z=z)


def score(detectors: dict[str, Detector], rows: Columns, slots: Integers, table: KeyTable) -> Scored:
    """Every detector's scores. One that raises is named in ``failed`` and costs the others nothing."""
    made = Scored(rows)
    for name, detector in detectors.items():
        state: npt.NDArray[np.void] = table[name] if name in table.arrays else np.zeros(0, np.dtype([]))
        try:
            made.scores[name] = detector.score(rows, slots, state)
        except Exception as error:  # noqa: BLE001  # a detector's fault must not stop the others
            made.failed[name] = f"{type(error).__name__}: {error}"
    return made
