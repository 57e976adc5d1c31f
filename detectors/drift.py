"""Drift of one model version: blocks of all partitions, in order, to the statement that inputs or answers moved.

Of each statistic a unit says by how many standard errors its principals have moved from their own past; while nothing
changes these are independent, with mean 0 and variance 1. :mod:`detectors.change` decides on each.

After a change the new level is learnt for :data:`HOLD`. From then on a move counts only beyond the span between the
level before and one and a half times the new one: as principals get used to the new level, the way back is no new
change.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.blocks import NAMES
from detectors.change import LONGEST, OVERWHELMING, Change, changes
from detectors.packing import Corrupt, pack, unpack
from detectors.units import COUNT, FOREST, STATISTICS, Doubles, Units, unit_dtype, wobble
from schemas.signal import Block

INPUTS = frozenset(
    ("rare_values", "off_manifold", "off_mode", "odd_combination", "far_from_known", "between_classes", FOREST)
)
HOLD = 86400.0  # s after a change in which its level is learnt and nothing is said
TRACK = 16  # units over which a changed level is followed
ALSO = 3.5  # standard errors at which a further statistic counts as moved by the same change


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
        self.units = Units()
        self.ring = np.zeros(0, unit_dtype)
        self.offset = np.zeros(COUNT)
        self.watched = 0
        self.held = -1.0
        self.changes = 0

    def add(self, block: Block) -> Drift | None:
        """Take in a block; return the change that it makes certain, if any."""
        unit = self.units.add(block) if tuple(block.names) == NAMES else None
        return None if unit is None else self._learn(unit)

    def _learn(self, unit: npt.NDArray[np.void]) -> Drift | None:
        z = unit["raw"] / wobble(self.ring, float(unit["voices"]))
        unit["x"] = beyond(z, self.offset)
        self.ring = np.append(self.ring[-(LONGEST - 1) :], unit)
        if self.changes:
            self.offset += (z - self.offset) / TRACK
        if unit["last"] < self.held:
            return None
        self.watched = min(self.watched + 1, LONGEST)
        found = changes(self.ring["x"][-self.watched :])
        odd = found.get(COUNT - 1)
        if not found or (len(found) == 1 and odd is not None and odd.margin < OVERWHELMING):
            return None  # sampled inputs differ with who sent them: the forest alone is no witness
        return self._change(found)

    def _change(self, found: dict[int, Change]) -> Drift:
        """What changed, told from the statistic that moved farthest; and everything begins anew."""
        lead = max(found, key=lambda k: found[k].margin)
        since = found[lead].since
        units = self.ring[-since:]
        x = units["x"].mean(0)
        drift = Drift(
            since=float(units["first"].min()),
            time=float(units["last"].max()),
            records=int(units["records"].sum()),
            voices=int(units["voices"].sum()),
            moved=_moved(units, np.abs(x) * np.sqrt(since), found),
            again=self.changes > 0,
        )
        self.offset = self.offset + x
        self.held = drift.time + HOLD
        self.changes += 1
        self.watched = 0
        return drift

    def to_bytes(self) -> bytes:
        """All that was learnt: what is restored from it goes on exactly as this would."""
        fields = {"held": self.held, "changes": self.changes, "watched": self.watched}
        return pack(fields, {"ring": self.ring, "offset": self.offset} | self.units.to_arrays())

    @classmethod
    def from_bytes(cls, data: bytes) -> "ModelDrift":
        """Undo :meth:`to_bytes`: River's models learn again what they had learnt. Raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls()
        try:
            made.held, made.changes = float(fields["held"]), int(fields["changes"])
            made.units = Units.from_arrays(arrays)
            made.ring, made.offset, made.watched = arrays["ring"], arrays["offset"], int(fields["watched"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Corrupt(f"state of drift is damaged: {error}") from error
        if made.ring.dtype != unit_dtype or made.offset.shape != (COUNT,) or made.watched > len(made.ring):
            raise Corrupt("state of drift has another layout: it was written by another version")
        return made


def beyond(z: Doubles, offset: Doubles) -> Doubles:
    """How far each z (K,) lies outside the span from 0 to 1.5 times the level of the last change (K,)."""
    far = 1.5 * offset
    return z - np.clip(z, np.minimum(0.0, far), np.maximum(0.0, far))


def _moved(units: npt.NDArray[np.void], margins: Doubles, found: dict[int, Change]) -> list[Moved]:
    """Statistics that moved over these units, the farthest first."""
    voices = units["voices"].astype(float)
    now = np.append(np.average(units["level"], axis=0, weights=voices), units["raw"][:, -1].mean())
    before = np.append(np.average(units["usual"], axis=0, weights=voices), 0.0)
    return [
        Moved(
            name=STATISTICS[k],
            before=float(before[k]),
            now=float(now[k]),
            margin=float(margins[k]),
            tests=found[k].tests if k in found else (),
        )
        for k in np.argsort(-margins, kind="stable").tolist()
        if margins[k] >= ALSO or k in found
    ]
