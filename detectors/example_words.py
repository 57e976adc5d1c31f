"""What an alert shows of examples: the request that crossed the line, and the oddest ones before it, in words."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.api import Columns
from detectors.examples import LEAST, NO_COLUMN, TOLD, Ordinary, differences, nearest, oddest
from detectors.features.named import NamedSchema
from detectors.features.tails import TAILS
from detectors.words import CROSSED
from schemas.alert import Difference, Example
from schemas.display import written

Array = npt.NDArray[Any]

NAMED = "named"
ODD = {
    "rare_values": "it has values that are rare here",
    "off_manifold": "it combines values as ordinary requests do not",
    "off_mode": "it fills in fields that others leave at one value",
    "far_from_known": "it is far from every known request",
    "between_classes": "it got an answer that similar known requests do not get",
    "low_margin": "the answer was less sure than nearly all",
    "odd_combination": "it has noise or marks that ordinary requests do not have",
}
MOST = 5.0  # -log10 that is told as it is


class _Shown(NamedTuple):
    """A request to be shown; ``column`` and ``value`` are what differs most, NO_COLUMN where there is no more."""

    id: str
    time: float
    label: int
    confidence: float
    text: str
    ordinary: int
    column: Array
    value: Array


def told(ordinary: Ordinary, rows: Columns, row: int, kept: np.void, epoch: int) -> list[Example]:
    """The request of ``row``, then what was ``kept`` of its principal in this epoch, the oddest first."""
    schema = rows.reference.learnt.get(NAMED)
    names = NamedSchema.from_arrays(dict(schema)).columns() if schema else []
    shown = [_crossing(ordinary, rows, row)]
    if int(kept["epoch"]) == epoch:
        order = np.argsort(-kept["odd"], kind="stable").tolist()
        before = [_before(kept, j) for j in order if kept["odd"][j] > 0]
        shown += [one for one in before if one[:2] != shown[0][:2]]
    answers = rows.reference.answers.names
    return [_example(one, ordinary, names, answers) for one in shown]


def _crossing(ordinary: Ordinary, rows: Columns, row: int) -> _Shown:
    batch, shared = rows.batch, rows.shared
    column, value = np.zeros(TOLD, np.uint16), np.zeros(TOLD, np.float32)
    x = np.ascontiguousarray(batch.features[row], np.float32)
    near = int(nearest(ordinary.u, shared["u"][row]))
    differences(x, ordinary.features[near], ordinary.unit, column, value)
    odd, tail = oddest(shared["tails"][row])
    text = f"{CROSSED}; {_odd(float(odd), int(tail))}" if odd >= LEAST else CROSSED
    label, confidence = int(shared["label"][row]), float(shared["confidence"][row])
    return _Shown(batch.records[row].id, float(batch.time[row]), label, confidence, text, near,
                  column, value)  # fmt: skip


def _before(kept: np.void, j: int) -> _Shown:
    identity = kept["id"][j].tobytes().rstrip(b"\0").decode("utf-8", "replace")
    text = _odd(float(kept["odd"][j]), int(kept["tail"][j]))
    label, confidence = int(kept["label"][j]), float(kept["confidence"][j])
    return _Shown(identity, float(kept["time"][j]), label, confidence, text, int(kept["ordinary"][j]),
                  kept["column"][j], kept["value"][j])  # fmt: skip


def _example(shown: _Shown, ordinary: Ordinary, names: list[str], answers: tuple[str, ...]) -> Example:
    usual = ordinary.features[shown.ordinary]
    return Example(
        id=shown.id,
        time=shown.time,
        answer=_answer(answers, shown.label),
        confidence=0.0 if np.isnan(shown.confidence) else written(shown.confidence),
        text=shown.text,
        ordinary_answer=_answer(answers, int(ordinary.label[shown.ordinary])),
        differs=[
            Difference(
                name=names[c] if c < len(names) else f"feature {c}", value=written(v), ordinary=written(usual[c])
            )
            for c, v in zip(shown.column.tolist(), shown.value.tolist(), strict=True)
            if c != NO_COLUMN
        ],
    )


def _answer(names: tuple[str, ...], label: int) -> str:
    if label < 0:
        return "no answer"
    return names[label] if label < len(names) else str(label)


def _odd(odd: float, tail: int) -> str:
    share = 10 ** min(odd, MOST)
    digits = 10 ** int(np.floor(np.log10(share)))
    return f"{ODD[TAILS[tail]]}: about one ordinary request in {round(share / digits) * digits:,} is as odd"
