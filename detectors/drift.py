"""Drift of one model version: blocks of all partitions, in order, to the statement that inputs or answers moved.

Blocks are put together until enough principals have spoken: a *unit*. Of each statistic a unit says by how many
standard errors its principals have moved from their own past; while nothing changes these are independent, with mean
0 and variance 1 (measured on two weeks of session-shaped traffic: standard deviation 0.96 to 1.11, correlation
between units under 0.2). :mod:`detectors.change` decides on each.

After a change the new level is learnt for :data:`HOLD`. From then on a move counts only beyond the span between the
level before and one and a half times the new one: the way back, as principals get used to it, is no new change.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.blocks import NAMES
from detectors.change import EPOCH, OVERWHELMING, REACH, Watcher
from detectors.features.tails import TAILS
from detectors.half_space import Forest
from detectors.packing import Corrupt, pack, unpack
from schemas.signal import Block

Doubles = npt.NDArray[np.float64]

FOREST = "odd_samples"
STATISTICS = (*NAMES, FOREST)
COUNT = len(STATISTICS)
PURE = [TAILS.index(n) for n in ("rare_values", "off_manifold", "off_mode", "odd_combination")]
INPUTS = frozenset(
    ("rare_values", "off_manifold", "off_mode", "odd_combination", "far_from_known", "between_classes", FOREST)
)
VOICES = 16  # a unit's voices
SPAN = 600.0  # s of record time that a unit covers at least
HOLD = 86400.0  # s after a change in which its level is learnt and nothing is said
TRACK = 16  # units over which a changed level is followed
ALSO = 3.5  # standard errors at which a further statistic counts as moved by the same change
PRIOR = 32.0  # voices that the assumed deviation weighs
LONGEST = 1000.0  # voices that the measured deviation remembers
LEAST = 0.05  # smallest deviation of one voice
ASSUMED = np.array([0.15] * 6 + [0.2, 0.09, 0.15, 0.06] + [0.09] * (len(NAMES) - 10))

unit_dtype = np.dtype(
    [
        ("first", "f8"),
        ("last", "f8"),
        ("records", "i8"),
        ("voices", "i8"),
        ("moved", "f8", len(NAMES)),
        ("spread", "f8", len(NAMES)),
        ("usual", "f8", len(NAMES)),
        ("level", "f8", len(NAMES)),
        ("odd", "f8"),
        ("samples", "i8"),
        ("x", "f8", COUNT),
    ]
)
"""One unit; moved, spread, level and odd are sums while it is open."""


class Moved(NamedTuple):
    """A statistic that moved: from what, to what, by how many standard errors, and which tests agree."""

    name: str
    before: float
    now: float
    margin: float
    tests: tuple[str, ...]


class Drift(NamedTuple):
    """A change of one model version, the statistics that moved farthest first.

    Attributes
    ----------
    since : when it began, s since the epoch
    time : record time at which it was certain
    records, voices : since it began
    again : whether the same model version moved before
    """

    since: float
    time: float
    records: int
    voices: int
    moved: list[Moved]
    again: bool

    @property
    def inputs(self) -> bool:
        """Whether inputs moved."""
        return any(m.name in INPUTS for m in self.moved)

    @property
    def outputs(self) -> bool:
        """Whether answers moved."""
        return any(m.name not in INPUTS for m in self.moved)


class ModelDrift:
    """What the correlator knows about one model version."""

    def __init__(self) -> None:
        self.open = np.zeros((), unit_dtype)
        self.ring = np.zeros(0, unit_dtype)
        self.variance = ASSUMED**2
        self.weight = PRIOR
        self.offset = np.zeros(COUNT)
        self.held = -1.0
        self.changes = 0
        self.watchers = [Watcher() for _ in STATISTICS]
        self.forest = Forest()

    def add(self, block: Block) -> Drift | None:
        """Take in a block; return the change that it makes certain, if any."""
        if tuple(block.names) != NAMES:
            return None
        u = self.open
        if not u["records"]:
            u["first"] = block.first
        u["first"] = min(float(u["first"]), block.first)
        u["last"] = max(float(u["last"]), block.last)
        u["records"] += block.records
        u["voices"] += block.voices
        for name in ("moved", "spread", "usual", "level"):
            u[name] += np.array(getattr(block, name)) * block.voices
        for sample in block.sample:
            u["odd"] += self.forest.score([sample[k] for k in PURE])
            u["samples"] += 1
        if u["voices"] < VOICES or u["last"] - u["first"] < SPAN:
            return None
        self.open = np.zeros((), unit_dtype)
        return self._learn(u)

    def _learn(self, u: npt.NDArray[np.void]) -> Drift | None:
        """Take in a full unit."""
        voices = float(u["voices"])
        mean = u["moved"] / voices
        deviation = np.sqrt(np.maximum(self.variance, LEAST**2))
        z = np.append(mean * np.sqrt(voices) / deviation, u["odd"] / np.sqrt(max(int(u["samples"]), 1)))
        self._measure(u["spread"] - voices * mean * mean, voices - 1)
        u["x"] = beyond(z, self.offset)
        u["moved"], u["usual"], u["level"] = mean, u["usual"] / voices, u["level"] / voices
        self.ring = np.append(self.ring[-(REACH + EPOCH - 1) :], u)
        if self.changes:
            self.offset += (z - self.offset) / TRACK
        if u["last"] < self.held:
            return None
        for watcher, x in zip(self.watchers, u["x"].tolist(), strict=True):
            watcher.learn(x)
        return self._decide(z)

    def _measure(self, squares: Doubles, freedom: float) -> None:
        """Learn the variance of one voice about its block's mean, which a common move leaves as it is."""
        self.variance = (self.variance * self.weight + np.maximum(squares, 0.0)) / (self.weight + freedom)
        self.weight = min(self.weight + freedom, LONGEST)

    def _decide(self, z: Doubles) -> Drift | None:
        found = {k: c for k, w in enumerate(self.watchers) if (c := w.change()) is not None}
        odd = found.get(COUNT - 1)
        if not found or (len(found) == 1 and odd is not None and odd.margin < OVERWHELMING):
            return None
        lead = max(found, key=lambda k: found[k].margin)
        since = found[lead].since
        rows = self.ring[-since:]
        margins = np.abs(rows["x"].sum(0)) / np.sqrt(since)
        voices = rows["voices"].astype(float)
        now = np.append(np.average(rows["level"], axis=0, weights=voices), rows["x"][:, -1].mean())
        before = np.append(np.average(rows["usual"], axis=0, weights=voices), 0.0)
        moved = [
            Moved(
                STATISTICS[k],
                float(before[k]),
                float(now[k]),
                float(margins[k]),
                found[k].tests if k in found else (),
            )
            for k in np.argsort(-margins, kind="stable").tolist()
            if margins[k] >= ALSO
        ]
        drift = Drift(
            since=float(rows["first"].min()),
            time=float(rows["last"].max()),
            records=int(rows["records"].sum()),
            voices=int(rows["voices"].sum()),
            moved=moved,
            again=self.changes > 0,
        )
        self.offset = self.offset + rows["x"].mean(0) if self.changes else rows["x"].mean(0)
        self.held = drift.time + HOLD
        self.changes += 1
        self.watchers = [Watcher() for _ in STATISTICS]
        return drift

    def to_bytes(self) -> bytes:
        """All that was learnt: what is restored from it goes on exactly as this would."""
        fields: dict[str, Any] = {"weight": self.weight, "held": self.held, "changes": self.changes}
        arrays = {
            "open": self.open.reshape(1),
            "ring": self.ring,
            "variance": self.variance,
            "offset": self.offset,
            "watched": np.array([w.ring for w in self.watchers]),
            "samples": np.array(self.forest.seen).reshape(-1, len(PURE)),
        }
        return pack(fields, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "ModelDrift":
        """Undo :meth:`to_bytes`: River's models learn again what they had learnt. Raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls()
        try:
            made.weight, made.held = float(fields["weight"]), float(fields["held"])
            made.changes = int(fields["changes"])
            if arrays["open"].dtype != unit_dtype or arrays["ring"].dtype != unit_dtype:
                raise Corrupt("units have another layout: they were written by another version")
            made.open, made.ring = arrays["open"][0], arrays["ring"]
            made.variance, made.offset = arrays["variance"], arrays["offset"]
            made.watchers = [Watcher(row.tolist()) for row in arrays["watched"]]
            made.forest = Forest(arrays["samples"].tolist())
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Corrupt(f"state of drift is damaged: {error}") from error
        if made.offset.shape != (COUNT,) or len(made.watchers) != COUNT:
            raise Corrupt("state of drift has another number of statistics")
        return made


def beyond(z: Doubles, offset: Doubles) -> Doubles:
    """How far each z (K,) lies outside the span from 0 to 1.5 times the level of the last change (K,)."""
    far = 1.5 * offset
    return z - np.clip(z, np.minimum(0.0, far), np.maximum(0.0, far))
