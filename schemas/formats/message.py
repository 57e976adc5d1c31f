"""Message: one entry of a log as it came, before anybody knows what is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

UNTIMED = float("nan")
NONE: Mapping[str, str] = {}


class Raw(Protocol):
    """A record as Kafka keeps it: what the client library hands out."""

    @property
    def timestamp(self) -> int | None:
        """Milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """Key bytes."""

    @property
    def headers(self) -> Iterable[tuple[str, bytes | None]]:
        """Headers in the order in which they were written."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a file kept of a message beside its value: a ``Raw`` that also knows its topic."""

    timestamp: int | None = None
    key: bytes | None = None
    headers: Iterable[tuple[str, bytes | None]] = ()
    topic: str = ""


class Message(NamedTuple):
    """One entry of a log.

    Attributes
    ----------
    value : the bytes; never empty
    offset : position in the partition, or line number in a file
    headers : by name in lower case; of two with one name the last one counts
    time : when Kafka wrote it, s since the epoch; NaN where nobody knows
    """

    value: bytes
    offset: int = 0
    topic: str = ""
    partition: int = 0
    key: bytes = b""
    headers: Mapping[str, str] = NONE
    time: float = UNTIMED


def message(value: bytes, offset: int, topic: str, partition: int, raw: Raw | None) -> Message:
    """The message of a value and, where it came from Kafka, of what was around it."""
    if raw is None:
        return Message(value, offset, topic, partition)
    time = raw.timestamp / 1000.0 if raw.timestamp is not None and raw.timestamp > 0 else UNTIMED
    topic = getattr(raw, "topic", None) or topic  # of what came out of a file of several topics
    return Message(value, offset, topic, partition, raw.key or b"", headers(raw.headers), time)


def headers(written: Iterable[tuple[str, bytes | None]]) -> Mapping[str, str]:
    """Headers as text by name in lower case; bytes that are no UTF-8 are replaced."""
    listed = written if isinstance(written, list | tuple) else list(written)
    if not listed:
        return NONE
    try:
        return {name.lower(): value.decode() for name, value in listed}  # type: ignore[union-attr]  # None is odd
    except (AttributeError, UnicodeDecodeError):
        return {name.lower(): (value or b"").decode("utf-8", "replace") for name, value in listed}
