"""Late labels: what is said afterwards of one model version, from all partitions, to the statement that it changed.

Blocks become standard errors as in :mod:`detectors.units`: the deviation of one voice is measured within blocks, and
what all voices do together on top of it. River's tests decide (:mod:`detectors.change`), on two questions:

- are more answers wrong than before? Then the model has become worse (``drift_performance``).
- do more labels than before not fit their inputs, while the inputs themselves have not moved? Then what is true of an
  input has changed (``drift_concept``). Where inputs moved too, labels that do not fit may be due to that.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.change import Change, changes, farthest
from detectors.feedback.hindsight import COUNT, INPUTS, JOINED, NAMES, UNFITTING, UNKNOWN, WRONG
from detectors.packing import Corrupt, pack, unpack
from schemas.signal import Hindsight

Doubles = npt.NDArray[np.float64]

PERFORMANCE, CONCEPT = "drift_performance", "drift_concept"
TRIED = {PERFORMANCE: WRONG, CONCEPT: UNFITTING}
PRIOR, LONGEST = 64.0, 1500.0  # voices that the assumed deviation weighs, and that the measured one remembers
LEAST = 0.03  # smallest deviation of one voice
ASSUMED = np.array([0.12, 0.12, 0.1, *[0.3] * (COUNT - INPUTS)])
TOGETHER, ALWAYS = 0.15, 0.1  # what all do together, in deviations of a voice: until measured, and at least
MEASURED, CALM, RECENT = 24, 24.0, 8  # blocks from which it is measured, weight of calm, blocks not yet measured
KEPT = 160  # blocks
MOVED = 5.0  # standard errors at which an input counts as moved
WORSE = 0.03  # share of records: a change must be at least this to matter
AGAIN = 0.1  # share of records by which it must be worse than what was told to be told again
BACK = 24  # blocks since one was told over which a level nearer to the old one than to the told one ends it
CLIP = 6.0

unit_dtype = np.dtype(
    [
        ("first", "f8"), ("last", "f8"), ("records", "i8"), ("voices", "i8"), ("delay", "f8"), ("joined", "f8"),
        ("usual", "f8", COUNT), ("level", "f8", COUNT), ("raw", "f8", COUNT), ("x", "f8", COUNT),
    ]
)  # fmt: skip


class Late(NamedTuple):
    """A change that late labels show.

    Attributes
    ----------
    threat : ``drift_performance`` or ``drift_concept``
    since, time : when it began, and when it was certain, s
    records, voices : since it began
    before, now : share of wrong answers, or of labels that do not fit
    margin, tests : standard errors, and the tests that agree
    delay : how late labels came on average, s, -1 where unknown
    joined : share of records whose answer is the model's own
    """

    threat: str
    since: float
    time: float
    records: int
    voices: int
    before: float
    now: float
    margin: float
    tests: tuple[str, ...]
    delay: float
    joined: float


class LateLabels:
    """What the correlator knows of the late labels of one model version."""

    def __init__(self) -> None:
        self.ring = np.zeros(0, unit_dtype)
        self.variance, self.weight = ASSUMED**2, PRIOR
        self.watched = 0
        self.told: dict[str, list[float]] = {}

    def add(self, block: Hindsight) -> list[Late]:
        """Take in a block; return the changes that it makes certain."""
        if tuple(block.names) != NAMES or block.voices < 1:
            return []
        self.ring = np.append(self.ring[-(KEPT - 1) :], self._unit(block))
        self.watched = min(self.watched + 1, KEPT)
        recent = self.ring[-self.watched :]
        self._ended()
        found = changes(recent["x"][:, [WRONG, UNFITTING]])
        told = [self._late(threat, found[k], recent) for k, threat in enumerate(TRIED) if k in found]
        return [one for one in told if one is not None]

    def _ended(self) -> None:
        """Forget changes that are over, so that the next one is told."""
        last = self.ring[-BACK:]
        for threat, told in list(self.told.items()):
            level = last["level"][:, TRIED[threat]]
            told[2] += 1
            if told[2] >= BACK and float(level[level != UNKNOWN].mean()) < (told[0] + told[1]) / 2:
                del self.told[threat]

    def _unit(self, block: Hindsight) -> npt.NDArray[np.void]:
        """A block in standard errors."""
        unit = np.zeros(1, unit_dtype)
        moved, voices = np.array(block.moved), float(block.voices)
        errors = np.sqrt(np.maximum(self.variance, LEAST**2) / voices)
        unit["first"], unit["last"], unit["records"], unit["voices"] = block.first, block.last, block.records, voices
        unit["delay"] = block.delay
        unit["usual"], unit["level"], unit["joined"] = block.usual, block.level, max(block.level[JOINED], 0.0)
        unit["raw"] = np.clip(moved / errors, -CLIP, CLIP)
        unit["x"] = unit["raw"] / self._wobble(voices)
        squares = np.maximum(np.array(block.spread) - moved * moved, 0.0) * voices
        more = max(voices - 1.0, 1.0)
        learnt = (self.variance * self.weight + squares) / (self.weight + more)
        self.variance = np.where(np.array(block.level) != UNKNOWN, learnt, self.variance)
        self.weight = min(self.weight + more, LONGEST)
        return unit

    def _wobble(self, voices: float) -> Doubles:
        """Deviation (11,) of a block by what all do together, from earlier blocks."""
        past = self.ring["raw"][:-RECENT]
        if len(past) < MEASURED:
            return np.full(COUNT, np.sqrt(1.0 + voices * TOGETHER**2))
        found = np.full(COUNT, 1.0 + voices * ALWAYS**2)
        for length in (1, 4):
            groups = len(past) // length
            sums = past[-groups * length :].reshape(groups, length, COUNT).sum(1) / np.sqrt(length)
            found = np.maximum(found, (CALM / length + (sums**2).sum(0)) / (CALM / length + groups))
        return np.asarray(np.sqrt(found))

    def _late(self, threat: str, change: Change, recent: npt.NDArray[np.void]) -> Late | None:
        """A change for the worse that matters and was not just told; None otherwise."""
        k, units = TRIED[threat], recent[-change.since :]
        time, weight = float(units["last"].max()), units["voices"].astype(float)
        now, before = (float(np.average(units[name][:, k], weights=weight)) for name in ("level", "usual"))
        if units["x"][:, k].sum() < 0 or now - before < WORSE or now < self._least(threat):
            return None
        if threat == CONCEPT and float(farthest(units["x"][:, INPUTS:])[1].max()) >= MOVED:
            return None
        self.told[threat] = [before, now, 0.0]
        return Late(
            threat=threat,
            since=float(units["first"].min()),
            time=time,
            records=int(units["records"].sum()),
            voices=int(units["voices"].sum()),
            before=before,
            now=now,
            margin=change.margin,
            tests=change.tests,
            delay=float(units["delay"].max()),
            joined=float(np.average(units["joined"], weights=weight)),
        )

    def _least(self, threat: str) -> float:
        """Share from which a change is told."""
        return self.told[threat][1] + AGAIN if threat in self.told else 0.0

    def to_bytes(self) -> bytes:
        """All that was learnt: what is restored from it goes on exactly as this would."""
        fields = {"told": self.told, "watched": self.watched, "weight": self.weight}
        return pack(fields, {"ring": self.ring, "variance": self.variance})

    @classmethod
    def from_bytes(cls, data: bytes) -> "LateLabels":
        """Undo :meth:`to_bytes`; River's tests learn again from the ring. Raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls()
        try:
            made.told, made.watched = dict(fields["told"]), int(fields["watched"])
            made.ring, made.variance, made.weight = arrays["ring"], arrays["variance"], float(fields["weight"])
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of late labels is damaged: {error}") from error
        if made.ring.dtype != unit_dtype or made.variance.shape != (COUNT,):
            raise Corrupt("state of late labels has another layout: it was written by another version")
        return made
