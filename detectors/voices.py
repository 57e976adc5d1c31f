"""Voices: the last that principals of a model said, and by how much all of them together have moved.

A window is the last so many voices. In it every principal counts once, with the mean of what it said in the window less
its mean from before the window. The variance of that difference, in units of a statistic's own variance, is

    own + 1 / sum over its voices (1 / (session + record / n)) + past / known

for voices of n records each and a past of ``known`` records: records of one session resemble each other, and some of
what is a principal's own never averages out. Differences in such units are clipped at three, so that a few principals
can do little, and summed with weights; the sum over its standard error is the margin by which a statistic has moved.
What all do together (day and night) is taken to be a twentieth of that unit at least, so that with very many principals
a move must still matter to be said.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.blocks import COUNT, FIRST_DIRECTION, NAMES
from detectors.packing import Corrupt
from schemas.signal import Block, identity

Doubles = npt.NDArray[np.float64]

MOST = 640  # voices that are kept
WINDOWS = (6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # voices looked back
LEAST = 5  # principals of a window
CLIP = 3.0  # deviations that one principal can say
MOVER = 1.0  # deviations from which a principal has moved with the others
SESSION, RECORD, PAST = 0.15, 0.8, 2.4
OWN = np.full(COUNT, 0.05)
OWN[[NAMES.index("far_from_known"), NAMES.index("between_classes")]] = 0.2  # a world that walks leaves what was known
TOGETHER = 0.05
ASSUMED = np.array([0.38] * 6 + [0.5, 0.28, 0.38, 0.12] + [0.3] * 9 + [0.8] * (COUNT - FIRST_DIRECTION))
PRIOR = 24.0  # voices that the assumed deviation weighs
LONGEST = 1000.0  # voices that the measured deviation remembers
SMALLEST = 0.05  # of the assumed deviation
DAY, SHORTEST = 86400.0, 0.1  # s, and days that a pace is taken over at least
LATE = 4  # blocks after which a voice is measured: it may be a change

voice = np.dtype(
    [
        ("who", "S64"),
        ("block", "i8"),
        ("first", "f8"),
        ("last", "f8"),
        ("records", "i8"),
        ("count", "f8"),
        ("known", "f8"),
        ("level", "f4", COUNT),
        ("usual", "f4", COUNT),
    ]
)
"""What one principal said in one block; first, last and records are the block's."""


class Window(NamedTuple):
    """Some last voices, each of P principals counting once.

    Attributes
    ----------
    voices : (n,) of :data:`voice`
    who : (P,) principals
    z : (P, COUNT) how far each has moved, in deviations, within +-3
    weight : (P, COUNT)
    moved : (COUNT,) by how much on average
    margin : (COUNT,) standard errors
    """

    voices: npt.NDArray[np.void]
    who: npt.NDArray[np.bytes_]
    z: Doubles
    weight: Doubles
    moved: Doubles
    margin: Doubles

    def movers(self) -> npt.NDArray[np.bool_]:
        """(P, COUNT) who has moved by a deviation or more, the way that all together moved."""
        moved: npt.NDArray[np.bool_] = np.sign(self.margin) * self.z >= MOVER
        return moved


class Voices:
    """The last voices, and the variance of each statistic as it was measured on them."""

    def __init__(self) -> None:
        self.ring = np.zeros(0, voice)
        self.variance = ASSUMED**2
        self.weight = PRIOR
        self.blocks = 0

    def add(self, block: Block) -> None:
        """Take in a block's voices, and measure those of an earlier one."""
        self.blocks += 1
        new = np.zeros(block.voices, voice)
        if block.voices:
            new["who"] = [identity(one) for one in block.speakers]
            new["block"], new["records"] = self.blocks, block.records
            new["first"], new["last"] = block.first, block.last
            new["count"], new["known"] = np.maximum(block.counts, 1), np.maximum(block.known, 1)
            new["level"] = np.frombuffer(block.level, np.float16).reshape(-1, COUNT)
            new["usual"] = np.frombuffer(block.usual, np.float16).reshape(-1, COUNT)
        self.ring = np.append(self.ring, new)[-MOST:]
        self._measure(self.ring[self.ring["block"] == self.blocks - LATE])

    def _measure(self, said: npt.NDArray[np.void]) -> None:
        if not len(said):
            return
        moved = said["level"].astype(float) - said["usual"]
        spread = OWN + (SESSION + RECORD / said["count"] + PAST / said["known"])[:, None]
        squares = np.minimum(moved**2 / spread, CLIP**2 * self._least())
        self.variance = (self.variance * self.weight + squares.sum(0)) / (self.weight + len(said))
        self.weight = min(self.weight + len(said), LONGEST)

    def pace(self) -> float:
        """Voices a day, of those that are kept; 0 while there are none."""
        if not len(self.ring):
            return 0.0
        span = float(self.ring["last"].max() - self.ring["first"].min())
        return len(self.ring) / max(span / DAY, SHORTEST)

    def _least(self) -> Doubles:
        least: Doubles = np.maximum(self.variance, (SMALLEST * ASSUMED) ** 2)
        return least

    def windows(self, offset: Doubles, since: int = 0) -> list[Window]:
        """Windows of rising length, of whole blocks after number ``since``; moves count beyond those known (COUNT,)."""
        ring = self.ring[self.ring["block"] > since]
        made, last = [], -1
        for length in WINDOWS:
            if last == 0 or length > len(ring) + 1:
                break
            at = max(0, len(ring) - length)
            start = int(np.searchsorted(ring["block"], ring["block"][at])) if len(ring) else 0
            if start != last and (found := self._window(ring[start:], offset)) is not None:
                made.append(found)
            last = start
        return made

    def _window(self, said: npt.NDArray[np.void], offset: Doubles) -> Window | None:
        names, first, who = np.unique(said["who"], return_index=True, return_inverse=True)
        if len(names) < LEAST:
            return None
        weight = 1 / (SESSION + RECORD / said["count"])
        total = np.bincount(who, weight)
        order = np.argsort(who, kind="stable")
        starts = np.searchsorted(who[order], np.arange(len(names)))
        level = np.add.reduceat(said["level"][order] * weight[order, None], starts, axis=0)
        moved = level / total[:, None] - said["usual"][first]
        spread = OWN + (1 / total + PAST / said["known"][first])[:, None]
        weight = np.sqrt(spread.min(0) / spread)
        mean = (moved * weight).sum(0) / weight.sum(0)
        moved = moved + (beyond(mean, offset) - mean)
        z = np.clip(moved / np.sqrt(self._least() * spread), -CLIP, CLIP)
        error = np.sqrt((weight**2).sum(0) + (TOGETHER * weight.sum(0)) ** 2)
        return Window(said, names, z, weight, mean, (z * weight).sum(0) / error)

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All state, as arrays."""
        return {
            "ring": self.ring,
            "variance": self.variance,
            "weight": np.array([self.weight]),
            "blocks": np.array([self.blocks]),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> "Voices":
        """Undo :meth:`to_arrays`; raises ``Corrupt``."""
        made = cls()
        if arrays["ring"].dtype != voice or arrays["variance"].shape != (COUNT,):
            raise Corrupt("voices have another layout: they were written by another version")
        made.ring, made.variance = arrays["ring"], arrays["variance"]
        made.weight, made.blocks = float(arrays["weight"][0]), int(arrays["blocks"][0])
        return made


def beyond(moved: Doubles, offset: Doubles) -> Doubles:
    """How far each move lies outside the span from 0 to 1.5 times the last change, (COUNT,) each."""
    far = 1.5 * offset
    return moved - np.clip(moved, np.minimum(0.0, far), np.maximum(0.0, far))
