"""Deposits: what workers lay down for each other, and find again after a crash: rows of the table ``calibrations``.

Samples and peaks hold inputs and principals, and nobody needs them once the settlement is stored: the table forgets
them a week after they came. Whoever still waits then lays them down again. Settlements stay.
"""

import base64
from collections.abc import Callable, Mapping
from hashlib import blake2b
from time import sleep, time
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
import structlog
import zstandard

from streams.pauses import Pauses
from streams.sinks.api import Sink, Unavailable
from streams.sinks.blocks import token

log = structlog.get_logger()

T = TypeVar("T")

LARGEST = 1 << 31  # bytes of a deposit when unpacked
AGAIN = 86_400.0  # s after which the same deposit may be written again, less than the table remembers it
SETTLEMENT, SAMPLE, PEAKS, STUCK = "settlement", "sample", "peaks", "stuck"


class Place(NamedTuple):
    """What a deposit is for: one epoch of a model version on a topic; ``round`` counts burn-ins that went on."""

    topic: str
    model: str
    version: str
    ended: int
    round: int = 0


class Deposits(Protocol):
    """The store that all workers of a group share; calls block until it answers."""

    def put(self, kind: str, place: Place, partition: int, blob: bytes) -> None:
        """Keep a blob, durable on return."""
        ...

    def present(self, kind: str, place: Place) -> set[int]:
        """Partitions that have put something."""
        ...

    def parts(self, kind: str, place: Place) -> Mapping[int, bytes]:
        """The newest blob of each partition."""
        ...

    def every(self, kind: str, place: Place) -> list[tuple[int, bytes]]:
        """Partition and blob of all that was put, oldest first."""
        ...

    def first(self, kind: str, place: Place) -> bytes | None:
        """The blob that was put first."""
        ...


class MemoryDeposits:
    """Deposits of one process, for tests and for runs without a database."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, Place], list[tuple[int, bytes]]] = {}

    def put(self, kind: str, place: Place, partition: int, blob: bytes) -> None:
        """Keep a blob."""
        self.rows.setdefault((kind, place), []).append((partition, blob))

    def present(self, kind: str, place: Place) -> set[int]:
        """Partitions that have put something."""
        return set(self.parts(kind, place))

    def parts(self, kind: str, place: Place) -> dict[int, bytes]:
        """The newest blob of each partition."""
        return dict(self.every(kind, place))

    def every(self, kind: str, place: Place) -> list[tuple[int, bytes]]:
        """Partition and blob of all that was put, oldest first."""
        return list(self.rows.get((kind, place), ()))

    def first(self, kind: str, place: Place) -> bytes | None:
        """The blob that was put first."""
        rows = self.rows.get((kind, place))
        return rows[0][1] if rows else None


class SinkDeposits:
    """Deposits in the table ``calibrations``; which came first is said by the server's clock."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def put(self, kind: str, place: Place, partition: int, blob: bytes) -> None:
        """Insert a row, durable on return; tries again while the database is away.

        The same row again on the same day is dropped, a settlement on any day: which came first must not change.
        """
        text = packed(blob)
        columns: dict[str, Any] = {
            "model": [place.model],
            "version": [place.version],
            "epoch": np.array([place.ended], np.uint32),
            "kind": [_kind(kind, place)],
            "topic": [place.topic],
            "partition": np.array([partition], np.int32),
            "id": [blake2b(blob, digest_size=12).hexdigest()],
            "blob": [text],
        }
        day = "" if kind == SETTLEMENT else f"d{time() // AGAIN:.0f}"
        patiently(lambda: self.sink.write("calibrations", columns, token("calibrations", columns) + day))

    def present(self, kind: str, place: Place) -> set[int]:
        """Partitions that have put something."""
        rows = patiently(lambda: self.sink.query("calibration_present", _asked(kind, place) | {"topic": place.topic}))
        return {int(row["partition"]) for row in rows}

    def parts(self, kind: str, place: Place) -> dict[int, bytes]:
        """The newest blob of each partition."""
        return dict(self.every(kind, place))

    def every(self, kind: str, place: Place) -> list[tuple[int, bytes]]:
        """Partition and blob of all that was put, oldest first."""
        return [(int(row["partition"]), _content(row)) for row in self._rows(kind, place)]

    def first(self, kind: str, place: Place) -> bytes | None:
        """The blob that was put first."""
        rows = self._rows(kind, place)
        return _content(rows[0]) if rows else None

    def _rows(self, kind: str, place: Place) -> list[dict[str, Any]]:
        """Rows of one topic, oldest first."""
        rows = patiently(lambda: self.sink.query("calibration_parts", _asked(kind, place)))
        return sorted((r for r in rows if r["topic"] == place.topic), key=lambda r: (str(r["created"]), r["id"]))


def _kind(kind: str, place: Place) -> str:
    return f"{kind}.{place.round}" if place.round else kind


def _asked(kind: str, place: Place) -> dict[str, object]:
    return {"kind": _kind(kind, place), "model": place.model, "version": place.version, "epoch": place.ended}


def _content(row: Mapping[str, Any]) -> bytes:
    return unpacked(bytes.fromhex(row["content"]).decode())


def packed(data: bytes) -> str:
    """Bytes as text that every engine stores unchanged."""
    return base64.b64encode(zstandard.compress(data, 1)).decode()


def unpacked(text: str) -> bytes:
    """Undo :func:`packed`."""
    return zstandard.ZstdDecompressor().decompress(base64.b64decode(text), max_output_size=LARGEST)


def patiently(attempt: Callable[[], T]) -> T:
    """Try until the database answers, with pauses up to ten seconds; runs in a thread."""
    pauses = Pauses(first=0.2, largest=10.0)
    while True:
        try:
            return attempt()
        except Unavailable as error:
            log.warning("waiting for the database", problem=str(error))
            sleep(pauses.next())
