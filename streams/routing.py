"""Routing: what becomes of a slice of a source: whole records, halves of calls and refusals, ready to be packed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import msgspec
import numpy as np

from schemas.batch import Doubles, Integers
from schemas.formats import calls
from schemas.formats.reading import Reading
from schemas.formats.refusals import wrapped
from schemas.principal import UNKNOWN
from schemas.record import Record, Reject
from schemas.scanner.scanned import times as recorded
from schemas.scanner.senders import ODD, senders
from streams.forwarder import Parcel
from streams.meeting import time_of
from streams.origins import STEPS
from streams.packing import Packed, packed, spread

encoded = msgspec.json.Encoder().encode  # a record, as a message


class Row(NamedTuple):
    """One message to be: what it is keyed by, b"" for nothing; where it came from, and when that was written, ms."""

    key: bytes
    value: bytes
    place: int
    stamp: int


class Messages(NamedTuple):
    """N messages to be, in order.

    Attributes
    ----------
    data : all keys and values
    keys, values : (N, 2) where each begins and ends; a key that begins below 0 is none
    places, stamps : (N,) as of ``Row``
    """

    data: bytes
    keys: Integers
    values: Integers
    places: Integers
    stamps: Integers

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """Put rows one after another."""
        data = b"".join(part for one in rows for part in (one.key, one.value))
        ends = np.cumsum(np.array([(len(one.key), len(one.value)) for one in rows], np.int64).ravel())
        spans = np.stack([np.concatenate([ends[:1] * 0, ends[:-1]]), ends], axis=1).reshape(-1, 2, 2)
        keys = np.where(spans[:, 0, :1] == spans[:, 0, 1:], -1, spans[:, 0])
        places, stamps = (np.array([one[k] for one in rows], np.int64) for k in (2, 3))
        return cls(data, keys, spans[:, 1], places, stamps)

    def with_(self, others: Self) -> Self:
        """Both, in the order of their places."""
        if not len(others.places):
            return self
        shift = len(self.data)
        keys = np.concatenate([self.keys, np.where(others.keys < 0, -1, others.keys + shift)])
        values = np.concatenate([self.values, others.values + shift])
        places, stamps = (np.concatenate([self[k], others[k]]) for k in (3, 4))
        order = np.argsort(places, kind="stable")
        return self._replace(
            data=self.data + others.data, keys=keys[order], values=values[order], places=places[order],
            stamps=stamps[order],
        )  # fmt: skip

    def between(self, first: int, behind: int) -> Self:
        """Those whose places are from ``first`` up to ``behind``."""
        start, stop = np.searchsorted(self.places, (first, behind)).tolist()
        part = slice(start, stop)
        return self._replace(
            keys=self.keys[part], values=self.values[part], places=self.places[part], stamps=self.stamps[part]
        )

    def row(self, i: int) -> Row:
        """One of them."""
        (k0, k1), (v0, v1) = self.keys[i].tolist(), self.values[i].tolist()
        key = self.data[k0:k1] if k0 >= 0 else b""
        return Row(key, self.data[v0:v1], int(self.places[i]), int(self.stamps[i]))


def plain(
    values: Sequence[bytes | None], offsets: Integers, stamps: Integers, longest: int
) -> tuple[Messages, list[int]]:
    """Messages in the native format whose principal is plain to see; and which ones want to be read with patience."""
    some = [value or b"" for value in values]
    lengths = np.fromiter(map(len, some), np.int64, len(some))
    if lengths.max() > longest:
        some = [value if len(value) <= longest else b"" for value in some]
        lengths = np.fromiter(map(len, some), np.int64, len(some))
    data = b"".join(some)
    starts = np.zeros(len(some) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    keys = np.empty((len(some), 2), np.int64)
    senders(np.frombuffer(data, np.uint8), starts, keys)
    within = np.stack([starts[:-1], starts[1:]], axis=1)
    odd = np.flatnonzero(keys[:, 0] == ODD).tolist()
    if not odd:
        return Messages(data, keys, within, offsets << STEPS, stamps), odd
    kept = keys[:, 0] != ODD
    return Messages(data, keys[kept], within[kept], offsets[kept] << STEPS, stamps[kept]), odd


def records(
    reading: Reading, stamps: Mapping[int, int], limit: int, raw: Mapping[int, bytes] | None = None
) -> list[Row]:
    """Rows of a reading's records and refusals, in the order of their offsets.

    Parameters
    ----------
    raw : by offset, bytes that are records in the native format and go on as they are
    """
    made: list[Row] = []
    last, number = -1, 0
    for record, offset in zip(reading.records, reading.offsets.tolist(), strict=True):
        number = number + 1 if offset == last else 0
        last = offset
        value = raw[offset] if raw else encoded(record)
        made.append(row(record, value, (offset << STEPS) + number, stamps[offset], limit))
    made += [Row(b"", wrapped(one), one.offset << STEPS, stamps[one.offset]) for one in reading.rejects]
    return sorted(made, key=lambda one: one.place)


def row(record: Record, value: bytes, place: int, stamp: int, limit: int) -> Row:
    """A record as a message, or the refusal of it where it is too long."""
    if len(value) > limit:
        return _refusal(Row(b"", value, place, stamp), f"more than the limit of {limit}")
    key = record.principal.encode("utf-8", "replace") if record.principal != UNKNOWN else b""
    return Row(key, value, place, stamp)


def halves(reading: Reading, topic: str, stamps: Mapping[int, int]) -> list[Row]:
    """Rows of a reading's halves, keyed by what both halves of a call share."""
    made: list[Row] = []
    last, number = -1, 0
    for half in reading.halves:
        number = number + 1 if half.offset == last else 0
        last = half.offset
        content = calls.content(half, topic)
        key = content.key.encode("utf-8", "replace")
        made.append(Row(key, calls.packed(content), (half.offset << STEPS) + number, stamps[half.offset]))
    return made


def times(reading: Reading, offsets: Integers, written: Doubles) -> Doubles:
    """When each of N messages is from by what was read of it, s; NaN where that says nothing; never after its writing.

    Parameters
    ----------
    offsets, written : (N,) of the messages, and when Kafka wrote them, s
    """
    found = np.full(len(offsets), np.nan)
    if len(reading.records):
        found[np.searchsorted(offsets, reading.offsets)] = recorded(reading.records)
    if reading.halves:
        places = np.searchsorted(offsets, np.array([half.offset for half in reading.halves], np.int64))
        found[places] = [time_of(half) for half in reading.halves]
    capped: Doubles = np.minimum(found, written)
    return capped


def parcels(
    messages: Messages, topic: str, width: int, *, origin: str, otherwise: int, now: int, fixed: int | None = None
) -> list[Parcel]:
    """Pack messages for a topic of ``width`` partitions.

    Parameters
    ----------
    origin : the header that says where they are from
    otherwise : picks the partition of those without a key
    fixed : the partition of all, where it is known
    """
    if not len(messages.places):
        return []
    partition = np.empty(len(messages.places), np.int64)
    if fixed is None:
        spread(np.frombuffer(messages.data, np.uint8), messages.keys, width, otherwise % width, partition)
    else:
        partition[:] = fixed
    made = packed(
        messages.data, messages.keys, messages.values, partition=partition, stamps=messages.stamps,
        places=messages.places, origin=origin, now=now,
    )  # fmt: skip

    def singly(batch: Packed) -> list[Parcel]:
        """In place of a batch that is too large: its messages one by one, or what says that the one in it is."""
        rows = [messages.row(i) for i in batch.rows.tolist()]
        if len(rows) == 1:
            rows = [_refusal(rows[0], f"more than topic {topic} takes")]
        each = [Messages.of([one]) for one in rows]
        where = batch.partition
        return [p for m in each for p in parcels(m, topic, width, origin=origin, otherwise=0, now=now, fixed=where)]

    return [Parcel(topic, batch, lambda batch=batch: singly(batch)) for batch in made]  # type: ignore[misc]


def _refusal(one: Row, why: str) -> Row:
    reason = f"the record is {len(one.value)} bytes long as it is passed on, {why}"
    return one._replace(key=b"", value=wrapped(Reject(one.place >> STEPS, "", 0, reason, "", one.value[:256])))
