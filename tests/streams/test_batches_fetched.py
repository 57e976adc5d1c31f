"""Records of a fetch come out as aiokafka hands them out, wherever a poll's limit cuts them."""

from itertools import islice

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED, PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from streams.batches.fetched import RawPartitionRecords

TP = TopicPartition("traffic", 0)
CONTROL, ABORT = 0x20, b"\x00\x00\x00\x00"


def written(base: int, values: list[bytes], *, producer: int = -1, marker: bool = False) -> bytes:
    """A record batch as a producer writes it, in a transaction if it has a number; a marker ends one as aborted."""
    builder = DefaultRecordBatchBuilder(2, 0, int(producer >= 0), producer, 0, 0, 1 << 20)
    for i, value in enumerate(values):
        builder.append(i, timestamp=1_700_000_000_000 + i, key=ABORT if marker else b"k", value=value, headers=[])
    made = bytearray(builder.build())
    made[:8] = base.to_bytes(8, "big")
    if marker:
        made[22] |= CONTROL
        made[17:21] = calc_crc32c(bytes(made[21:])).to_bytes(4, "big")
    return bytes(made)


def fetched(data: bytes, offset: int, *, aborted=(), isolation: int = READ_UNCOMMITTED) -> PartitionRecords:
    return PartitionRecords(TP, MemoryRecords(data), list(aborted), offset, None, None, True, isolation)


def raw(*arguments, **settings) -> RawPartitionRecords:
    made = fetched(*arguments, **settings)
    RawPartitionRecords.take_over(made)
    assert isinstance(made, RawPartitionRecords)
    return made


def taken(records: PartitionRecords, limits: list[int]) -> list[tuple[list[tuple[int, bytes]], int]]:
    """What polls with these limits get until nothing is left, and the position after each; the last has no limit."""
    polls = []
    for limit in [*limits, 100]:
        got = [(r.offset, r.value) for r in islice(records, limit)]
        polls.append((got, records.next_fetch_offset))
        if len(got) < limit:
            break
    return polls


@given(
    st.lists(st.tuples(st.integers(0, 3), st.lists(st.binary(max_size=5), min_size=1, max_size=4)), max_size=4),
    st.integers(0, 12),
    st.lists(st.integers(1, 6), max_size=5),
)
def test_records_and_positions_are_those_of_aiokafka(batches, offset: int, limits: list[int]) -> None:
    data, base = b"", 0
    for gap, values in batches:
        base += gap
        data += written(base, values)
        base += len(values)
    assert taken(raw(data, offset), limits) == taken(fetched(data, offset), limits)


@pytest.mark.parametrize("isolation", [READ_COMMITTED, READ_UNCOMMITTED])
def test_aborted_records_and_markers_are_passed_over_as_by_aiokafka(isolation: int) -> None:
    data = (
        written(0, [b"a"])
        + written(1, [b"lost", b"too"], producer=7)
        + written(3, [b"\x00" * 6], producer=7, marker=True)
        + written(4, [b"kept"], producer=7)
    )
    settings = {"aborted": [(7, 1)], "isolation": isolation}
    assert taken(raw(data, 0, **settings), [1]) == taken(fetched(data, 0, **settings), [1])


@given(st.integers(1, 5))
def test_what_was_begun_is_finished_by_aiokafka_itself(begun: int) -> None:
    records = fetched(written(0, [b"a", b"b", b"c"]) + written(3, [b"d", b"e", b"f"]), 0)
    first = [record.offset for record in islice(records, begun)]
    RawPartitionRecords.take_over(records)
    assert first + [record.offset for record in records] == list(range(6))


def test_a_wrong_checksum_is_an_error_after_what_came_before_it() -> None:
    data = bytearray(written(0, [b"good"]) + written(1, [b"evil"]))
    data[-1] ^= 1
    records = raw(bytes(data), 0)
    assert next(iter(records)).value == b"good"
    with pytest.raises(CorruptRecordException):
        next(iter(records))
    assert records.next_fetch_offset == 1
