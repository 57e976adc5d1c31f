"""Scanned slices: the same batches, rejects and records as reading one by one, whatever the bytes."""

import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.batch import Batch
from schemas.formats import native
from schemas.formats.native import FEW, read_many
from schemas.formats.reading import Reading
from schemas.formats.rules import LIMITS, Limits, Source
from schemas.principal import UNKNOWN
from schemas.record import Record
from schemas.scanner.scanned import Scanned, batches, retimed, times

DAY = 1767225600.0
numbers = st.one_of(
    st.floats(-1e6, 1e6), st.floats(width=32, allow_nan=False), st.integers(-(10**20), 10**20), st.none()
)
plain_text = st.text("abcXYZ-_.:/ 0189", max_size=9)
text = st.one_of(plain_text, st.text(max_size=6), st.just("x" * 300), st.just(UNKNOWN))
count = st.one_of(st.integers(-2, 5000), st.just(2**31), st.none())


def answered(size: int) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(st.floats(0, 1), min_size=size, max_size=size), st.none(), st.just({"yes": 0.4}))


documents = st.fixed_dictionaries(
    {"time": st.one_of(st.floats(DAY, DAY + 1e6), st.integers(-1, 2**33)), "model": st.sampled_from(["m", "n", ""])},
    optional={
        "id": text, "version": plain_text, "principal": text, "label": st.one_of(text, count, st.just(-7)),
        "features": st.one_of(st.lists(numbers, max_size=4), st.just([1.5, 2.5, 3.5]), st.just({"a": 1.0}), st.none()),
        "probabilities": answered(2), "logits": answered(2), "latency_ms": st.one_of(st.floats(-1, 1e10), st.none()),
        "tokens_in": count, "tokens_out": count, "status": count, "tenant": plain_text, "user_agent": text,
        "prompt": st.one_of(text, st.none(), st.just(5)), "messages": st.just([{"role": "user"}]),
        "extra": st.one_of(numbers, text, st.booleans(), st.just({"deep": [1]})),
    },
)  # fmt: skip
ordinary = st.builds(
    lambda i, who, x, p: {
        "id": f"r{i}", "time": DAY + i, "model": "m", "version": "1", "principal": f"p{who}", "features": [x, x / 3],
        "probabilities": [p, 1 - p], "latency_ms": 12.5, "tokens_in": i, "label": str(who),
    },
    st.integers(0, 999), st.integers(0, 5), st.floats(-100, 100), st.floats(0, 1),
)  # fmt: skip


def damaged(value: bytes, place: int, byte: int) -> bytes:
    at = place % len(value)
    return value[:at] + bytes([byte]) + value[at + 1 :]


values = st.one_of(
    ordinary.map(msgspec.json.encode),
    documents.map(lambda d: json.dumps(d).encode()),
    documents.map(lambda d: json.dumps(d, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")),
    documents.map(lambda d: msgspec.msgpack.encode(d) if not {"features", "extra"} & d.keys() else b"\x80"),
    st.builds(damaged, ordinary.map(msgspec.json.encode), st.integers(0, 400), st.integers(0, 255)),
    st.sampled_from([b"", b"{}", b"null", b"[", b"{", b'{"id":"a","id":"b"}', None]),
)
slices = st.lists(values, min_size=1, max_size=12).map(lambda some: some + [b"?"] * (FEW - len(some)))


def one_by_one(some: list[bytes | None], **rules: Any) -> Reading:
    readings = [read_many([value], [7 + 2 * i], **rules) for i, value in enumerate(some)]
    return Reading(
        [record for each in readings for record in each.records],
        np.concatenate([each.offsets for each in readings]),
        [reject for each in readings for reject in each.rejects],
    )


def together(some: list[bytes | None], **rules: Any) -> Reading:
    return read_many(some, range(7, 7 + 2 * len(some), 2), **rules)


def assert_same(found: list[Batch], expected: list[Batch]) -> None:
    assert [(b.model, b.version) for b in found] == [(b.model, b.version) for b in expected]
    for one, other in zip(found, expected, strict=True):
        for name in Batch.__dataclass_fields__:
            mine, theirs = getattr(one, name), getattr(other, name)
            if isinstance(theirs, np.ndarray):
                assert mine.dtype == theirs.dtype
                np.testing.assert_array_equal(mine, theirs, err_msg=name)
                assert not mine.flags.writeable
            elif name == "records":
                assert repr(list(mine)) == repr(list(theirs))  # NaN is not itself, but its words are
            else:
                assert repr(mine) == repr(theirs), name


@settings(deadline=None)
@given(slices)
def test_a_slice_is_read_as_its_records_are_one_by_one(some: list[bytes | None]):
    found, expected = together(some), one_by_one(some)
    assert isinstance(found.records, Scanned)
    assert repr(found.rejects) == repr(expected.rejects)
    assert found.offsets.tolist() == expected.offsets.tolist()
    assert found.unknown == expected.unknown
    assert_same(batches(found.records, found.offsets), batches(expected.records, expected.offsets))


@settings(deadline=None)
@given(slices, st.sampled_from([Limits(size_bytes=150), Limits(features=3)]))
def test_limits_hold_for_a_slice_too(some: list[bytes | None], limits: Limits):
    assert repr(together(some, limits=limits).rejects) == repr(one_by_one(some, limits=limits).rejects)


@settings(deadline=None)
@given(slices, st.data())
def test_a_time_can_be_set_to_another_and_everything_else_stays(some: list[bytes | None], data: st.DataObject):
    found, expected = together(some), one_by_one(some)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, max(0, len(expected.records) - 1))))), np.int64)
    rows = rows[rows < len(expected.records)]
    moments = DAY + np.arange(len(rows)) / 7
    changed, right = retimed(found.records, rows, moments), retimed(list(expected.records), rows, moments)
    assert times(changed).tolist() == [record.time for record in right]
    assert times(found.records).tolist() == [record.time for record in expected.records]
    assert_same(batches(changed, found.offsets), batches(right, expected.offsets))


def plain(i: int, **more: Any) -> bytes:
    document = {"id": f"r{i}", "time": DAY + i, "model": "m", "principal": f"p{i % 3}", "features": [0.1, 2, 3e-7]}
    return msgspec.json.encode(document | more)


def test_plain_records_are_not_decoded_before_somebody_asks():
    found = together([plain(i) for i in range(FEW)])
    assert isinstance(found.records, Scanned)
    assert all(isinstance(item, bytes) for item in found.records.items)
    (batch,) = batches(found.records, found.offsets)
    assert isinstance(batch.records[3], Record)
    assert batch.records[3].id == "r3"
    assert [record.id for record in batch.records[2:5]] == ["r2", "r3", "r4"]


@pytest.mark.parametrize(
    "odd", [{"principal": "Zoë"}, {"id": 'say "so"'}, {"features": {"a": 1.0}}, {"logits": [1.0]}, {"tokens_in": None}]
)
def test_one_odd_record_leaves_the_others_to_the_scanner(odd: dict[str, Any]):
    found = together([plain(i) for i in range(FEW)] + [plain(99, **odd)])
    assert isinstance(found.records, Scanned)
    assert np.count_nonzero(found.records.at < 0) <= 1
    assert len(found.records) == FEW + 1


def test_more_forms_and_principals_than_usual_are_told_apart():
    some = [plain(i, model=f"m{i % 90}", principal=f"who-{i * 7919 % 1201}") for i in range(3000)]
    found, expected = together(some), one_by_one(some)
    assert_same(batches(found.records, found.offsets), batches(expected.records, expected.offsets))


def test_numbers_that_are_missing_are_nan_before_they_are_tamed():
    found = together([plain(i, features=[1.0, None]) for i in range(FEW)])
    (batch,) = batches(found.records, found.offsets)
    assert batch.bad.tolist() == [1] * FEW
    assert batch.features[0].tolist() == [1.0, 0.0]
    assert math.isnan(float(batch.latency[0]))


def test_a_source_that_says_where_the_principal_is_reads_record_by_record():
    found = read_many([plain(i, user="u") for i in range(FEW)], range(FEW), source=Source(principal=("user",)))
    assert not isinstance(found.records, Scanned)
    assert {record.principal for record in found.records} == {"u"}


def test_the_longest_record_that_is_scanned_holds_no_more_numbers_than_allowed():
    assert native.FEW == FEW
    long = plain(0, features=[1] * (LIMITS.features // 2))
    assert len(long) > LIMITS.features
    found = together([long] * FEW)
    assert len(found.records) == FEW
    assert isinstance(found.records, Scanned)
    assert (found.records.at < 0).all()
