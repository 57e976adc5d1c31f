"""Foreign: a log that something else wrote, read entry by entry; what is not understood is a reject, no error."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, Protocol

import numpy as np

from schemas.formats.bodies.body import ROWS
from schemas.formats.exchange import ASIDE, BROKER, Exchange, ranked, records
from schemas.formats.lenient import Refused
from schemas.formats.message import Message, Raw, message
from schemas.formats.reading import Half, Reading
from schemas.formats.rules import LIMITS, SOURCE, Limits, Source
from schemas.record import Record, Reject

ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, ArithmeticError)
ANYBODY = ("principal",)  # a source's places for the principal where none are configured


class Reader(Protocol):
    """What the module of a foreign format offers.

    Attributes
    ----------
    TITLE : what the log is called by those who know it
    PRINCIPALS : where it says who asked, best first: paths into an exchange's ``common`` and ``attributes``
    """

    TITLE: str
    PRINCIPALS: tuple[str, ...]

    def signs(self, one: Message) -> float:
        """How surely this is such an entry, in [0, 1], from what is cheap to look at; may raise on odd bytes."""
        ...

    def read(self, one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
        """Calls that an entry tells of; raises ``Refused`` with a sentence and where."""
        ...


class Foreign:
    """The format of one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def signs(self, one: Message) -> float:
        """How surely this is such an entry, in [0, 1]; never raises."""
        try:
            return float(self.reader.signs(one)) if one.value else 0.0
        except ODD:
            return 0.0

    def places(self, source: Source) -> Sequence[str]:
        """Where it is looked up who asked, best first: as the source says, else where such a log says it."""
        return self.reader.PRINCIPALS if source.principal == ANYBODY else source.principal

    def read(
        self, value: bytes | None, *, offset: int, topic: str = "", partition: int = 0,
        limits: Limits = LIMITS, source: Source = SOURCE, raw: Raw | None = None,
    ) -> Record | Reject:  # fmt: skip
        """Read the first record of one entry; never raises, whatever the bytes."""
        reading = self.read_many(
            [value], [offset], topic=topic, partition=partition, limits=limits, source=source,
            raws=None if raw is None else [raw],
        )  # fmt: skip
        if reading.records or reading.rejects:
            return (reading.records or reading.rejects)[0]
        half = "this is one half of a call: the other half is another entry"
        return Reject(offset, topic, partition, half if reading.halves else "there is no call of a model in this")

    def read_many(
        self, values: Sequence[bytes | None], offsets: Iterable[int], *, topic: str = "", partition: int = 0,
        limits: Limits = LIMITS, source: Source = SOURCE, raws: Sequence[Raw] | None = None,
    ) -> Reading:  # fmt: skip
        """Read N entries; never raises, whatever the bytes. Each becomes records, halves or a reject."""
        principals, read = tuple(self.places(source)), self.reader.read
        made: list[Record] = []
        places: list[int] = []
        rejects: list[Reject] = []
        halves: list[Half] = []
        warnings: Counter[str] = Counter()
        clocks: Counter[str] = Counter()
        around = repeat(None) if raws is None else raws
        for value, offset, raw in zip(values, offsets, around, strict=False):
            try:
                one = message(_checked(value, limits), int(offset), topic, partition, raw)
                calls = [call if len(call.rows) <= ROWS else _cut(call) for call in read(one, source, limits)]
                new: list[Record] = []
                mine: list[Half] = []
                for call in calls:
                    if call.key and call.half:
                        mine.append(Half(call, one.offset, one.time, *ranked(call, principals, source, one.headers)))
                    elif call.phase != ASIDE:
                        new += records(call, one, source=source, limits=limits, principals=principals)
                made += new
                places += [one.offset] * len(new)
                halves += mine
                for call in calls:
                    if call.warnings:
                        warnings.update(call.warnings)
                    if call.phase != ASIDE:
                        clocks[BROKER if call.common.get("time") is None else call.clock] += 1
            except Refused as refused:
                rejects.append(_reject(value, int(offset), topic, partition, str(refused), refused.path, limits))
            except ODD as error:
                reason = f"not a record of {self.reader.TITLE}: {type(error).__name__}"
                rejects.append(_reject(value, int(offset), topic, partition, reason, "", limits))
        return Reading(made, np.array(places, np.int64), rejects, halves, warnings, clocks)


def _cut(call: Exchange) -> Exchange:
    """A call about so many inputs that it would cost as much as a thousand others, without most of them."""
    warning = f"a call about more than {ROWS} inputs: those beyond are left out"
    return call._replace(rows=call.rows[:ROWS], warnings=[*call.warnings, warning])


def _checked(value: bytes | None, limits: Limits) -> bytes:
    if not value:
        raise Refused("the message is empty")
    if len(value) > limits.size_bytes:
        raise Refused(f"the record is longer than {limits.size_bytes} bytes")
    return value


def _reject(value: Any, offset: int, topic: str, partition: int, reason: str, path: str, limits: Limits) -> Reject:
    return Reject(offset, topic, partition, reason, path, bytes((value or b"")[: limits.kept_bytes]))
