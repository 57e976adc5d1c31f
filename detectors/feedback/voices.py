"""Voices: the open blocks of a model's versions, and what each contributor usually says."""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.space import LARGEST_V
from detectors.feedback import hindsight
from detectors.feedback.contributors import Said
from detectors.feedback.hindsight import COUNT, DIRECTIONS, INPUTS, JOINED, UNFITTING, WRONG
from detectors.feedback.labels import GAP
from schemas.signal import Hindsight

Array = npt.NDArray[Any]

VERSIONS = 8  # that have blocks of their own; of more, the one heard of longest ago is forgotten
HARDLY = 0.05  # share of records below which answers count as hardly ever known


class Voices:
    """Blocks by index of the version; voices by slot of the contributor.

    Attributes
    ----------
    known, records : answers that were known, of so many records
    """

    def __init__(self) -> None:
        self.rows: dict[int, npt.NDArray[np.void]] = {}
        self.blocks: dict[int, npt.NDArray[np.void]] = {}
        self.known = self.records = 0

    def add(self, said: Said, answer: Array, version: Array, delay: Array, slots: int) -> list[tuple[int, Hindsight]]:
        """Put judged records into the open blocks, in order; the blocks that ended, by version.

        ``answer`` (N,) are codes of what the model had answered, -1 where unknown; ``slots`` how many there are.
        """
        values = self._values(said, answer)
        found = []
        for one in dict.fromkeys(version.tolist()):
            mine = version == one
            rows, block = self._open(int(one), slots)
            part = (values[mine], said.slot[mine], said.time[mine], delay[mine])
            at = 0
            while at < len(part[0]):
                at, over = hindsight.follow(*part, at, rows, block)
                if over:
                    found.append((int(one), hindsight.ended(rows, block)))
        return [(one, block) for one, block in found if block.voices]

    def _values(self, said: Said, answer: Array) -> Array:
        """Statistics (N, 11) of records; right or wrong is the expected label's where answers hardly ever are known."""
        n = len(answer)
        made, known = np.full((n, COUNT), np.nan), answer >= 0
        so_far = self.known + np.cumsum(known)
        hardly = so_far < HARDLY * (self.records + 1 + np.arange(n))
        made[:, WRONG] = np.where(known, answer != said.given, np.where(hardly, said.expected != said.given, np.nan))
        made[:, UNFITTING] = said.gap > GAP
        made[:, JOINED] = known
        made[:, INPUTS:] = said.v[:, :DIRECTIONS] * (3 / LARGEST_V)
        self.known, self.records = int(so_far[-1]) if n else self.known, self.records + n
        return made

    def _open(self, version: int, slots: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:
        """Voices and open block of a version, which becomes the one heard of last."""
        rows = self.rows.pop(version, np.zeros(0, hindsight.voice))
        block = self.blocks.pop(version, np.zeros(1, hindsight.open_block))
        if len(self.rows) >= VERSIONS:
            oldest = next(iter(self.rows))
            del self.rows[oldest], self.blocks[oldest]
        if len(rows) < slots:
            rows = np.append(rows, np.zeros(slots - len(rows), hindsight.voice))
        self.rows[version], self.blocks[version] = rows, block
        return rows, block

    def arrays(self) -> dict[str, Array]:
        """All state as plain arrays; a voice that was never heard is left out."""
        made: dict[str, Array] = {"count": np.array([self.known, self.records], np.int64)}
        for version, rows in self.rows.items():
            heard = np.flatnonzero(rows["block"])
            made |= {
                f"{version}.slots": heard,
                f"{version}.rows": rows[heard],
                f"{version}.block": self.blocks[version],
            }
        return made

    @classmethod
    def of(cls, arrays: dict[str, Array]) -> "Voices":
        """Undo :meth:`arrays`."""
        made = cls()
        made.known, made.records = (int(n) for n in arrays["count"])
        for key in [key for key in arrays if key.endswith(".slots")]:
            version, slots = key.removesuffix(".slots"), arrays[key]
            rows = np.zeros(int(slots.max(initial=-1)) + 1, hindsight.voice)
            rows[slots] = arrays[f"{version}.rows"]
            made.rows[int(version)], made.blocks[int(version)] = rows, arrays[f"{version}.block"]
        return made
