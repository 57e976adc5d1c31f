"""Record batches packed in one pass are what Kafka's own reader reads, and principals are found as a parser would."""

import json
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.scanner.senders import NOBODY, ODD
from streams.origins import STEPS, Origins, header, origin
from streams.routing import Messages, Row, parcels, plain

ROWS = st.lists(
    st.builds(
        Row,
        st.one_of(st.just(b""), st.binary(min_size=1, max_size=300)),
        st.one_of(st.binary(max_size=50), st.binary(min_size=1, max_size=1).map(lambda b: b * 200_000)),
        st.integers(0, 2**62),
        st.integers(0, 2**40),
    ),
    max_size=40,
)
WORDS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.floats(allow_nan=False))
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)
OBJECTS = st.dictionaries(st.sampled_from(["principal", "id", "x", "principa", 'q"', "f"]), VALUES, max_size=5)


@settings(deadline=None)
@given(ROWS, st.integers(1, 5))
def test_what_is_packed_is_read_back_in_order(rows, width):
    found = parcels(Messages.of(rows), "t", width, origin=header("a", 3), otherwise=7, now=1_700_000_000_123)
    read: dict[int, list[Row]] = {}
    for parcel in found:
        data = MemoryRecords(bytes(parcel.batch.data))
        batch = data.next_batch()
        assert batch.validate_crc()
        records = list(batch)
        assert not data.has_next()
        assert len(records) == parcel.batch.record_count()
        assert parcel.batch.size() <= 900_000 or len(records) == 1
        for i, record in enumerate(records):
            name, place, stamp = origin(record)
            assert (name, record.offset, record.timestamp) == ("from:a/3", i, 1_700_000_000_123)
            read.setdefault(parcel.batch.partition, []).append(Row(record.key or b"", record.value, place, stamp))
    expected: dict[int, list[Row]] = {}
    for row in rows:
        expected.setdefault(zlib.crc32(row.key) % width if row.key else 7 % width, []).append(row)
    assert read == expected


def test_a_producer_that_would_number_finished_batches_is_refused():
    (parcel,) = parcels(Messages.of([Row(b"k", b"v", 0, 1)]), "t", 1, origin=header("a", 0), otherwise=0, now=1)
    with pytest.raises(RuntimeError, match="not idempotent"):
        parcel.batch._set_producer_state(1, 0, 0)


@settings(deadline=None)
@given(st.lists(OBJECTS, min_size=1, max_size=8))
def test_a_principal_is_found_as_a_parser_finds_it(objects):
    values = [json.dumps(one).encode() for one in objects]
    messages, odd = plain(values, np.arange(len(values)), np.zeros(len(values), np.int64), 1 << 20)
    rows = [messages.row(i) for i in range(len(messages.places))]
    which = [i for i in range(len(values)) if i not in odd]
    assert [row.place >> STEPS for row in rows] == which
    for i, row in zip(which, rows, strict=True):
        assert row.value == values[i]
        assert row.key == (objects[i].get("principal") or "").encode()
    assert {NOBODY, ODD} == {-1, -2}


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_are_too_odd(value):
    messages, odd = plain([value, b'{"principal":"u-1"}', None], np.arange(3), np.zeros(3, np.int64), 50)
    assert 2 in odd
    assert 1 not in odd
    assert len(messages.places) + len(odd) == 3


def test_two_principals_in_one_object_are_left_to_the_reader():
    """The first and the last are somebody else; whoever chose by the other could share out his records as he likes."""
    _, odd = plain(
        [b'{"principal":"a","x":[{"principal":"c"}],"principal":"b"}'], np.arange(1), np.zeros(1, np.int64), 99
    )
    assert odd == [0]


def sent(place: int, stamp: int, name: str = "from:a/0"):
    value = place.to_bytes(8, "big") + stamp.to_bytes(8, "big")
    return SimpleNamespace(headers=[(name, value)], timestamp=0)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(0, 5))
def test_what_is_sent_again_from_an_earlier_place_is_taken_once(steps, back):
    """Each run begins at or before where the last one ended, as after a crash."""
    origins, taken, place = Origins(), [], 0
    for step in steps:
        place = max(0, place - back)
        for one in range(place, place + step):
            if origins.fresh(sent(one, 1000 + one)):
                taken.append(one)
        origins = Origins(origins.plain())
        place += step
    assert taken == list(range(max(taken) + 1))


def test_a_topic_that_was_made_again_is_read():
    origins = Origins()
    assert all(origins.fresh(sent(place, 1000)) for place in (5, 9))
    assert not origins.fresh(sent(3, 1000))
    assert origins.fresh(sent(0, 2000))
    assert origins.fresh(sent(0, 1, "from:b/0"))
