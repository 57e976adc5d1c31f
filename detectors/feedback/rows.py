"""Rows: feedback records as a desk needs them, and what the latest fit makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features import inputs
from detectors.feedback import expectation
from detectors.feedback.answers import named
from detectors.feedback.contributors import Said
from detectors.feedback.fit import Fitted
from detectors.feedback.heard import Heard
from detectors.feedback.triggers import LOOKED, rarest
from schemas.compiled import compiled

Array = npt.NDArray[Any]

LABELS = 64  # that are told apart; more count as one


class Labels:
    """Labels by name, in order of appearance; those beyond the first 63 are one."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = list(names)
        self._codes = {name: k for k, name in enumerate(self.names)}

    def __len__(self) -> int:
        """How many are told apart, the one for all others too."""
        return min(len(self.names) + 1, LABELS)

    def code(self, name: str) -> int:
        """Code of a label, a new one where it is new and there is room."""
        found = self._codes.get(name)
        if found is not None:
            return found
        if len(self.names) >= LABELS - 1:
            return LABELS - 1
        self.names.append(name)
        self._codes[name] = len(self.names) - 1
        return len(self.names) - 1

    def known(self, answers: Array) -> Array:
        """Codes (N,) of answers, -1 where it is none of the labels."""
        place = {named(name): k for k, name in enumerate(self.names)}
        place |= {int(name): k for k, name in enumerate(self.names) if name.isascii() and name.isdigit()}
        return np.array([place.get(one, -1) for one in answers.tolist()], np.int64)

    def name(self, code: int) -> str:
        """Name of a code."""
        return self.names[code] if code < len(self.names) else "another one"


@dataclass(frozen=True, slots=True)
class Rows:
    """N feedback records.

    Attributes
    ----------
    slot, fold, label : (N,) i8, of the contributor, which half he is in, code of the label
    answer, sure : (N,) what the model had answered, see ``detectors.feedback.answers``
    delay : (N,) s since then, -1 where unknown
    version : (N,) i8, index of the version that is spoken of
    time : (N,) s
    ids : (N, 40) u1
    x : (N, F) f4
    """

    slot: Array
    fold: Array
    label: Array
    answer: Array
    sure: Array
    delay: Array
    version: Array
    time: Array
    ids: Array
    x: Array

    def __len__(self) -> int:
        """Return N."""
        return len(self.slot)

    def arrays(self) -> dict[str, Array]:
        """Columns by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def and_then(self, other: "Rows") -> "Rows":
        """Both, one after the other."""
        mine, more = self.arrays(), other.arrays()
        return Rows(**{name: np.concatenate([mine[name], more[name]]) for name in mine})


def rows_of(heard: Heard, part: slice, slots: Array, labels: Labels, x: Array) -> Rows:
    """Consecutive records, whose contributors have ``slots`` (n,) and whose inputs are ``x`` (n, F)."""
    fold = np.array([expectation.fold_of(name) for name in heard.names], np.int64)
    return Rows(
        slot=slots,
        fold=fold[heard.who[part]],
        label=np.array([labels.code(name) for name in heard.label[part]], np.int64),
        answer=heard.answer[part],
        sure=heard.sure[part],
        delay=heard.delay[part],
        version=heard.version[part],
        time=heard.time[part],
        ids=heard.ids[part],
        x=x,
    )


def judged(rows: Rows, fitted: Fitted, answer: Array) -> Said:
    """What a fit makes of records: what was to be expected, and their patterns. The same under any cut.

    ``answer`` (N,) are codes of what the model had answered, -1 where that is unknown.
    """
    n = len(rows)
    columns, v = expectation.design(fitted.expectation, rows.x)
    shares = np.empty((n, fitted.expectation.weights.shape[1]))
    expectation.predict(columns, rows.fold, fitted.expectation.weights, shares)
    expectation.blend(shares, answer, rows.sure, fitted.expectation.trust)
    expected = shares.argmax(1)
    known = rows.label < shares.shape[1]
    own = np.where(known, shares[np.arange(n), np.where(known, rows.label, 0)], 0.0)
    items, found = np.zeros((n, LOOKED), np.int64), np.zeros(n, np.int64)
    margins = fitted.expectation.margins
    _patterns(rows.x, margins.low, margins.inverse_width, margins.surprise, np.int64(margins.salt[0]), items, found)
    gap = (shares[np.arange(n), expected] - own).astype(np.float32)
    return Said(rows.slot, rows.time, expected, rows.label, gap, v, items, found, rows.ids)


@compiled
def _patterns(x: Array, low: Array, width: Array, surprise: Array, salt: Any, items: Array, found: Array) -> None:
    level = np.empty(x.shape[1], np.int64)
    for i in range(len(x)):
        inputs.find_levels(x[i], low, width, level)
        found[i] = rarest(level, surprise, salt, items[i])
