"""Trigger examples: records of several senders that have a pattern, each beside the nearest of the clean period.

Near is what has nearly the same values outside of the pattern: the sum of the differences there is the smallest. Of the
clean period those records are known that were answered most against their neighbours (:mod:`detectors.suspects`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detectors.trigger import Array, Trigger
from schemas.batch import Flags

TOLD = 3  # of a pattern's columns that an example shows, those that differ most


class Beside(NamedTuple):
    """A record with a pattern, and one of the clean period without it.

    Attributes
    ----------
    record, principal, time : of the record (s)
    columns, values, ordinary : where (k,), z there, and z of the one beside it; the median, 0, where none is known
    same : whether that one was answered the same; None where none is known
    """

    record: str
    principal: str
    time: float
    columns: list[int]
    values: list[int]
    ordinary: list[int]
    same: bool | None


def beside(one: Trigger, z: Array, label: Array, known: Flags) -> Sequence[Beside]:
    """A trigger's records beside the nearest of those remembered that are known, z (n, F) and label (n,)."""
    rest = np.setdiff1d(np.arange(z.shape[1]), one.columns)
    clean, answers = z[known].astype(np.int64), label[known]
    made = []
    for record, principal, time, packed in one.shown:
        own = np.frombuffer(packed, np.int8).astype(np.int64)
        near = int(np.abs(clean[:, rest] - own[rest]).sum(1).argmin()) if len(clean) else -1
        usual = clean[near] if len(clean) else np.zeros_like(own)
        apart = np.abs(own - usual)[one.columns]
        columns = [one.columns[k] for k in np.argsort(-apart, kind="stable")[:TOLD].tolist()]
        same = bool(answers[near] == one.label) if len(clean) else None
        made.append(Beside(record, principal, time, columns, own[columns].tolist(), usual[columns].tolist(), same))
    return made


class Told(NamedTuple):
    """What an alert says: a trigger as it is now, the (2, F) scale of columns, if it is known, and some records."""

    trigger: Trigger
    scale: Array | None
    examples: Sequence[Beside]
