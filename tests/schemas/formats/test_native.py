"""The native format, read strictly where it is well written and with patience where it is not."""

import json
import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import Limits, native, recognise
from schemas.formats.native import attributes, read, read_many
from schemas.record import Record
from tests.schemas.formats.bare import BARE, one, refused

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.lists(st.one_of(st.none(), finite), max_size=6)
names = st.text(max_size=20)
fields_of_a_record = st.fixed_dictionaries(
    {"id": names, "time": st.floats(0, 4e9), "model": st.text(min_size=1, max_size=20)},
    optional={
        "version": names,
        "principal": names,
        "tenant": names,
        "features": st.one_of(
            numbers, st.dictionaries(names, st.one_of(st.none(), st.booleans(), finite, names), max_size=4)
        ),
        "probabilities": st.one_of(numbers, st.dictionaries(names, finite, max_size=4)),
        "logits": numbers,
        "label": st.one_of(names, st.integers(-(2**63), 2**63 - 1)),
        "value": finite,
        "prompt": names,
        "messages": st.lists(st.dictionaries(names, names, max_size=3), max_size=3),
        "completion": names,
        "latency_ms": st.floats(0, 1e9),
        "tokens_in": st.integers(0, 2**31 - 1),
        "status": st.integers(0, 2**31 - 1),
        "client_ip": names,
        "user_agent": names,
        "session": names,
        "trace_id": names,
        "something_else": st.one_of(names, numbers),
    },
)


@settings(deadline=None)
@given(fields_of_a_record)
def test_a_well_written_record_reads_the_same_by_every_way(fields):
    """The strict way, the second try and the slow way must agree, or what is scored would depend on a stray blank."""
    fields["id"] = fields["id"] or "1"
    value = json.dumps(fields).encode()
    strict = read(value, offset=0)
    assert isinstance(strict, Record)
    assert read(b" " + value, offset=0) == strict
    assert read(value[:-1] + b', "x": NaN}', offset=0) == strict


@settings(deadline=None)
@given(fields_of_a_record)
def test_msgpack_reads_as_json_does(fields):
    fields["id"] = fields["id"] or "1"
    from_json = read(json.dumps(fields).encode(), offset=0)
    from_msgpack = read(msgspec.msgpack.encode(fields), offset=0)
    assert from_msgpack == from_json


@settings(deadline=None)
@given(fields_of_a_record)
def test_every_field_arrives_as_it_was_written(fields):
    record = read(json.dumps(fields).encode(), offset=0)
    for name in {"time", "model", "version", "tenant", "prompt", "completion", "session", "value", "latency_ms"} & set(
        fields
    ):
        assert getattr(record, name) == fields[name]


def test_both_examples_of_the_contract_are_read():
    tabular = read(
        b'{"id": "0f62", "time": 1767571245.525, "model": "fraud", "version": "3.2.1", "principal": "u-450339781f",'
        b' "tenant": "eu", "features": [0.0, 0.18], "probabilities": [0.97, 0.03], "latency_ms": 2.1}',
        offset=0,
    )
    assert tabular == Record(
        id="0f62", time=1767571245.525, model="fraud", version="3.2.1", principal="u-450339781f", tenant="eu",
        features=[0.0, 0.18], probabilities=[0.97, 0.03], latency_ms=2.1,
    )  # fmt: skip
    chat = read(
        b'{"id": "9a31", "time": "2026-01-05T00:00:45Z", "model": "chat", "version": "7", "principal": "k-77",'
        b' "messages": [{"role": "user", "content": "hi"}], "completion": "hello", "tokens_in": 9, "tokens_out": 3}',
        offset=0,
    )
    assert isinstance(chat, Record)
    assert (chat.time, chat.messages, chat.tokens_out) == (1767571245.0, [{"role": "user", "content": "hi"}], 3)


def test_text_that_is_no_text_does_not_cost_the_record():
    """Or an attacker would be out of sight by a broken byte in a header."""
    record = read(
        b'{"time": 1, "model": "m", "principal": "a\xffb", "user_agent": "\\ud800x", "session": "a\nb"}', offset=0
    )
    assert (record.principal, record.user_agent, record.session) == ("a\ufffdb", "\ufffdx", "a\nb")
    assert msgspec.json.encode(record)


def test_long_names_are_cut_and_stay_apart():
    first, second = (
        one({"principal": "x" * 1000 + end, "model": "y" * 1000, "user_agent": "z" * 9999}) for end in "ab"
    )
    assert len(first.principal) == 256
    assert (len(first.model), len(first.user_agent)) == (128, 512)
    assert first.principal != second.principal


def test_numbers_out_of_bounds_do_not_cost_the_record():
    record = one({"latency_ms": -1, "tokens_in": 2**40, "tokens_out": "12", "status": 200.0, "value": 10**400})
    assert (record.latency_ms, record.tokens_in, record.tokens_out, record.status) == (None, None, 12, 200)
    assert record.value == math.inf


def test_the_last_of_two_equal_keys_counts():
    value = b'{"time": 1, "time": 2, "model": "a", "model": "b"}'
    assert (read(value, offset=0).time, read(b" " + value[:-1] + b', "x": NaN}', offset=0).model) == (2, "b")


def test_unknown_fields_are_within_reach():
    value = json.dumps(BARE | {"region": "eu", "extra": {"a": [1]}}).encode()
    assert attributes(value) == {"region": "eu", "extra": {"a": [1]}}
    assert attributes(msgspec.msgpack.encode(BARE | {"region": "eu"})) == {"region": "eu"}
    assert attributes(b"\xff") == attributes(b"") == attributes(b"[1]") == {}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b"\0\0\0", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"time": "noo', "not valid JSON: Unterminated string at character 10"),
        (b"[1, 2]", "object"),
        (b'"text"', "object"),
        (b"null", "object"),
        (b'{"time": 1, "model": "m"} and more', "not valid JSON"),
        (b"\x85\xa4time", "not valid msgpack"),
        (b'{"a":' * 100_000, "nested"),
        (b'{"time": 1, "model": "m", "x": ' + b"[" * 100_000 + b"}", "nested"),
        (b'{"time": 1, "model": "m", "features": ' + b"[" * 40 + b"]" * 40 + b"}", "nested"),
        (b'{"time": 1, "model": "m", "features": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}", "nested"),
        (b'{"time": 1, "model": "m", "messages": [{"a": ' + b"[" * 40 + b"]" * 40 + b"}]}", "nested"),
        (b"\x81\xa1x" + b"\x91" * 100_000, "nested"),
        (b'{"time": 1, "model": "m", "prompt": "' + b"x" * 10_000_000 + b'"}', "longer than 1048576 bytes"),
        (b'{"time": 1, "model": "m", "features": [' + b"1," * 65_536 + b"1]}", "more than 65536"),
        (b'{"time": 1, "model": "m", "probabilities": [' + b"1," * 65_536 + b"1]}", "more than 65536"),
    ],
)
def test_what_is_no_record_is_refused_in_plain_words(value, words):
    reject = refused(value)
    assert words in reject.reason
    assert reject.value == (value or b"")[:4096]


def test_limits_can_be_set():
    tight = Limits(size_bytes=100, features=2, depth=2, kept_bytes=10)
    small = b'{"time": 1, "model": "m", "features": [1, 2]}'
    assert isinstance(read(small, offset=0, limits=tight), Record)
    assert "more than 2" in refused(small.replace(b"[1", b"[0, 1"), limits=tight).reason
    assert "longer than 100" in refused(small + b" " * 100, limits=tight).reason
    assert len(refused(b"x" * 50, limits=tight).value) == 10


def test_a_slice_keeps_its_order_and_loses_nothing():
    values = [b'{"time": 1, "model": "m", "id": "%d"}' % i if i % 3 else b"rubbish" for i in range(300)]
    reading = read_many(values, range(1000, 1300), topic="t", partition=1)
    assert reading.offsets.tolist() == [1000 + i for i in range(300) if i % 3]
    assert [record.id for record in reading.records] == [str(i) for i in range(300) if i % 3]
    assert [reject.offset for reject in reading.rejects] == [1000 + i for i in range(300) if not i % 3]


def test_the_format_is_recognised_from_samples():
    value = json.dumps(BARE).encode()
    assert recognise([value, b"rubbish"]).share == 0.5
    assert (recognise([value]).name, recognise([value]).encoding) == ("native", "json")
    assert recognise([b"\xef\xbb\xbf" + value]).encoding == "json"
    assert recognise([msgspec.msgpack.encode(BARE)]).encoding == "msgpack"
    assert recognise([b"rubbish"]) is None
    assert recognise([]) is None


def test_every_format_offers_the_same_two_functions():
    assert callable(native.read)
    assert callable(native.read_many)
