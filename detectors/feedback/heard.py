"""Heard: a slice's feedback on one model, whatever its forms and versions, in the order in which it came."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.named import NamedSchema
from detectors.feedback.answers import given, hashes
from schemas.batch import Batch, Codes
from schemas.columns import encoded, in_order

Array = npt.NDArray[Any]

COLUMNS = ("offsets", "time", "ids", "width", "version", "about", "answer", "sure", "delay", "_batch", "_row")
BY_NAME = -1  # the width of inputs whose values have names


class Heard:
    """N feedback records of batches of one model.

    Attributes
    ----------
    offsets, time, ids : (N,), (N,) s, (N, 40) u1
    names, who : contributors in order of appearance, and (N,) the index of each record's
    label : N labels as given
    answer, sure, delay, version : (N,) what the model had answered, how sure, how long before (s, -1 unknown), and
        the index of the version; what the record itself does not say is filled from memory
    about : (N,) u8, hash of the request's id
    width : (N,) how many numbers the input has, -1 where they have names, 0 where there is none
    """

    def __init__(self, some: Sequence[Batch], version: Callable[[str], int]) -> None:
        self.some = some
        offsets = np.concatenate([b.offsets for b in some])
        order = np.argsort(offsets, kind="stable")
        self._batch = np.repeat(np.arange(len(some)), [len(b) for b in some])[order]
        self._row = np.concatenate([np.arange(len(b)) for b in some])[order]
        self.offsets = offsets[order]
        self.time = np.concatenate([b.time for b in some])[order]
        self.ids = np.concatenate([b.ids for b in some])[order]
        self.names, self.who = _contributors(some, order)
        self.label = self._listed(lambda b: b.labels)
        self.version = np.array([version(b.version) for b in some], np.int64)[self._batch]
        about = encoded(self._listed(lambda b: [r.request_id or r.id for r in b.records]))
        self.about = np.empty(len(order), np.uint64)
        hashes(about, self.about)
        said = [given(b, labels=False) for b in some]
        self.answer, self.sure = (np.concatenate(column)[order] for column in zip(*said, strict=True))
        self.delay = np.full(len(order), -1.0)
        widths = [BY_NAME if b.named is not None else b.features.shape[1] for b in some]
        self.width = np.array(widths)[self._batch]

    def __len__(self) -> int:
        """Return N."""
        return len(self.offsets)

    def _listed(self, column: Any) -> list[str]:
        columns = [column(b) for b in self.some]
        return [columns[k][i] for k, i in zip(self._batch.tolist(), self._row.tolist(), strict=True)]

    def only(self, rows: Array) -> "Heard":
        """Some of the records, by (N,) mask."""
        if rows.all():
            return self
        made = copy(self)
        for name in COLUMNS:
            setattr(made, name, getattr(self, name)[rows])
        made.names, made.who = in_order(self.names, self.who[rows])
        made.label = [one for one, keep in zip(self.label, rows.tolist(), strict=True) if keep]
        return made

    def inputs(self, rows: slice, width: int, schema: NamedSchema | None) -> Array:
        """Inputs (n, F) f4 of consecutive rows, zeros where they are of another form than ``width`` or ``schema``."""
        columns = width if schema is None else schema.width
        made = np.zeros((len(self.offsets[rows]), max(columns, 0)), np.float32)
        for k, batch in enumerate(self.some):
            mine = (self._batch[rows] == k) & (self.width[rows] == width)
            if mine.any():
                own = self._row[rows][mine]
                made[mine] = batch.features[own] if schema is None else schema.encode(_named(batch, own))
        return made

    def by_name(self, rows: slice) -> list[dict[str, object]]:
        """Named values of consecutive rows, none where there are none."""
        found = []
        for k, i in zip(self._batch[rows].tolist(), self._row[rows].tolist(), strict=True):
            named = self.some[k].named
            found.append({} if named is None else named[i])
        return found


def _named(batch: Batch, rows: Array) -> list[dict[str, object]]:
    assert batch.named is not None
    return [batch.named[i] for i in rows.tolist()]


def _contributors(some: Sequence[Batch], order: Array) -> tuple[list[str], Codes]:
    """Contributors of all batches, in order of appearance, and whose each record is."""
    codes: dict[str, int] = {}
    who = [np.array([codes.setdefault(n, len(codes)) for n in b.principals], np.int32)[b.principal] for b in some]
    return in_order(list(codes), np.concatenate(who)[order])
