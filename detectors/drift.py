"""Drift of one model version: blocks of all partitions, in order, to the statement that inputs or answers moved.

After a change the new level is learnt for :data:`HOLD`, and voices from before are forgotten. From then on a move
counts only beyond the span between the level before and one and a half times the new one: as principals get used to
the new level, the way back is no new change.
"""

from typing import NamedTuple

import numpy as np

from detectors.bar import LOWEST, Crossing, bar, crossings
from detectors.blocks import COUNT, NAMES, PURE
from detectors.change import LONGEST
from detectors.half_space import Forest
from detectors.packing import Corrupt, pack, unpack
from detectors.voices import Voices
from detectors.window import Window
from schemas.signal import Block

FOREST = "odd_samples"
STATISTICS = (*NAMES, FOREST)
INPUTS = frozenset(
    ("rare_values", "off_manifold", "off_mode", "odd_combination", "far_from_known", "between_classes", FOREST)
)
HOLD = 86400.0  # s after a change in which its level is learnt and nothing is said
TRACK = 16  # blocks over which a changed level is followed
ALSO = 3.5  # standard errors at which a further statistic counts as moved by the same change
STEP = 8  # voices of one value that River's tests follow
FEW = 0.5  # share of principals up to which those that moved are named


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
    records, voices, principals : since it began
    movers : of these principals, who moved
    bar : standard errors that were needed
    again : whether the same model version moved before
    """

    since: float
    time: float
    records: int
    voices: int
    moved: list[Moved]
    again: bool
    principals: int = 0
    movers: tuple[str, ...] = ()
    bar: float = LOWEST

    @property
    def inputs(self) -> bool:
        """Whether inputs moved."""
        return any(m.name in INPUTS or m.name.startswith("direction_") for m in self.moved)

    @property
    def outputs(self) -> bool:
        """Whether answers moved."""
        return any(not (m.name in INPUTS or m.name.startswith("direction_")) for m in self.moved)

    @property
    def few(self) -> bool:
        """Whether it is theirs who moved, and not everybody's."""
        return len(self.movers) <= FEW * self.principals


class ModelDrift:
    """What is known about one model version.

    Without ``told`` nothing is scored that only words need.
    """

    def __init__(self, *, told: bool = True) -> None:
        self.voices, self.forest, self.told = Voices(), Forest(), told
        self.series = np.zeros((0, COUNT))
        self.odd = np.zeros(0)
        self.offset = np.zeros(COUNT)
        self.held = -1.0
        self.since = self.fresh = self.changes = 0

    def add(self, block: Block) -> Drift | None:
        """Take in a block; return the change that it makes certain, if any."""
        if tuple(block.names) != NAMES:
            return None
        self.voices.add(block)
        if not block.voices:
            return None
        odd = [self.forest.score([sample[k] for k in PURE]) for sample in (block.sample if self.told else ())]
        self.odd = np.append(self.odd, odd)[-4 * LONGEST :]
        windows = self.voices.windows(self.offset, self.since)
        self._follow(block, windows)
        if block.last < self.held or not windows:
            return None
        sizes, few = np.array([[len(w.first)] for w in windows]), np.array([w.going <= FEW for w in windows])
        bars = bar(sizes, self.voices.pace(), few)
        found = crossings(np.array([w.margin for w in windows]), bars, self.series)
        return self._change(found, windows, block.last) if found else None

    def _follow(self, block: Block, windows: list[Window]) -> None:
        """Give River's tests a value for every few voices, and the level after a change time to settle."""
        self.fresh += block.voices
        if self.fresh >= STEP and windows:
            latest = next((w for w in windows if len(w.voices) >= self.fresh), windows[-1])
            self.series = np.append(self.series, latest.margin[None], axis=0)[-LONGEST:]
            self.fresh = 0
        if self.changes and windows:
            settled = windows[min(len(windows) - 1, 3)]
            self.offset += (settled.moved - self.offset) / TRACK

    def _change(self, found: dict[int, Crossing], windows: list[Window], now: float) -> Drift:
        """What changed, told from the statistic that moved farthest; and everything begins anew."""
        lead = max(found, key=lambda k: found[k].margin)
        window = windows[found[lead].window]
        movers = window.movers(lead)
        said = window.voices
        _, first = np.unique(said["block"], return_index=True)
        drift = Drift(
            since=float(said["first"].min()),
            time=max(now, float(said["last"].max())),
            records=int(said["records"][first].sum()),
            voices=len(said),
            moved=self._moved(window, found),
            again=self.changes > 0,
            principals=len(window.first),
            bar=found[lead].bar,
            movers=tuple(sorted(one.decode("utf-8", "replace") for one in movers.tolist())),
        )
        self.offset = window.moved.copy()
        self.held = drift.time + HOLD
        self.changes += 1
        self.since = self.voices.blocks
        return drift

    def _moved(self, window: Window, found: dict[int, Crossing]) -> list[Moved]:
        """Statistics that moved in this window, the farthest first."""
        said = window.voices
        now, before = said["level"].astype(float).mean(0), said["usual"].astype(float).mean(0)
        odd = self.odd[-len(said) :]
        margins = np.append(np.abs(window.margin), abs(odd.sum()) / np.sqrt(max(len(odd), 1)))
        now, before = np.append(now, odd.mean() if len(odd) else 0.0), np.append(before, 0.0)
        return [
            Moved(
                STATISTICS[k], float(before[k]), float(now[k]), float(margins[k]), found[k].tests if k in found else ()
            )
            for k in np.argsort(-margins, kind="stable").tolist()
            if k in found or margins[k] >= ALSO
        ]

    def to_bytes(self) -> bytes:
        """All that was learnt: what is restored from it goes on exactly as this would."""
        fields = {n: getattr(self, n) for n in ("held", "since", "fresh", "changes")}
        arrays = {"series": self.series, "odd": self.odd, "offset": self.offset}
        samples = np.array(self.forest.seen).reshape(-1, len(PURE))
        return pack(fields, arrays | {"samples": samples} | self.voices.to_arrays())

    @classmethod
    def from_bytes(cls, data: bytes, *, told: bool = True) -> "ModelDrift":
        """Undo :meth:`to_bytes`: River's models learn again what they had learnt. Raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls(told=told)
        try:
            made.held = float(fields["held"])
            made.since, made.fresh, made.changes = (int(fields[n]) for n in ("since", "fresh", "changes"))
            made.voices = Voices.from_arrays(arrays)
            made.forest = Forest(arrays["samples"].tolist())
            made.series, made.odd, made.offset = arrays["series"], arrays["odd"], arrays["offset"]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Corrupt(f"state of drift is damaged: {error}") from error
        if made.series.shape[1:] != (COUNT,) or made.offset.shape != (COUNT,) or made.odd.ndim != 1:
            raise Corrupt("state of drift has another layout: it was written by another version")
        return made
