"""Young newcomer: what a pool knows of one of them, and how much that is evidence.

Each look's p-value is bet against, ``e(p) = mean over b of b p^(b - 1)``, and the looks at one newcomer share a stake,
so that it counts once: :mod:`detectors.young_pool`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

import numpy as np

from detectors import affinity, collectors
from detectors.worded import BETS
from detectors.young import CHANNELS, LOOKS

STAKES = dict(zip(LOOKS, (0.55, 0.2, 0.15, 0.1), strict=True))
COLLECTING = CHANNELS.index(collectors.CHANNEL)


@dataclass(slots=True)
class Newcomer:
    """One of them: its first and last record, how many, the last one's id, nats by look and channel, and by rate.

    Attributes
    ----------
    z : its profile's deviations as bytes, (64,); of callers of a language model none
    told : whether an alert has named it, so that it makes no second one
    """

    first: float
    last: float
    count: int
    record: str
    nats: dict[int, list[float]] = field(default_factory=dict)
    novel: list[float] = field(default_factory=list)
    z: bytes = b""
    told: bool = False

    def e(self, channel: int) -> float:
        """Evidence of one channel."""
        if channel == COLLECTING and self.novel:
            return collectors.e(self.novel)
        return sum(stake * (bet(self.nats[n][channel]) if n in self.nats else 1.0) for n, stake in STAKES.items())

    def plain(self) -> list[Any]:
        """All of it as plain data."""
        nats = [[look, one] for look, one in self.nats.items()]
        return [self.first, self.last, self.count, self.record, nats, self.novel, self.z, self.told]

    @classmethod
    def of(cls, *row: Any) -> "Newcomer":
        """Undo :meth:`plain`; raises ``TypeError`` or ``ValueError`` if it is something else."""
        first, last, count, record, nats, novel, z, told = row
        by_look = {int(look): list(one) for look, one in nats}
        return cls(float(first), float(last), int(count), str(record), by_look, list(novel), bytes(z), bool(told))


def bet(nats: float) -> float:
    """What a p-value of so many nats pays."""
    return sum(b * exp((1 - b) * nats) for b in BETS) / len(BETS)


def together(some: Sequence[Newcomer]) -> list[float]:
    """The deviations of newcomers as one principal, (64,); none where nobody has any."""
    mine = [one for one in some if one.z]
    if not mine:
        return []
    z = np.frombuffer(b"".join(one.z for one in mine), np.int8).reshape(len(mine), -1)
    made: list[float] = affinity.together(z, np.array([one.count for one in mine])).tolist()
    return made
