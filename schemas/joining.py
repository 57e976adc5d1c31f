"""Joining: batches of one form as one; and requests without an answer in the form of those that have one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.batch import Batch, Integers
from schemas.columns import fixed, in_order
from schemas.later import Later
from schemas.record import Record


def merged(some: Sequence[Batch]) -> list[Batch]:
    """Batches of the same form joined into one each, rows in the order of their offsets."""
    groups: dict[tuple[object, ...], list[Batch]] = {}
    for b in some:
        form = (b.model, b.version, b.features.shape[1], b.probabilities.shape[1], b.named is None, b.worded)
        groups.setdefault(form, []).append(b)
    return [group[0] if len(group) == 1 else joined(group) for group in groups.values()]


def joined(some: Sequence[Batch]) -> Batch:
    """Batches of one form as one, rows in the order of their offsets."""
    offsets = np.concatenate([b.offsets for b in some])
    order = np.argsort(offsets)
    names: dict[str, int] = {}
    who = [[names.setdefault(name, len(names)) for name in b.principals] for b in some]
    code = np.concatenate([np.array(w, np.int32)[b.principal] for w, b in zip(who, some, strict=True)])

    def column(name: str) -> Any:
        return fixed(np.concatenate([getattr(b, name) for b in some])[order])

    def listed(lists: list[list[Any]]) -> list[Any]:
        flat = [value for values in lists for value in values]
        return [flat[i] for i in order]

    principals, principal = in_order(list(names), code[order])
    return Batch(
        model=some[0].model,
        version=some[0].version,
        offsets=column("offsets"),
        time=column("time"),
        principals=principals,
        principal=fixed(principal),
        features=column("features"),
        named=None if some[0].named is None else listed([b.named or [] for b in some]),
        probabilities=column("probabilities"),
        labels=listed([b.labels for b in some]),
        latency=column("latency"),
        tokens=column("tokens"),
        bad=column("bad"),
        trusted=column("trusted"),
        worded=some[0].worded,
        text=column("text"),
        ids=column("ids"),
        records=_records(some, order),
        lone=_lone(some, order),
    )


def widened(batch: Batch, classes: int) -> Batch:
    """Requests that nobody answered, with room for an answer of so many classes: (N, C) NaN."""
    return replace(batch, probabilities=fixed(np.full((len(batch), classes), np.nan, np.float32)))


def _records(some: Sequence[Batch], order: Integers) -> Sequence[Record]:
    """All records in one order; what was not decoded is not."""
    items = [item for b in some for item in (b.records.items if isinstance(b.records, Later) else b.records)]
    return Later([items[i] for i in order.tolist()], np.concatenate([b.time for b in some])[order])


def _lone(some: Sequence[Batch], order: Integers) -> npt.NDArray[np.uint8] | None:
    if all(b.lone is None for b in some):
        return None
    return fixed(np.concatenate([np.zeros(len(b), np.uint8) if b.lone is None else b.lone for b in some])[order])
