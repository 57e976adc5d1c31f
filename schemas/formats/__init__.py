"""Log formats: each maps the bytes of one kind of log to records. One line in ``FORMATS`` adds one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from schemas.formats.native import Reading
from schemas.formats.rules import LIMITS, SOURCE, Limits, Source
from schemas.record import Record, Reject

__all__ = ["FORMATS", "LIMITS", "SOURCE", "Format", "Limits", "Reading", "Recognised", "Source", "named", "recognise"]

FORMATS = {
    "native": "schemas.formats.native",
}


class Format(Protocol):
    """What the module of a format offers."""

    def read(
        self,
        value: bytes | None,
        *,
        offset: int,
        topic: str = "",
        partition: int = 0,
        limits: Limits = LIMITS,
        source: Source = SOURCE,
    ) -> Record | Reject:
        """Read one record; never raises, whatever the bytes."""
        ...

    def read_many(
        self,
        values: Sequence[bytes | None],
        offsets: Iterable[int],
        *,
        topic: str = "",
        partition: int = 0,
        limits: Limits = LIMITS,
        source: Source = SOURCE,
    ) -> Reading:
        """Read N records; never raises, whatever the bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which format samples are in.

    Attributes
    ----------
    name : a name of ``FORMATS``
    encoding : ``json`` or ``msgpack``
    share : part of the samples that could be read, in [0, 1]
    """

    name: str
    encoding: str
    share: float


def named(name: str) -> Format:
    """Return the format of that name; KeyError if there is none."""
    return cast("Format", import_module(FORMATS[name]))


def recognise(samples: Sequence[bytes], source: Source = SOURCE) -> Recognised | None:
    """Return the format that reads most of the samples, or None if none reads any."""
    answers = []
    for name in FORMATS:
        reading = named(name).read_many(samples, range(len(samples)), source=source)
        if reading.records:
            first = samples[int(reading.offsets[0])]
            encoding = "msgpack" if first[:1] >= b"\x80" and not first.startswith(b"\xef\xbb\xbf") else "json"
            answers.append(Recognised(name, encoding, len(reading.records) / len(samples)))
    return max(answers, key=lambda answer: answer.share, default=None)
