"""Later: records that are made of their bytes only when somebody asks for one."""

from collections.abc import Sequence
from typing import overload

import msgspec

from schemas.batch import Doubles, Integers
from schemas.record import Record

_read = msgspec.json.Decoder(Record).decode


class Later(Sequence[Record]):
    """N records, those that were scanned still as the bytes they came in.

    Attributes
    ----------
    items : N records, or their JSON, which is known to be a Record
    time : (N,) s; what a record says unless it was set to something else
    """

    def __init__(self, items: list[bytes | Record], time: Doubles) -> None:
        self.items, self.time = items, time

    def __len__(self) -> int:
        """Return N."""
        return len(self.items)

    @overload
    def __getitem__(self, i: int) -> Record: ...
    @overload
    def __getitem__(self, i: slice) -> "Later": ...
    def __getitem__(self, i: int | slice) -> "Record | Later":
        if isinstance(i, slice):
            return Later(self.items[i], self.time[i])
        item = self.items[i]
        if isinstance(item, Record):
            return item
        record, time = _read(item), float(self.time[i])
        return record if record.time == time else msgspec.structs.replace(record, time=time)

    def pick(self, rows: Integers) -> "Later":
        """Some of them, by (n,) index."""
        return Later([self.items[i] for i in rows.tolist()], self.time[rows])
