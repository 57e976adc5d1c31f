"""State of all keys: a principal's slot, one structured array per detector, eviction that keeps the evidence."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.evidence import EvidenceStore
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Codes
from schemas.compiled import compiled

Slots = npt.NDArray[np.int64]
Suspicion = Callable[["KeyTable", Slots], npt.NDArray[np.float32]]

FIRST = 256  # slots to begin with; doubled when full


@compiled
def appearances(codes: Codes, met: Slots, first: Slots) -> int:
    """Fill ``first`` with the row at which each code of ``codes`` (N,) is first met, in order; return how many.

    ``met`` is as long as there are codes, and -1 all over before and after.
    """
    count = 0
    for i in range(len(codes)):
        if met[codes[i]] < 0:
            met[codes[i]] = 0
            first[count] = i
            count += 1
    for i in range(count):
        met[codes[first[i]]] = -1
    return count


class KeyTable:
    """Slots of keys, and for each registered name a structured array with one row a slot.

    Row 0 is nobody's: a detector may keep there what concerns the model as a whole. A row of zeros is a key never
    seen. At most ``limit`` keys are held. When they are full, a sixteenth makes room: first those least suspicious,
    among equals those longest away. What the gates had accumulated on an evicted key (the rows named in
    ``evidence``) goes to an :class:`EvidenceStore` of fixed size and comes back with the key, so that a flood of new
    principals can neither push out a suspect nor wipe his record.

    Parameters
    ----------
    dtypes : by name, the structured dtype of one key's row
    evidence : names whose rows survive eviction
    suspicion : ``(table, slots) -> (n,)`` in [0, 1]; 1 is about to alert or has alerted

    Attributes
    ----------
    evicted : keys that had to make room so far
    filled : how many records came before the first of them went
    opened : slots that the last call of :meth:`assign` gave to keys that had none
    """

    def __init__(
        self,
        dtypes: dict[str, np.dtype[Any]],
        *,
        limit: int,
        evidence: Sequence[str] = (),
        suspicion: Suspicion | None = None,
    ) -> None:
        self.dtypes, self.limit, self.suspicion = dtypes, limit, suspicion
        self.slot_of: dict[str, int] = {}
        self.keys: list[str | None] = [None]
        self.evicted = self.filled = self._next = 0
        self.opened: list[int] = []
        size = min(FIRST, limit + 1)
        self.seen = np.zeros(size, np.int64)
        self.arrays = {name: np.zeros(size, dtype) for name, dtype in dtypes.items()}
        self.free: list[int] = []
        self.evidence = EvidenceStore({n: dtypes[n] for n in evidence}, rows=4 * limit)

    def __len__(self) -> int:
        """Keys held now."""
        return len(self.slot_of)

    def __getitem__(self, name: str) -> npt.NDArray[np.void]:
        """The state array of a detector; it may be replaced by the next call of :meth:`assign`."""
        return self.arrays[name]

    @property
    def full(self) -> bool:
        """Whether keys had to make room for others, and still would: the limit may have been raised since."""
        return self.evicted > 0 and 16 * len(self) >= 15 * self.limit

    @property
    def bytes_per_key(self) -> int:
        """What one key costs, from the dtypes."""
        return sum(d.itemsize for d in self.dtypes.values()) + self.seen.itemsize

    def assign(self, principals: Sequence[str], codes: Codes, ordinal: int) -> Slots:
        """Slots of the first rows of a batch: (k,), k = N unless a new key finds no room.

        Where k < N, score the k rows, call :meth:`evict`, and go on with the rest. So eviction happens at the same
        record however the stream is cut, and knows what every record before it has done.

        Parameters
        ----------
        principals, codes : the distinct keys, and (N,) the index of each row's
        ordinal : how many records came before, on this table
        """
        self.opened = []
        slot = np.full(len(principals), -1, np.int64)
        first = np.empty(min(len(principals), len(codes)), np.int64)
        first = first[: appearances(codes, slot, first)]
        until = len(codes)
        for code, row in zip(codes[first].tolist(), first.tolist(), strict=True):
            found = self.slot_of.get(principals[code])
            if found is None:
                if len(self.slot_of) >= self.limit:
                    until = row
                    break
                found = self._open(principals[code])
            slot[code] = found
        self._next = ordinal + until
        rows = slot[codes[:until]]
        self.seen[rows] = ordinal + 1 + np.arange(until)
        return rows

    def _open(self, key: str) -> int:
        """A slot for a new key; its evidence, if it was here before, comes back."""
        if self.free:
            slot = self.free.pop()
            self.keys[slot] = key
        else:
            slot = len(self.keys)
            self.keys.append(key)
            if slot >= len(self.seen):
                self._grow()
        self.slot_of[key] = slot
        self.opened.append(slot)
        for name, row in self.evidence.take(key).items():
            self.arrays[name][slot] = row
        return slot

    def _grow(self) -> None:
        size = min(2 * len(self.seen), self.limit + 1)
        self.seen = _longer(self.seen, size)
        self.arrays = {n: _longer(a, size) for n, a in self.arrays.items()}

    def evict(self) -> None:
        """Free a sixteenth of the slots, at least one."""
        self.filled = self.filled if self.evicted else self._next
        held = np.sort(np.fromiter(self.slot_of.values(), np.int64, len(self.slot_of)))
        heat = self.suspicion(self, held) if self.suspicion else np.zeros(len(held), np.float32)
        going = np.lexsort((self.seen[held], heat))[: max(1, self.limit // 16)]
        self._close(held[going], heat[going])

    def _close(self, slots: Slots, heat: npt.NDArray[np.float32]) -> None:
        """Put away the evidence of keys and free their slots, in the order given."""
        kept = {name: self.arrays[name][slots] for name in self.evidence.names}
        some = np.zeros(len(slots), np.bool_)
        for rows in kept.values():
            some |= rows != np.zeros((), rows.dtype)
        for i in np.flatnonzero(some).tolist():
            self.evidence.put(str(self.keys[slots[i]]), {n: rows[i] for n, rows in kept.items()}, float(heat[i]))
        for array in self.arrays.values():
            array[slots] = np.zeros((), array.dtype)
        for slot in slots.tolist():
            del self.slot_of[str(self.keys[slot])]
            self.keys[slot] = None
        self.free += slots.tolist()
        self.evicted += len(slots)

    def to_bytes(self) -> bytes:
        """All state as one block; the same state gives the same bytes."""
        n = len(self.keys)
        arrays = {f"state.{name}": a[:n] for name, a in self.arrays.items()}
        arrays |= {"seen": self.seen[:n], **{f"evidence.{k}": v for k, v in self.evidence.arrays().items()}}
        head = {
            "keys": self.keys,
            "free": self.free,
            "evicted": self.evicted,
            "limit": self.limit,
        }
        return pack(head, arrays)

    def load(self, data: bytes) -> None:
        """Replace all state by a block of :meth:`to_bytes`; raises ``Corrupt`` if its layout is another."""
        head, arrays = unpack(data)
        for name, dtype in self.dtypes.items():
            stored = arrays.get(f"state.{name}")
            if stored is None or stored.dtype != dtype:
                raise Corrupt(f"state of {name!r} has another layout: it was written by another version")
        keys: list[str | None] = head["keys"]
        size = max(min(FIRST, self.limit + 1), len(keys))
        self.keys, self.free, self.evicted = keys, head["free"], head["evicted"]
        self.slot_of = {k: i for i, k in enumerate(keys) if k is not None}
        self.seen = _longer(arrays["seen"], size)
        self.arrays = {n: _longer(arrays[f"state.{n}"], size) for n in self.dtypes}
        self.evidence.load({k[9:]: v for k, v in arrays.items() if k.startswith("evidence.")})


def _longer(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    if len(array) >= size:
        return array
    made = np.zeros(size, array.dtype)
    made[: len(array)] = array
    return made
