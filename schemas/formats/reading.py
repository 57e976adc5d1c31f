"""Reading: what became of a slice of bytes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.batch import Integers
from schemas.formats.exchange import Exchange
from schemas.principal import UNKNOWN
from schemas.record import Record, Reject
from schemas.scanner.scanned import Scanned


class Half(NamedTuple):
    """A request without its answer, or the other way round.

    Attributes
    ----------
    offset : of the entry that it was in
    time : when Kafka wrote that, s; NaN where nobody knows
    rank, who : which of the source's places says who asked, -1 if none does; and who
    """

    exchange: Exchange
    offset: int
    time: float
    rank: int = -1
    who: str = UNKNOWN


class Reading(NamedTuple):
    """What became of a slice of bytes: M records and their (M,) offsets, rejects and halves, each in order.

    One entry of a foreign log may be many records, which then have one offset. ``warnings`` counts what was odd,
    ``clocks`` of calls whose time it is: ``payload``, ``observed`` by a collector, or ``broker``.
    """

    records: Sequence[Record]
    offsets: Integers
    rejects: list[Reject]
    halves: Sequence[Half] = ()
    warnings: Mapping[str, int] = Counter()
    clocks: Mapping[str, int] = Counter()

    @property
    def unknown(self) -> int:
        """How many records do not say who asked."""
        if isinstance(self.records, Scanned):
            return self.records.sent_by(UNKNOWN)
        return sum(one.principal == UNKNOWN for one in self.records)
