"""Scan: a slice of bytes looked at by the scanner, before the rest of it is read with patience."""

from collections.abc import Mapping, Sequence

import numpy as np

from schemas.batch import Integers
from schemas.record import Record
from schemas.scanner.objects import ROW, scan
from schemas.scanner.scanned import Scanned


class Scan:
    """What the scanner made of N values.

    Attributes
    ----------
    odd : which values it left to others, in order
    """

    def __init__(self, values: Sequence[bytes | None], longest: int) -> None:
        self._values = [value if value is not None and len(value) <= longest else b"" for value in values]
        self._data = b"".join(self._values)
        starts = np.zeros(len(values) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, self._values), np.int64, len(values)), out=starts[1:])
        self._rows = np.empty(len(values), ROW)
        self._numbers = np.empty(len(self._data) // 2 + 1)
        scan(np.frombuffer(self._data, np.uint8), starts, self._rows, self._numbers)
        self.odd: list[int] = np.flatnonzero(self._rows["plain"] == 0).tolist()

    def records(self, read: Mapping[int, Record]) -> tuple[Scanned, Integers]:
        """Records of the plain values and of those that were read elsewhere, in order; and which values they are."""
        kept = self._rows["plain"] != 0
        kept[list(read)] = True
        places = np.flatnonzero(kept)
        items: list[bytes | Record] = list(self._values)
        for i, record in read.items():
            items[i] = record
        if len(places) < len(items):
            items = [items[i] for i in places.tolist()]
        at = np.where(self._rows["plain"][places] != 0, places, -1)
        return Scanned(items, at, data=self._data, rows=self._rows, numbers=self._numbers), places
