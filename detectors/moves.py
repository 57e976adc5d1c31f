"""Moves: from which record on the population of a partition is elsewhere, as the partition can tell by itself.

After a drift profiles need hours of requests to arrive where the world now is, each at its own pace, and re-centring
follows the median voice by voice. Meanwhile honest customers cross their thresholds one after the other, while the
correlator knows that all have moved. So here each partition looks for a move itself, at the same record however the
stream is cut, and from there on gates hold customers to each other (:mod:`detectors.gates.changed`). Either sign is
enough:

- the correlator's test of drift on the partition's own blocks (:mod:`detectors.drift`), within few voices; or
- medians of re-centring that are :data:`FURTHER` from where they were at the last move: surely, and later.

For both more than half of the principals that were heard last must go along, so that nobody can excuse himself by
moving. As each move lets gates begin anew, there is one a day at most.
"""

import numpy as np
import numpy.typing as npt

from detectors.blocks import WIDTH
from detectors.drift import ModelDrift
from detectors.packing import Corrupt, pack, unpack
from schemas.signal import Block

HOLD = 86400.0  # s after a move in which there is no other
FURTHER = 1.5  # of z, length of the way between medians: 0.3 to 1.2 while nothing moves


class Moves:
    """What one partition knows of the moves of one model version's population."""

    def __init__(self) -> None:
        self.drift, self.known = ModelDrift(told=False), np.zeros(WIDTH, np.float32)
        self.held = -np.inf

    def follow(self, block: Block, shift: npt.NDArray[np.float32]) -> bool:
        """Take in a block and the medians after it, (WIDTH,) of z; say whether it makes a move certain."""
        drift = self.drift.add(block)
        further = bool(np.linalg.norm(shift - self.known) >= FURTHER)
        if block.last < self.held or not (further or (drift is not None and not drift.few)):
            return False
        self.known, self.held = shift.copy(), block.last + HOLD
        return True

    def to_bytes(self) -> bytes:
        """All state: what is restored from it goes on exactly as this would."""
        return pack({"held": self.held}, {"drift": np.frombuffer(self.drift.to_bytes(), np.uint8), "known": self.known})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Moves":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        fields, arrays = unpack(data)
        made = cls()
        try:
            made.held, made.known = float(fields["held"]), arrays["known"]
            made.drift = ModelDrift.from_bytes(arrays["drift"].tobytes(), told=False)
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"state of moves is damaged: {error}") from error
        if made.known.shape != (WIDTH,) or made.known.dtype != np.float32:
            raise Corrupt("state of moves has another layout: it was written by another version")
        return made
