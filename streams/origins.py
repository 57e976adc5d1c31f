"""Origins: where a re-keyed message came from, and whether it came before.

A router that dies sends again what it had not committed. What it writes to one partition from one partition of a source
is in order, so one number a source says what is there already: no list of ids, and nothing to forget.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles
from streams.batches import RawRecord

FROM = "from:"  # what the name of the header begins with; the origin follows
STEPS = 20  # bits of a position that number what came of one message
_WHOLE = 16  # bytes of a position and of a time


class Sifted(NamedTuple):
    """Of N messages, (N,) whether each has not come before, and (N,) when it was first written, s."""

    fresh: npt.NDArray[np.bool_]
    stamps: Doubles


def header(topic: str, partition: int) -> str:
    """The name of the header of all that comes from a partition."""
    return f"{FROM}{topic}/{partition}"


def origin(raw: RawRecord) -> tuple[str, int, int] | None:
    """What a message says of where it came from: the header's name, the position, and when it was written there, ms."""
    for name, value in raw.headers:
        if name.startswith(FROM) and value is not None and len(value) == _WHOLE:
            return name, int.from_bytes(value[:8], "big"), int.from_bytes(value[8:], "big")
    return None


class Origins:
    """How far each origin has come in one partition.

    Attributes
    ----------
    reached : by origin, the highest position, and the newest time, ms
    repeated : messages that had come before
    """

    def __init__(self, reached: Mapping[str, Sequence[int]] | None = None) -> None:
        self.reached = {name: (int(place), int(stamp)) for name, (place, stamp) in (reached or {}).items()}
        self.repeated = 0

    def fresh(self, raw: RawRecord) -> bool:
        """Whether a message has not come before. What says nothing of where it is from has not.

        A position that was passed may be in a topic that was deleted and made again: its messages are newer.
        """
        said = origin(raw)
        return said is None or self._passes(*said)

    def _passes(self, name: str, place: int, stamp: int) -> bool:
        highest, newest = self.reached.get(name, (-1, -1))
        if place <= highest and stamp <= newest:
            self.repeated += 1
            return False
        self.reached[name] = place, max(stamp, newest)
        return True

    def sift(self, records: Sequence[RawRecord]) -> Sifted:
        """Which of N messages have not come before, and when each was first written."""
        fresh = np.empty(len(records), np.bool_)
        stamps = np.empty(len(records))
        for i, raw in enumerate(records):
            said = origin(raw)
            fresh[i] = said is None or self._passes(*said)
            stamps[i] = (raw.timestamp or 0) if said is None else said[2]
        return Sifted(fresh, stamps / 1000.0)

    def plain(self) -> dict[str, list[int]]:
        """As plain data, for a snapshot."""
        return {name: list(both) for name, both in self.reached.items()}
