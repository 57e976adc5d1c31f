"""Units: blocks of all partitions put together until enough principals have spoken, in standard errors.

The deviation of one voice is measured within blocks, about their mean, so that a common move leaves it as it is. A
unit's mean then has standard error deviation / sqrt(voices). To that comes what everybody does together, such as day
and night: assumed to be a tenth of a voice's deviation until 24 units have been seen, and measured from then on, as
the root mean square of units and of sums of 4 and 16 units in a row. A twentieth always remains, so that with very
many voices a move must still matter to be said.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.blocks import NAMES, PURE
from detectors.half_space import Forest
from detectors.packing import Corrupt
from schemas.signal import Block

Doubles = npt.NDArray[np.float64]

FOREST = "odd_samples"
STATISTICS = (*NAMES, FOREST)
COUNT = len(STATISTICS)
VOICES = 10  # a unit's voices
SPAN = 600.0  # s of record time that a unit covers at least
PRIOR = 32.0  # voices that the assumed deviation weighs
LONGEST = 1000.0  # voices that the measured deviation remembers
LEAST = 0.05  # smallest deviation of one voice
ASSUMED = np.array([0.15] * 6 + [0.2, 0.09, 0.15, 0.06] + [0.09] * (len(NAMES) - 10))
TOGETHER, ALWAYS = 0.1, 0.05  # what all do together, in deviations of a voice: until measured, and at least
MEASURED = 24  # units from which it is measured
RECENT = 8  # units that are not yet measured, since they may be a change
CALM = 16.0  # units that the assumption of no common moves weighs

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
        ("raw", "f8", COUNT),
        ("x", "f8", COUNT),
    ]
)
"""One unit; moved, spread, usual, level and odd are sums while it is open. raw and x are in standard errors, raw
without what all do together, x with it and beyond the last change."""


class Units:
    """Blocks to units. ``raw`` of a unit has variance 1 while principals move independently."""

    def __init__(self) -> None:
        self.open = np.zeros((), unit_dtype)
        self.variance = ASSUMED**2
        self.weight = PRIOR
        self.forest = Forest()

    def add(self, block: Block) -> npt.NDArray[np.void] | None:
        """Take in a block; return the unit that it fills, if it does."""
        u = self.open
        u["first"] = min(float(u["first"]), block.first) if u["records"] else block.first
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
        return self._standardise(u)

    def _standardise(self, u: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
        voices = float(u["voices"])
        mean = u["moved"] / voices
        errors = np.sqrt(np.maximum(self.variance, LEAST**2) / voices)
        u["raw"] = np.append(mean / errors, u["odd"] / np.sqrt(max(int(u["samples"]), 1)))
        u["moved"], u["usual"], u["level"] = mean, u["usual"] / voices, u["level"] / voices
        squares = np.maximum(u["spread"] - voices * mean * mean, 0.0)
        self.variance = (self.variance * self.weight + squares) / (self.weight + voices - 1)
        self.weight = min(self.weight + voices - 1, LONGEST)
        return u

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All state, as arrays."""
        return {
            "open": self.open.reshape(1),
            "variance": self.variance,
            "weight": np.array([self.weight]),
            "samples": np.array(self.forest.seen).reshape(-1, len(PURE)),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> "Units":
        """Undo :meth:`to_arrays`; the forest learns again what it had learnt."""
        made = cls()
        if arrays["open"].dtype != unit_dtype or arrays["variance"].shape != ASSUMED.shape:
            raise Corrupt("units have another layout: they were written by another version")
        made.open, made.variance, made.weight = arrays["open"][0], arrays["variance"], float(arrays["weight"][0])
        made.forest = Forest(arrays["samples"].tolist())
        return made


def wobble(units: npt.NDArray[np.void], voices: float) -> Doubles:
    """Deviation (COUNT,) of a unit with so many voices, by what all do together, from earlier units (n,)."""
    past = units["raw"][:-RECENT]
    if len(past) < MEASURED:
        return np.full(COUNT, np.sqrt(1.0 + voices * TOGETHER**2))
    found = np.full(COUNT, 1.0 + voices * ALWAYS**2)
    for length in (1, 4, 16):
        groups = len(past) // length
        if groups >= max(8, MEASURED // (2 * length)):
            sums = past[-groups * length :].reshape(groups, length, COUNT).sum(1) / np.sqrt(length)
            found = np.maximum(found, (CALM + (sums**2).sum(0)) / (CALM + groups))
    deviation: Doubles = np.sqrt(found)
    return deviation
