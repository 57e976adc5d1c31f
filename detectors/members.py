"""Members: the latest sketch of every principal that is remembered of one model version, in fixed room."""

from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import affinity
from detectors.features.marks import MARKS, NONE
from detectors.packing import Corrupt
from detectors.statistics import TABLE
from schemas.batch import ID, Doubles, Integers
from schemas.signal import Sketch

FIRST = 64  # rows to begin with; doubled when full
LINK = 5.0  # nats that speak for two being one: about the log of how many others there are
SHARED, WORTH = 3, 2.0  # marks that count, and nats that each of them says at most

Rows = npt.NDArray[np.void]
Marks = npt.NDArray[np.uint64]

row_dtype = np.dtype(
    [
        ("count", "i8"),
        ("first", "f8"),
        ("last", "f8"),
        ("cohort", "i8"),
        ("z", "i1", len(TABLE)),
        ("marks", "u8", MARKS),
        ("record", "u1", ID),
    ],
    align=True,
)
"""One principal; ``cohort`` is the number of the one it belongs to, 0 for none. Unused marks are NONE; ``record`` is
the id of its last one, cut, and filled with zeros."""


class Members:
    """Principals by name, each with its latest sketch; whoever was heard of longest ago makes room, if in no cohort.

    Parameters
    ----------
    limit : principals held at most
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.names: list[str] = []
        self.row_of: dict[str, int] = {}
        self.rows: Rows = np.zeros(FIRST, row_dtype)

    def __len__(self) -> int:
        """Principals held now."""
        return len(self.names)

    @property
    def held(self) -> Rows:
        """Their rows (n,)."""
        return self.rows[: len(self.names)]

    def take(self, sketch: Sketch) -> int | None:
        """Row of a sketch's principal, brought up to date; None where it says nothing new.

        A principal that counts anew was forgotten by its worker; it is heard again.
        """
        at = self.row_of.get(sketch.principal)
        if at is None:
            at = self._room()
            self.row_of[sketch.principal] = at
            self.names[at] = sketch.principal
            self.rows[at]["first"] = sketch.first
        row = self.rows[at]
        if sketch.count <= row["count"] and sketch.first <= row["last"]:
            return None
        row["count"], row["last"] = sketch.count, max(float(row["last"]), sketch.last)
        row["z"], row["marks"] = np.frombuffer(sketch.z, np.int8), NONE
        row["marks"][: len(sketch.marks)] = sketch.marks
        row["record"] = np.frombuffer(sketch.record.encode("utf-8", "replace")[:ID].ljust(ID, b"\0"), np.uint8)
        return at

    def _room(self) -> int:
        """A row that is free now."""
        if len(self.names) >= self.limit:
            at = int(np.lexsort((self.held["last"], self.held["cohort"] > 0))[0])
            del self.row_of[self.names[at]]
        else:
            at = len(self.names)
            self.names.append("")
            if at >= len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros(min(at, self.limit - at), row_dtype)])
        self.rows[at] = np.zeros((), row_dtype)
        return at

    def sums(self, which: Any = slice(None)) -> tuple[Integers, Integers]:
        """Sums (k, 64) of deviations of some principals, and the records (k,) that they speak for."""
        rows = self.held[which]
        return affinity.sums(rows["z"], rows["count"]), affinity.records(rows["count"])

    def suspicion(self, which: Any) -> float:
        """The attack's logit of some principals as one."""
        rows = self.held[which]
        return affinity.suspicion(rows["z"], rows["count"])

    def star(self, at: int, *, since: float = -np.inf) -> Integers:
        """Rows of a principal and of all that are like it and like all of them together, rising.

        Who was not heard of ``since`` then, s, is left out.
        """
        own = self.rows[at]["marks"][self.rows[at]["marks"] != NONE]
        shared = np.isin(self.held["marks"], own).sum(1)
        late = self.held["last"] < since
        rows: Integers = np.array([at])
        others = np.ones(len(self), np.bool_)
        for _ in range(2):
            s, n = self.sums(rows)
            near = self._near(s.sum(0), int(n.sum()), shared)
            near[late] = -np.inf
            near[at] = np.inf
            others &= near >= LINK
            rows = np.flatnonzero(others)
        return rows

    def _near(self, s: Integers, n: int, shared: Integers) -> Doubles:
        """Nats (k,) for each principal being one with whoever has sum s (64,) over n records.

        Marks that are ``shared`` (k,) with it say the less, the more of those who behave otherwise share some too.
        """
        found = affinity.likeness(s, n, *self.sums())
        strangers = found < 0
        chance = (1 + int((shared[strangers] > 0).sum())) / (1 + int(strangers.sum()))
        return found + min(max(-log(chance) - 1, 0.0), WORTH) * np.minimum(shared, SHARED)

    def load(self, names: list[str], rows: Rows) -> None:
        """Replace all by what was held once; raises ``Corrupt``."""
        if rows.dtype != row_dtype or not len(names) == len(rows) <= self.limit:
            raise Corrupt("sketches have another layout: they were written by another version")
        self.names = [str(name) for name in names]
        self.row_of = {name: at for at, name in enumerate(self.names)}
        self.rows = np.concatenate([rows, np.zeros(max(0, min(FIRST, self.limit) - len(rows)), row_dtype)])
