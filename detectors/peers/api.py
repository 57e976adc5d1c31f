"""What a peer is given, and what it must answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Floats, Integers


@dataclass(frozen=True, slots=True)
class Traffic:
    """N records of one model, in order of the log.

    Attributes
    ----------
    row : (N,) number of the record in the log, rising
    time : (N,) s since the epoch
    principal : (N,) code of whoever sent it, the same in every part of the log
    answer : (N,) code of the likeliest class
    points : (N, K) inputs as :class:`detectors.peers.points.Space` has them
    prints : (N, S) u4, fingerprints of the inputs, rising; 0 where there are fewer
    """

    row: Integers
    time: Doubles
    principal: Integers
    answer: Integers
    points: Floats
    prints: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        """Return N."""
        return len(self.row)

    def part(self, rows: npt.NDArray[Any]) -> "Traffic":
        """Some of the records: (n,) index or (N,) flags."""
        return Traffic(
            self.row[rows],
            self.time[rows],
            self.principal[rows],
            self.answer[rows],
            self.points[rows],
            self.prints[rows],
        )


class Peer(Protocol):
    """A way to tell attackers."""

    @property
    def title(self) -> str:
        """What the tables call it."""
        ...

    @property
    def source(self) -> str:
        """Where it is from."""
        ...

    @property
    def alone(self) -> bool:
        """Whether a principal's scores are the same whoever else is there after the clean period."""
        ...

    def learn(self, clean: Traffic) -> None:
        """Take in the clean period; raises nothing, whatever it is."""
        ...

    def score(self, rows: Traffic) -> Doubles:
        """Suspicion (N,) of whoever sent each record, NaN where there is no opinion yet.

        It depends on the clean period, on the principal's own records before in ``rows`` and, unless it is ``alone``,
        on others' before.
        """
        ...


def principals(principal: Integers) -> Iterator[Integers]:
    """Index of each principal's records, in order."""
    order = np.argsort(principal, kind="stable")
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(principal[order])) + 1)


def each(principal: Integers, score: Callable[[Integers], Doubles]) -> Doubles:
    """Scores (N,), made for one principal's records after the other's from their index."""
    made = np.full(len(principal), np.nan)
    for rows in principals(principal):
        made[rows] = score(rows)
    return made


def recent(values: Doubles, principal: Integers, over: int) -> Doubles:
    """Mean (N,) of a principal's last ``over`` values, NaN before it has so many."""

    def mean(rows: Integers) -> Doubles:
        made = np.full(len(rows), np.nan)
        if len(rows) >= over:
            made[over - 1 :] = np.lib.stride_tricks.sliding_window_view(values[rows], over).mean(axis=1)
        return made

    return values.copy() if over == 1 else each(principal, mean)


def halves(principal: Integers) -> npt.NDArray[np.int64]:
    """Which half of the clean period judges a principal (N,): 0 or 1, and never the one that its own records are in.

    Whoever is judged by what he himself taught seems more usual than a newcomer, and a threshold from such scores would
    be too low for newcomers.
    """
    return 1 - principal % 2
