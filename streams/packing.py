"""Packing: many records into whole Kafka record batches, one a target partition, in one compiled pass.

A client library makes a record at a time, in Python; that alone is slower than reading what is re-keyed. The format is
Kafka's message format 2: https://kafka.apache.org/documentation/#recordbatch
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from aiokafka.record.util import calc_crc32c

from schemas.batch import Integers
from schemas.compiled import compiled

HEAD = 61  # bytes before the records of a batch
LARGEST = 900_000  # bytes of a batch, unless one record alone is larger: brokers take 1 MiB by default
TABLE = np.array([crc32(bytes([i]), 0xFFFFFFFF) ^ 0xFFFFFFFF for i in range(256)], np.uint32)
_HEAD = struct.Struct(">qiibIhiqqqhii")
_CHECKED = 21  # where the part of the head begins that the checksum covers


@dataclass(frozen=True, slots=True)
class Packed:
    """One record batch; in place of aiokafka's builder of one.

    Attributes
    ----------
    rows : (begin, end) of the records among all, in the order of their partition
    """

    partition: int
    data: memoryview
    count: int
    rows: Integers

    def closed(self) -> bool:
        """Nothing can be added."""
        return True

    def close(self) -> None:
        """Do nothing: it is closed."""

    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def record_count(self) -> int:
        """How many records are in it."""
        return self.count

    def _build(self) -> memoryview:
        return self.data

    def _set_producer_state(self, producer_id: int, producer_epoch: int, base_sequence: int) -> None:
        """Refuse: a producer that is idempotent or in a transaction would number the records of finished batches."""
        raise RuntimeError("packed batches carry no producer's state: send them with a producer that is not idempotent")


def packed(
    data: bytes, keys: Integers, values: Integers, *, partition: Integers, stamps: Integers, places: Integers,
    origin: str, now: int, largest: int = LARGEST,
) -> list[Packed]:  # fmt: skip
    """Pack N records; those of one partition stay in order.

    Parameters
    ----------
    data : all keys and values
    keys, values : (N, 2) where each begins and ends; a key that begins below 0 is none
    partition : (N,) where each goes
    stamps, places : (N,) when each was first written, ms, and its position within ``origin``; both become a header
    now : what Kafka is told as the time of all, ms: retention goes by it, and what was written long ago must stay
    """
    order = np.argsort(partition, kind="stable")
    keys, values, partition = keys[order], values[order], partition[order].astype(np.int64)
    stamps, places = stamps[order], places[order]
    name = np.frombuffer(origin.encode(), np.uint8)
    room = int((values[:, 1] - values[:, 0]).sum() + np.maximum(0, keys[:, 1] - keys[:, 0]).sum())
    out = np.empty(room + len(order) * (72 + len(name) + HEAD), np.uint8)
    cuts = np.empty((len(order), 4), np.int64)
    count = _pack(
        np.frombuffer(data, np.uint8), keys, values, partition, stamps, places, name, out, cuts, largest
    )  # fmt: skip
    return [_finished(out, cut, order, int(partition[cut[0]]), now) for cut in cuts[:count].tolist()]


def _finished(out: Any, cut: Sequence[int], order: Integers, partition: int, now: int) -> Packed:
    """Write the head of a batch, with its checksum."""
    first, last, begin, end = cut
    batch, count = memoryview(out)[begin:end], last - first
    _HEAD.pack_into(batch, 0, 0, len(batch) - 12, -1, 2, 0, 0, count - 1, now, now, -1, -1, -1, count)
    struct.pack_into(">I", batch, 17, calc_crc32c(batch[_CHECKED:]))
    return Packed(partition, batch, count, order[first:last])


@compiled
def spread(data: Any, keys: Any, count: int, otherwise: int, partition: Any) -> None:
    """Say which of ``count`` partitions each of N keys belongs to: by CRC-32, as librdkafka does; no key, a fixed one.

    Parameters
    ----------
    keys : (N, 2) i8 where each begins and ends
    partition : out (N,) i4
    """
    for i in range(len(keys)):
        sum_ = np.uint32(0xFFFFFFFF)
        for k in range(max(0, keys[i, 0]), max(0, keys[i, 1])):
            sum_ = np.uint32(TABLE[(sum_ ^ data[k]) & np.uint32(255)] ^ (sum_ >> np.uint32(8)))
        partition[i] = (sum_ ^ np.uint32(0xFFFFFFFF)) % np.uint32(count) if keys[i, 0] >= 0 else otherwise


@compiled
def _pack(
    data: Any, keys: Any, values: Any, partition: Any, stamps: Any, places: Any, name: Any, out: Any, cuts: Any,
    largest: int,
) -> int:  # fmt: skip
    """Write records behind room for heads; (first, last, begin, end) of each batch."""
    at, batch = 0, -1
    for i in range(len(partition)):
        size = values[i, 1] - values[i, 0] + max(0, keys[i, 1] - keys[i, 0]) + len(name) + 72
        if batch < 0 or partition[i] != partition[i - 1] or at + size - cuts[batch, 2] > largest:
            batch += 1
            cuts[batch, 0] = i
            cuts[batch, 2] = at
            at += 61
        at = _record(data, keys[i], values[i], stamps[i], i - cuts[batch, 0], places[i], name, out, at)
        cuts[batch, 1] = i + 1
        cuts[batch, 3] = at
    return batch + 1


@compiled
def _record(data: Any, key: Any, value: Any, stamp: int, number: int, place: int, name: Any, out: Any, at: int) -> int:
    """Write one record with one header; returns what follows it."""
    k, v = key[1] - key[0], value[1] - value[0]
    size = 2 + _length(number) + _length(v) + v + 1
    size += _length(k) + k if key[0] >= 0 else 1
    size += _length(len(name)) + len(name) + 1 + 16
    at = _varint(size, out, at)
    out[at] = 0
    out[at + 1] = 0
    at = _varint(number, out, at + 2)
    if key[0] < 0:
        at = _varint(-1, out, at)
    else:
        at = _varint(k, out, at)
        for j in range(k):
            out[at + j] = data[key[0] + j]
        at += k
    at = _varint(v, out, at)
    out[at : at + v] = data[value[0] : value[1]]
    at = _varint(1, out, at + v)
    at = _varint(len(name), out, at)
    for j in range(len(name)):
        out[at + j] = name[j]
    at = _varint(16, out, at + len(name))
    for j in range(8):
        out[at + j] = (place >> (56 - 8 * j)) & 255
        out[at + 8 + j] = (stamp >> (56 - 8 * j)) & 255
    return at + 16


@compiled
def _length(value: int) -> int:
    folded = (value << 1) ^ (value >> 63)
    n = 1
    while folded > 127:
        folded >>= 7
        n += 1
    return n


@compiled
def _varint(value: int, out: Any, at: int) -> int:
    folded = (value << 1) ^ (value >> 63)
    while folded > 127:
        out[at] = (folded & 127) | 128
        folded >>= 7
        at += 1
    out[at] = folded
    return at + 1
