"""Scanned records: a slice as columns from the start, each made a Record only when somebody asks for it."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from schemas.arrays import tame, tame_probabilities
from schemas.batch import Batch, Doubles, Integers
from schemas.columns import batches as of_records
from schemas.columns import fixed, nothing_read, total
from schemas.joining import merged
from schemas.later import Later
from schemas.record import Record
from schemas.scanner import forms

Array = npt.NDArray[Any]


class Scanned(Later):
    """Records of a slice with what the scanner found of them.

    Attributes
    ----------
    data : all JSON of the slice
    rows : (M,) of ``schemas.scanner.objects.ROW``
    numbers : what the rows' lists lie in
    at : (N,) the row of each record, -1 where a Record is there instead
    """

    def __init__(
        self, items: list[bytes | Record], at: Integers, *, data: bytes, rows: Array, numbers: Doubles
    ) -> None:
        self.data, self.rows, self.numbers, self.at = data, rows, numbers, at
        time = np.where(at >= 0, rows["time"][at], 0.0)
        for i in np.flatnonzero(at < 0).tolist():
            time[i] = items[i].time  # type: ignore[union-attr]  # that is what -1 says
        super().__init__(items, time)

    def sent_by(self, principal: str) -> int:
        """How many are from somebody."""
        spans = self.rows["principal"][self.at[self.at >= 0]]
        length = spans[:, 1] - spans[:, 0] == len(principal)
        found = sum(self._text(span) == principal for span in spans[length].tolist())
        return found + sum(self[i].principal == principal for i in np.flatnonzero(self.at < 0).tolist())

    def retimed(self, rows: Integers, time: Doubles) -> "Scanned":
        """Give the same with the time of some rows (n,) set to others (n,), s."""
        made = Scanned(list(self.items), self.at, data=self.data, rows=self.rows, numbers=self.numbers)
        made.time = self.time.copy()
        made.time[rows] = time
        for i in rows.tolist():
            made.items[i] = made[i] if self.at[i] < 0 else made.items[i]
            item = made.items[i]
            if isinstance(item, Record):
                made.items[i] = msgspec.structs.replace(item, time=float(made.time[i]))
        return made

    def without(self, rows: Integers) -> "Scanned":
        """Give the same without some rows (n,) that are Records already."""
        kept = np.delete(np.arange(len(self)), rows)
        items = [self.items[i] for i in kept.tolist()]
        made = Scanned(items, self.at[kept], data=self.data, rows=self.rows, numbers=self.numbers)
        made.time = self.time[kept]
        return made

    def batches(self, offsets: Integers, *, trusted: bool) -> list[Batch]:
        """Sort into batches as :func:`schemas.columns.batches` does; ``offsets`` (N,)."""
        plain = np.flatnonzero(self.at >= 0)
        made = self._plain(plain, offsets, trusted=trusted) if len(plain) else []
        if len(plain) == len(self):
            return made
        rest = np.flatnonzero(self.at < 0)
        others = of_records([self[i] for i in rest.tolist()], offsets[rest], trusted=trusted)
        return sorted(merged(made + others), key=lambda batch: int(batch.offsets[0]))

    def _plain(self, plain: Integers, offsets: Integers, *, trusted: bool) -> list[Batch]:
        rows = self.rows[self.at[plain]] if len(plain) < len(self.rows) else self.rows
        data = np.frombuffer(self.data, np.uint8)
        code, firsts = np.empty(len(rows), np.int32), np.empty(len(rows), np.int64)
        count = forms.forms(data, rows, code, firsts)
        if count == 1:
            return [self._batch(rows, plain, offsets, trusted=trusted)]
        members = [np.flatnonzero(code == k) for k in range(count)]
        return [self._batch(rows[some], plain[some], offsets, trusted=trusted) for some in members]

    def _batch(self, rows: Array, at: Integers, offsets: Integers, *, trusted: bool) -> Batch:
        """One form's batch, of scanned rows and where they lie among all."""
        first, n = rows[0], len(rows)
        features, bad = tame(self._matrix(rows["features"], int(first["F"])))
        probabilities, outside = tame_probabilities(self._matrix(rows["probabilities"], int(first["C"])))
        names, principal = self._principals(rows)
        every = n == len(self)
        return Batch(
            model=self._text(first["model"]),
            version=self._text(first["version"]),
            offsets=fixed(np.array(offsets if every else offsets[at], np.int64)),
            time=fixed(self.time[at]),
            principals=names,
            principal=fixed(principal),
            features=fixed(features),
            named=None,
            probabilities=fixed(probabilities),
            labels=self._labels(rows["label"]),
            latency=fixed(rows["latency"].astype(np.float32)),
            tokens=fixed(rows["tokens"].copy()),
            bad=fixed(total(bad, outside)),
            trusted=fixed(np.full(n, trusted)),
            worded=False,
            text=nothing_read(n),
            ids=fixed(rows["id"].copy()),
            records=Later(self.items, self.time) if every else self.pick(at),
        )

    def _matrix(self, begins: Integers, columns: int) -> Doubles:
        made = np.empty((len(begins), columns))
        forms.gather(self.numbers, np.ascontiguousarray(begins), made)
        return made

    def _principals(self, rows: Array) -> tuple[list[str], npt.NDArray[np.int32]]:
        n = len(rows)
        code, firsts = np.empty(n, np.int32), np.empty(n, np.int64)
        table = np.full(1 << (2 * n).bit_length(), -1, np.int32)
        count = forms.principals(np.frombuffer(self.data, np.uint8), rows, table, code, firsts)
        return [self._text(span) for span in rows["principal"][firsts[:count]].tolist()], code

    def _labels(self, spans: Array) -> list[str]:
        if not spans.any():
            return [""] * len(spans)
        return [self._text(span) for span in spans.tolist()]

    def _text(self, span: Sequence[int]) -> str:
        return self.data[span[0] : span[1]].decode("ascii")


def times(records: Sequence[Record]) -> Doubles:
    """When N records are from: (N,) s."""
    return records.time if isinstance(records, Later) else np.array([r.time for r in records], np.float64)


def retimed(records: Sequence[Record], rows: Integers, time: Doubles) -> Sequence[Record]:
    """Give the same records with the time of some rows (n,) set to others (n,), s."""
    if isinstance(records, Scanned):
        return records.retimed(rows, time)
    made = list(records)
    for i, moment in zip(rows.tolist(), time.tolist(), strict=True):
        made[i] = msgspec.structs.replace(made[i], time=moment)
    return made


def batches(records: Sequence[Record], offsets: Integers, *, trusted: bool = True) -> list[Batch]:
    """Sort N records, scanned or not, into batches: see :func:`schemas.columns.batches`."""
    if isinstance(records, Scanned):
        return records.batches(offsets, trusted=trusted)
    return of_records(records, offsets, trusted=trusted)
