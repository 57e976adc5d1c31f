"""AnswerMemory: what a model answered to an input the last time, so that it is seen when it answers otherwise.

One table a model and partition, of fixed memory: for each remembered input the answers of two versions, its label and
how sure it was. An input asked again of the same version should get the same answer; where that suddenly stops, the
model was exchanged under its old name. An input asked of another version says what differs between the two. Nothing
here needs a burn-in.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.answer_tally import bet, compare, settle, tally
from schemas.compiled import compiled

Array = npt.NDArray[Any]

SMALLEST, LARGEST = 256, 8192  # inputs remembered: doubled while more than half are taken
MOST = 64  # versions of a model that are told apart
QUIET = 86400.0  # s after a swap was told in which the same version is not told of again
MOVED = np.float32(0.02)  # of the answer's probability: less is no change
PATIENCE = 12  # times that an input asked again is not pushed out by a new one
SWAPPED, DIFFERS, FULL = 1, 2, 3

known = np.dtype(
    [
        ("hash", "u8"),
        ("version", "i2", 2),
        ("label", "i4", 2),
        ("sure", "f4", 2),
        ("credit", "i2"),
    ],
    align=True,
)
"""One input: the answers of up to two versions, the newest first; a hash of 0 is an empty place."""


class Asked(NamedTuple):
    """N records of one model as columns, in order of arrival.

    Attributes
    ----------
    hash : (N,) u8, equal where the inputs are; 0 where there are none
    version : (N,) i2, index of the version that answered; -1 is none that is told apart
    label : (N,) i4
    sure : (N,) f4, probability of the label; NaN where it is not logged
    who : (N,) u8, one bit of 64 for the principal
    time : (N,) s
    """

    hash: Array
    version: Array
    label: Array
    sure: Array
    who: Array
    time: Array


class Certain(NamedTuple):
    """Row at which something became certain, ``SWAPPED`` or ``DIFFERS``, of which version, and its tally then."""

    row: int
    kind: int
    version: int
    tally: np.void


class AnswerMemory:
    """The remembered answers of one model on one partition.

    Attributes
    ----------
    versions : names, in order of appearance
    table : remembered inputs
    tallies : (MOST,) one a version
    """

    PARTS = ("place", "rows", "size", "tallies")

    def __init__(self) -> None:
        self.versions: list[str] = []
        self.table = np.zeros(SMALLEST, known)
        self.tallies = np.zeros(MOST, tally)
        self.taken = np.zeros(1, np.int64)

    def version(self, name: str) -> int:
        """Index of a version, -1 if there are too many."""
        if name not in self.versions:
            if len(self.versions) == MOST:
                return -1
            self.versions.append(name)
        return self.versions.index(name)

    def follow(self, asked: Asked) -> list[Certain]:
        """Compare and remember N answers, in order, and return what became certain."""
        found: list[Certain] = []
        event, at = np.zeros(2, np.int64), 0
        while at < len(asked.hash):
            at = int(_follow(asked, at, self.table, self.tallies, self.taken, event))
            kind, version = event.tolist()
            if kind == FULL:
                self._grow()
            elif kind:
                t = self.tallies[version : version + 1]
                if kind == DIFFERS or not t["alarm"][0] or asked.time[at - 1] >= t["alarm"][0] + QUIET:
                    found.append(Certain(at - 1, kind, version, t[0].copy()))
                if kind == DIFFERS:
                    t["told"] = 1
                else:
                    t["alarm"] = asked.time[at - 1]
                    self.taken[0] = _begin_again(self.table, self.tallies, version)
        return found

    def _grow(self) -> None:
        before = self.table
        self.table = np.zeros(2 * len(before), known)
        self.taken[0] = _move(before, self.table)

    def arrays(self) -> dict[str, Array]:
        """Content as plain arrays, empty places left out."""
        place = np.flatnonzero(self.table["hash"])
        return {
            "place": place, "rows": self.table[place], "size": np.array([len(self.table)], np.int64),
            "tallies": self.tallies[: len(self.versions)],
        }  # fmt: skip

    @classmethod
    def of(cls, versions: list[str], arrays: dict[str, Array]) -> "AnswerMemory":
        """Undo :meth:`arrays`."""
        made = cls()
        made.versions = versions
        made.table = np.zeros(int(arrays["size"][0]), known)
        made.table[arrays["place"]] = arrays["rows"]
        made.tallies[: len(versions)] = arrays["tallies"]
        made.taken[0] = len(arrays["place"])
        return made


@compiled
def _follow(asked: Asked, start: int, table: Any, tallies: Any, taken: Array, event: Array) -> int:
    """Go on from row ``start`` until something became certain, or the table should grow: ``event``, and of whom."""
    event[0] = 0
    size = np.uint64(len(table))
    for i in range(start, len(asked.hash)):
        version = asked.version[i]
        if asked.hash[i] == 0 or version < 0:
            continue
        own = table[(asked.hash[i] >> np.uint64(8)) % size]
        label, sure = asked.label[i], asked.sure[i]
        if own.hash != asked.hash[i]:
            if own.hash != 0 and own.credit > 0:
                own.credit -= 1
                continue
            taken[0] += own.hash == 0
            own.hash, own.credit = asked.hash[i], 0
            own.version[0], own.version[1] = version, -1
            own.label[0], own.sure[0] = label, sure
            if 2 * taken[0] > len(table) and len(table) < LARGEST:
                event[0] = FULL
                return i + 1
            continue
        own.credit = PATIENCE
        if own.version[0] == version or own.version[1] == version:
            k = 0 if own.version[0] == version else 1
            other = label != own.label[k]
            changed = other or abs(sure - own.sure[k]) > MOVED
            own.label[k], own.sure[k] = label, sure
            if bet(tallies[version], changed, other, asked.who[i], asked.time[i]):
                event[0], event[1] = SWAPPED, version
                return i + 1
        else:
            before, differ, gap = own.version[0], label != own.label[0], sure - own.sure[0]
            own.version[1], own.label[1], own.sure[1] = own.version[0], own.label[0], own.sure[0]
            own.version[0], own.label[0], own.sure[0] = version, label, sure
            newer = max(before, version)
            if compare(tallies[newer], min(before, version), differ, gap if newer == version else -gap):
                event[0], event[1] = DIFFERS, newer
                return i + 1
    return len(asked.hash)


@compiled
def _begin_again(table: Any, tallies: Any, version: int) -> int:
    """Forget what an exchanged version answered before; returns how many inputs are still remembered."""
    settle(tallies[version])
    n = 0
    for k in range(len(table)):
        own = table[k]
        if own.version[0] == version and own.hash != 0:
            own.version[0], own.label[0], own.sure[0] = own.version[1], own.label[1], own.sure[1]
            own.version[1] = -1
        elif own.version[1] == version:
            own.version[1] = -1
        if own.version[0] < 0:
            own.hash = 0
        n += own.hash != 0
    return n


@compiled
def _move(before: Any, table: Any) -> int:
    """Put remembered inputs into a larger table; returns how many places are taken."""
    n = 0
    size = np.uint64(len(table))
    for k in range(len(before)):
        if before[k].hash != 0:
            table[(before[k].hash >> np.uint64(8)) % size] = before[k]
            n += 1
    return n
