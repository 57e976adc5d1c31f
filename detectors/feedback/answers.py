"""Answers: what a model answered to which request, remembered until somebody says what was true.

One table a model and partition, of fixed memory, from the first feedback on that model on. It has places for 131,072
requests at most; of four that share a place the one heard of longest ago goes. An answer is the index of the likeliest
class, or -1 - CRC-32 of its name where it has one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from detectors.features import outputs
from schemas.batch import Batch
from schemas.compiled import compiled

Array = npt.NDArray[Any]

SMALLEST, LARGEST, WAYS = 1 << 10, 1 << 17, 4
NONE = -(1 << 40)  # no answer is known

known = np.dtype([("hash", "u8"), ("time", "f8"), ("answer", "i8"), ("version", "i4"), ("sure", "f4")], align=True)


class Asked(NamedTuple):
    """N requests and feedback records in order of their offsets; what is looked up gets what is remembered.

    Attributes
    ----------
    hash : (N,) u8 of the request's id
    feedback : (N,) bool, whether it is looked up
    time, answer, version, sure : (N,) s, answer, index of a version, probability of the answer
    """

    hash: Array
    feedback: Array
    time: Array
    answer: Array
    version: Array
    sure: Array


class Answers:
    """The remembered answers of one model on one partition."""

    def __init__(self) -> None:
        self.table = np.zeros(SMALLEST, known)
        self.taken = np.zeros(1, np.int64)

    def follow(self, asked: Asked) -> None:
        """Remember and look up, in order; rows of feedback are filled where the request is remembered."""
        at = 0
        while at < len(asked.hash):
            at = int(_follow(asked, at, self.table, self.taken))
            if at < len(asked.hash):
                self._grow()

    def _grow(self) -> None:
        before = self.table[self.table["hash"] != 0]
        self.table, self.taken = np.zeros(2 * len(self.table), known), np.zeros(1, np.int64)
        _keep(before[np.argsort(before["time"], kind="stable")], self.table, self.taken)

    def arrays(self) -> dict[str, Array]:
        """Content as plain arrays, empty places left out."""
        place = np.flatnonzero(self.table["hash"])
        return {"place": place, "rows": self.table[place], "size": np.array([len(self.table)], np.int64)}

    @classmethod
    def of(cls, arrays: dict[str, Array]) -> "Answers":
        """Undo :meth:`arrays`."""
        made = cls()
        made.table = np.zeros(int(arrays["size"][0]), known)
        made.table[arrays["place"]] = arrays["rows"]
        made.taken[0] = len(arrays["place"])
        return made


def named(name: str) -> int:
    """The answer that has a name."""
    return -1 - crc32(name.encode("utf-8", "replace"))


def given(batch: Batch, *, labels: bool = True) -> tuple[Array, Array]:
    """Answers (N,) of a batch, and how sure (N,) the model was of them, NaN where that is not logged.

    ``labels`` says whether the label is the model's, as it is in all records but feedback.
    """
    n = len(batch)
    answer, sure = np.full(n, NONE), np.full(n, np.nan, np.float32)
    if batch.probabilities.shape[1] > 1:
        label, margin = np.zeros(n, np.int32), np.empty(n, np.float32)
        outputs.top_two(np.ascontiguousarray(batch.probabilities, np.float32), label, margin, sure)
        classes = _names(batch)
        return np.array([classes[k] for k in label.tolist()], np.int64), sure
    said = [i for i, label in enumerate(batch.labels) if label and labels]
    answer[said] = [named(batch.labels[i]) for i in said]
    return answer, sure


def _names(batch: Batch) -> Sequence[int]:
    """The answer that each class is: its index, or its name where probabilities have names."""
    first = batch.records[0].probabilities
    width = range(batch.probabilities.shape[1])
    return [named(name) for name in sorted(first)] if isinstance(first, dict) and len(first) == len(width) else width


@compiled
def hashes(ids: Array, made: Array) -> None:
    """FNV-1a of ids (N, 40), 0 for none."""
    for i in range(len(ids)):
        h = np.uint64(14695981039346656037)
        k = 0
        while k < ids.shape[1] and ids[i, k] != 0:
            h = (h ^ np.uint64(ids[i, k])) * np.uint64(1099511628211)
            k += 1
        h ^= h >> np.uint64(29)
        made[i] = h | np.uint64(1) if k else np.uint64(0)


@compiled
def _follow(asked: Asked, start: int, table: Any, taken: Array) -> int:
    for i in range(start, len(asked.hash)):
        if asked.hash[i] == 0:
            continue
        at = _place(asked.hash[i], table)
        if asked.feedback[i]:
            if table[at].hash == asked.hash[i] and asked.answer[i] == NONE:
                asked.answer[i], asked.sure[i] = table[at].answer, table[at].sure
            if table[at].hash == asked.hash[i]:
                asked.version[i], asked.time[i] = table[at].version, table[at].time
            continue
        taken[0] += table[at].hash == 0
        table[at].hash, table[at].time, table[at].answer = asked.hash[i], asked.time[i], asked.answer[i]
        table[at].version, table[at].sure = asked.version[i], asked.sure[i]
        if 2 * taken[0] > len(table) and len(table) < LARGEST:
            return i + 1
    return len(asked.hash)


@compiled
def _place(h: Any, table: Any) -> int:
    """Where a request is, or would go: an empty place, or that of the one heard of longest ago."""
    first = int((h >> np.uint64(20)) % np.uint64(len(table) // WAYS)) * WAYS
    best = first
    for k in range(first, first + WAYS):
        if table[k].hash == h:
            return k
        if table[k].hash == 0:
            if table[best].hash != 0:
                best = k
        elif table[best].hash != 0 and table[k].time < table[best].time:
            best = k
    return best


@compiled
def _keep(rows: Any, table: Any, taken: Array) -> None:
    for i in range(len(rows)):
        at = _place(rows[i].hash, table)
        taken[0] += table[at].hash == 0
        table[at] = rows[i]
