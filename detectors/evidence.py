"""EvidenceStore: what gates had accumulated on evicted keys, in a fixed memory."""

from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

WAYS = 8


class EvidenceStore:
    """A set-associative table: a key's hash names a set of 8 ways; a full set gives up its least suspicious way.

    Memory is fixed by ``rows`` and taken when the first key is evicted. Two keys with equal 64-bit hashes would
    share a row: at ten million keys that is one chance in three hundred thousand.
    """

    def __init__(self, dtypes: dict[str, np.dtype[Any]], *, rows: int) -> None:
        self.names = list(dtypes)
        self.sets = max(1, rows // WAYS)
        self.row = np.dtype([("hash", "u8"), ("heat", "f4"), ("age", "u4"), *((n, d) for n, d in dtypes.items())])
        self.table = np.zeros((0, WAYS), self.row)
        self.clock = 0
        self.lost = 0

    @staticmethod
    def _hash(key: str) -> int:
        return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") | 1

    def put(self, key: str, rows: dict[str, np.void], heat: float) -> None:
        """Keep a key's evidence; the least suspicious, then oldest way of its set goes if all are taken."""
        if not len(self.table):
            self.table = np.zeros((self.sets, WAYS), self.row)
        code = self._hash(key)
        ways = self.table[code % self.sets]
        way = int(np.lexsort((ways["age"], ways["heat"], ways["hash"] != 0))[0])
        self.lost += int(ways["hash"][way] != 0)
        self.clock += 1
        ways[way] = np.zeros((), self.row)
        ways["hash"][way], ways["heat"][way], ways["age"][way] = code, heat, self.clock
        for name, row in rows.items():
            ways[name][way] = row

    def take(self, key: str) -> dict[str, np.void]:
        """A key's evidence, which leaves the store; empty if there is none."""
        if not len(self.table):
            return {}
        code = self._hash(key)
        ways = self.table[code % self.sets]
        found = np.flatnonzero(ways["hash"] == code)
        if not len(found):
            return {}
        row = ways[found[0]].copy()
        ways[found[0]] = np.zeros((), self.row)
        return {n: row[n] for n in self.names}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Content as plain arrays: only ways that are taken."""
        used = np.argwhere(self.table["hash"] != 0)
        return {
            "place": used.astype(np.int64),
            "rows": self.table[self.table["hash"] != 0],
            "count": np.array([self.clock, self.lost], np.int64),
        }

    def load(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Undo :meth:`arrays`."""
        self.table = np.zeros((self.sets if len(arrays["rows"]) else 0, WAYS), self.row)
        for (s, w), row in zip(arrays["place"].tolist(), arrays["rows"], strict=True):
            self.table[s, w] = row
        self.clock, self.lost = arrays["count"].tolist()
