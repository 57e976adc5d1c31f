"""Examples: the requests that say best what a principal does, each beside the nearest ordinary one.

An alert shows the request that crossed the line and the oddest ones that its principal sent this epoch. How odd a
request is comes from :mod:`detectors.features.tails`: the largest of seven -log10 shares of clean requests as odd. The
ordinary request is the nearest, in the keyed projections, of at most 256 that were drawn from the clean period, one a
principal first. What is kept of a request is its id, its answer and the values that differ most from the ordinary
one, in standard deviations of that value among the drawn.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.api import Columns
from detectors.features.tails import TAILS
from detectors.kernel.arithmetic import squared_distance
from schemas.batch import ID, Floats, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

NAME = "examples"
KEPT = 1  # requests a principal, besides the one that crosses the line
TOLD, TOLD_BEFORE = 3, 2  # values that differ most: of that one, and of those before
DRAWN, NUMBERS = 256, 1 << 18  # clean requests at most, and numbers in all of them
LEAST = np.float32(2.0)  # -log10: one clean request in a hundred is odder
SAYS = np.array([TAILS.index(name) for name in TAILS if not name.startswith("margin")], np.int64)
NOBODY = np.int64(-1)
NO_COLUMN = 65_535

state = np.dtype(
    [
        ("time", "f8", KEPT),
        ("epoch", "i4"),
        ("odd", "f4", KEPT),
        ("confidence", "f4", KEPT),
        ("label", "i4", KEPT),
        ("ordinary", "i2", KEPT),
        ("tail", "i2", KEPT),
        ("column", "u2", (KEPT, TOLD_BEFORE)),
        ("value", "f4", (KEPT, TOLD_BEFORE)),
        ("id", "u1", (KEPT, ID)),
    ],
    align=True,
)
"""One principal's oddest requests this epoch; ``column`` is NO_COLUMN where there is none."""


class Ordinary(NamedTuple):
    """R clean requests.

    Attributes
    ----------
    u : (R, 32) i2, keyed projections
    features : (R, F) f4, in the model's units
    label : (R,) i4
    unit : (F,) f4, standard deviation of each value, 1 where all are equal
    """

    u: Array
    features: Array
    label: Array
    unit: Array


def learn(features: Floats, slots: Integers, columns: Mapping[str, Array]) -> dict[str, Array]:
    """Draw the ordinary ones from N clean rows in time order: features (N, F), slots (N,); empty without inputs."""
    n, width = features.shape
    if not n or not width:
        return {}
    usual = columns["tails"][:, SAYS].max(1) < LEAST
    chosen = drawn(usual, slots, max(1, min(DRAWN, NUMBERS // width)))
    if not len(chosen):
        return {}
    some = np.ascontiguousarray(features[chosen], np.float32)
    spread = some.astype(np.float64).std(0)
    unit = np.where(spread > 0, spread, 1.0).astype(np.float32)
    return Ordinary(columns["u"][chosen], some, columns["label"][chosen], unit)._asdict()


def drawn(usual: npt.NDArray[np.bool_], slots: Integers, most: int) -> Integers:
    """Which of N rows in time order are drawn: usual ones (N,), one of each principal (N,) first; rising."""
    order = np.argsort(slots, kind="stable")
    starts = np.flatnonzero(np.diff(slots[order], prepend=-1))
    turn = np.empty(len(slots), np.int64)
    turn[order] = np.arange(len(slots)) - np.repeat(starts, np.diff(np.append(starts, len(slots))))
    some = np.flatnonzero(usual)
    chosen: Integers = np.sort(some[np.argsort(turn[some], kind="stable")][:most])
    return chosen


def known(learnt: Mapping[str, Mapping[str, Array]]) -> Ordinary | None:
    """What was learnt, if anything was."""
    arrays = learnt.get(NAME)
    return Ordinary(**{name: arrays[name] for name in Ordinary._fields}) if arrays else None


def follow(ordinary: Ordinary, rows: Columns, part: slice, slots: Integers, epochs: Integers, kept: Array) -> None:
    """Take some of N rows in, in order; ``slots`` and ``epochs`` are of all N, ``kept`` has one row a slot."""
    shared, batch = rows.shared, rows.batch
    x = np.ascontiguousarray(batch.features[part], np.float32)
    _follow(
        ordinary, slots[part], epochs[part], batch.ids[part], batch.time[part],
        shared["tails"][part], shared["label"][part], shared["confidence"][part], shared["u"][part], x, kept,
    )  # fmt: skip


@compiled
def _follow(
    ordinary: Ordinary, slots: Array, epochs: Array, ids: Array, time: Array,
    tails: Array, label: Array, confidence: Array, u: Array, x: Array, kept: Array,
) -> None:  # fmt: skip
    for i in range(len(slots)):
        odd, tail = oddest(tails[i])
        if odd < LEAST:
            continue
        row = kept[slots[i]]
        if row.epoch != np.int32(epochs[i]):
            row.epoch = np.int32(epochs[i])
            for j in range(KEPT):
                row.odd[j] = 0
        at = room(row, odd)
        if at < 0:
            continue
        row.odd[at], row.tail[at] = odd, tail
        row.time[at], row.label[at], row.confidence[at] = time[i], label[i], confidence[i]
        for b in range(ID):
            row.id[at, b] = ids[i, b]
        near = nearest(ordinary.u, u[i])
        row.ordinary[at] = near
        differences(x[i], ordinary.features[near], ordinary.unit, row.column[at], row.value[at])


@compiled
def oddest(tails: Array) -> tuple[Scalar, Scalar]:
    """Largest of the tails (9,) that speak of one request by itself, and which it is; NaN is none."""
    odd, which = np.float32(0), np.int64(-1)
    for k in SAYS:
        if tails[k] > odd:
            odd, which = tails[k], k
    return odd, which


@compiled
def room(row: Any, odd: Scalar) -> Scalar:
    """Place of the least odd one kept, if the new one is odder; -1 otherwise."""
    at = 0
    for j in range(KEPT):
        if row.odd[j] < row.odd[at]:
            at = j
    return at if odd > row.odd[at] else NOBODY


@compiled
def nearest(drawn: Array, u: Array) -> Scalar:
    """Place of the nearest of ``drawn`` (R, 32) to ``u`` (32,); of equals the first."""
    at, least = 0, np.int32(0x7FFFFFFF)
    for r in range(len(drawn)):
        squared = squared_distance(drawn[r], u)
        if squared < least:
            at, least = r, squared
    return at


@compiled
def differences(x: Array, other: Array, unit: Array, column: Array, value: Array) -> None:
    """Fill in which columns (3,) of x (F,) differ most from the other's, in units (F,), and what x has there."""
    far = np.zeros(len(column), np.float32)
    for j in range(len(column)):
        column[j] = NO_COLUMN
        value[j] = 0
    for c in range(len(x)):
        distance, at = abs(x[c] - other[c]) / unit[c], len(far)
        while at > 0 and distance > far[at - 1]:
            at -= 1
        if at < len(far):
            for j in range(len(far) - 1, at, -1):
                far[j], column[j], value[j] = far[j - 1], column[j - 1], value[j - 1]
            far[at], column[at], value[at] = distance, c, x[c]
