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

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.blocks import COUNT
from detectors.packing import Corrupt
from detectors.window import ASSUMED, CLIP, OWN, PAST, RECORD, SESSION, Window, looked
from schemas.signal import Block, identity

Doubles = npt.NDArray[np.float64]

MOST = 640  # voices that are kept
MANY = 4096  # principals that have numbers at a time
WINDOWS = (6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # voices looked back
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


class Voices:
    """The last voices, and the variance of each statistic as it was measured on them."""

    def __init__(self) -> None:
        self.ring = np.zeros(0, voice)
        self.codes: dict[bytes, int] = {}
        self.code = np.zeros(0, np.int64)
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
        self._number(new["who"])
        self._measure(self.ring[self.ring["block"] == self.blocks - LATE])

    def _number(self, who: npt.NDArray[np.bytes_]) -> None:
        """Give each of the last voices the number of its principal."""
        if len(self.codes) > MANY:
            self.codes, who, self.code = {}, self.ring["who"], self.code[:0]
        new = [self.codes.setdefault(name, len(self.codes)) for name in who.tolist()]
        self.code = np.append(self.code, np.array(new, np.int64))[-MOST:]

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
        later = int(np.searchsorted(self.ring["block"], since, side="right"))
        ring, code, least = self.ring[later:], self.code[later:], self._least()
        made, last = [], -1
        for length in WINDOWS:
            if last == 0 or length > len(ring) + 1:
                break
            at = max(0, len(ring) - length)
            start = int(np.searchsorted(ring["block"], ring["block"][at])) if len(ring) else 0
            if start != last and (found := looked(ring[start:], code[start:], least, offset)) is not None:
                made.append(found)
            last = start
        return made

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
        made._number(made.ring["who"])
        return made
