"""Newcomers: what the correlator is told of principals that were not there in the burn-in.

One account of a campaign that is spread over many does little. So each newcomer is sketched after 4, 8, 16 ... 1024 of
its records: how its profile deviates, and fingerprints of its inputs. Whoever was there in the burn-in is sketched
once, to say what is usual. Between sketches a newcomer costs four fingerprints a record, and everybody else one look.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import young
from detectors.affinity import PER_Z
from detectors.api import Columns, Scores
from detectors.features.marks import BANDS, NONE, fingerprints, insert, shared, step_of
from detectors.reference import Reference
from schemas.batch import Integers
from schemas.compiled import compiled
from schemas.signal import MARKS, Sketch

NAME = "newcomers"  # of what is learnt and kept of them
FIRST, LAST = 4, 1024  # records after which a newcomer is sketched first and last; in between at doubles
KNOWN = 256  # principals of a partition's burn-in that say what is usual

Array = npt.NDArray[Any]

state = np.dtype([("count", "u4"), ("known", "u4"), ("first", "f8"), ("marks", "u8", MARKS)], align=True)
"""One principal: records so far, whether it needs no further sketch, its first record, its fingerprints."""

numbered = np.dtype([("number", "i8"), ("met", "i8")])
"""One partition and model version: sketches so far, and whether it has met those of the burn-in: others are new."""


class Due(NamedTuple):
    """Rows behind which a principal is sketched: where (n,), its records (n,), its first (n,) s, its marks (n, 16)."""

    row: Integers
    records: Integers
    first: Array
    marks: Array


def learn(reference: Reference, u: Array, slots: Integers) -> dict[str, Array]:
    """Learn which content is common, from the projections u (N, 32) of the burn-in and the slots (N,)."""
    return {"common": shared(u, slots, step_of(reference.habits.spacing))}


def watch(rows: Columns, slots: Integers, state: npt.NDArray[np.void]) -> Due:
    """Count the records of newcomers among N rows in order, and say which are due; the same under any cut."""
    n = len(slots)
    row, count = np.empty(n, np.int64), np.empty(n, np.int64)
    first, marks = np.empty(n), np.empty((n, MARKS), np.uint64)
    known = rows.reference
    due = _watch(
        slots, rows.batch.time, rows.shared["trusted"], rows.shared["hash"], rows.shared["u"], _common(known),
        step_of(known.habits.spacing), state, row, count, first, marks,
    )  # fmt: skip
    return Due(row[:due], count[:due], first[:due], marks[:due])


def follow(
    rows: Columns,
    slots: Integers,
    state: npt.NDArray[np.void],
    numbers: npt.NDArray[np.void],
    scores: Mapping[str, Scores],
) -> list[Sketch]:
    """Sketches that are due behind N rows in order; none where everybody is new, as to one that inherited."""
    if not numbers["met"][0]:
        return []
    due = watch(rows, slots, state)
    if not len(due.row):
        return []
    odds = young.odds(rows.reference, scores, due.row, due.records)
    return sketches(rows, due, numbers, odds, young.novel(rows.reference, scores, due.row, due.records))


def sketches(
    rows: Columns,
    due: Due,
    numbers: npt.NDArray[np.void],
    odds: list[list[float]] | None = None,
    novel: list[list[float]] | None = None,
) -> list[Sketch]:
    """The messages of rows that are due, numbered on; without ``odds`` they are of those who were there before.

    Of people who talk to a model there is no profile in them: cohorts are judged by a network that saw attacks on
    classifiers, and honest newcomers with subjects of their own are to it as suspicious as attackers.
    """
    z = np.clip(np.rint(rows.z[due.row] * np.float32(PER_Z)), -127, 127).astype(np.int8)
    talk = rows.reference.text > 0 and not rows.reference.classes
    marked, marks = (due.marks != NONE).sum(1).tolist(), due.marks.tolist()
    made = []
    for k, row in enumerate(due.row.tolist()):
        numbers["number"] += 1
        made.append(
            Sketch(
                principal=rows.batch.principals[rows.batch.principal[row]],
                number=int(numbers["number"][0]),
                record=rows.batch.ids[row].tobytes().rstrip(b"\0").decode("utf-8", "replace"),
                count=int(due.records[k]),
                first=float(due.first[k]),
                last=float(rows.batch.time[row]),
                z=b"" if talk else z[k].tobytes(),
                marks=marks[k][: marked[k]],
                known=odds is None,
                odds=odds[k] if odds else [],
                novel=novel[k] if novel else [],
            )
        )
    return made


def acquaint(
    rows: Columns, slots: Integers, state: npt.NDArray[np.void], numbers: npt.NDArray[np.void]
) -> list[Sketch]:
    """Take note of who was there in the burn-in, N rows in order; the last sketch of some of them."""
    due = watch(rows, slots, state)
    last = {int(slots[row]): k for k, row in enumerate(due.row.tolist())}
    chosen = np.array(sorted(last.values(), key=lambda k: int(due.marks[k, 0]))[:KNOWN], np.int64)
    state["known"][np.unique(slots)] = 1
    return sketches(rows, Due(*(column[np.sort(chosen)] for column in due)), numbers)


def _common(reference: Reference) -> Array:
    learnt = reference.learnt.get(NAME)
    return learnt["common"] if learnt else np.zeros(0, np.uint64)


@compiled
def _watch(
    slots: Array, time: Array, trusted: Array, hashes: Array, u: Array, common: Array, step: int, state: Any,
    row: Array, count: Array, first: Array, marks: Array,
) -> int:  # fmt: skip
    """Fill the last four with what is due, and return how many there are."""
    due = 0
    prints = np.empty(BANDS, np.uint64)
    for i in range(len(slots)):
        own = state[slots[i]]
        if own.known or not trusted[i]:
            continue
        if own.count == 0:
            own.first = time[i]
            for k in range(len(own.marks)):
                own.marks[k] = NONE
        own.count += np.uint32(1)
        if hashes[i] != 0:
            fingerprints(u[i], step, prints)
            for band in range(len(prints)):
                insert(prints[band], common, own.marks)
        if own.count >= FIRST and own.count & (own.count - np.uint32(1)) == 0:
            row[due], count[due], first[due], marks[due] = i, own.count, own.first, own.marks
            due += 1
            own.known = np.uint32(own.count >= LAST)
    return due
