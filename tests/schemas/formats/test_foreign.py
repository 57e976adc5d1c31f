"""Logs that something else wrote: entries become records, halves or rejects, and nothing else happens."""

import json
import math
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import recognise
from schemas.formats.bodies.body import ROWS
from schemas.formats.exchange import ASIDE, REQUEST, RESPONSE, Exchange, joined
from schemas.formats.foreign import Foreign
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, SOURCE, Limits, Source
from schemas.principal import hash_principal
from schemas.record import Record, Reject


def reader(*calls: Exchange, error: Exception | None = None) -> Foreign:
    """A format whose entries all tell of these calls."""

    def read(_one: Message, _source: Source, _limits: Limits) -> Iterable[Exchange]:
        yield from calls
        if error is not None:
            raise error

    return Foreign(SimpleNamespace(TITLE="a test", PRINCIPALS=("metadata.key", "client_ip"), signs=float, read=read))


def kafka(time: int | None = 5_000, *headers: tuple[str, bytes]) -> SimpleNamespace:
    return SimpleNamespace(timestamp=time, key=b"k", headers=headers)


def test_each_row_of_a_call_is_a_record_of_its_own_name() -> None:
    call = Exchange({"id": "c", "time": 1.0, "model": "m"}, [{"features": [1.0]}, {"features": [2.0]}])
    reading = reader(call).read_many([b"{}"], [7])
    assert [one.id for one in reading.records] == ["c:0", "c:1"]
    assert [one.features for one in reading.records] == [[1.0], [2.0]]
    assert reading.offsets.tolist() == [7, 7]


def test_tokens_of_a_call_are_shared_by_its_rows() -> None:
    call = Exchange({"id": "c", "time": 1.0, "model": "m", "tokens_in": 9}, [{"prompt": "a"}, {"prompt": "b"}])
    assert [one.tokens_in for one in reader(call).read_many([b"{}"], [7]).records] == [4, 4]


def test_a_call_without_an_id_has_one_from_its_bytes() -> None:
    call = Exchange({"time": 1.0, "model": "m"})
    first, second = (reader(call).read_many([value], [0]).records[0].id for value in (b"a", b"b"))
    assert first
    assert first != second
    assert reader(call).read_many([b"a"], [9]).records[0].id == first


def test_a_call_without_a_time_has_the_brokers_and_without_that_is_refused() -> None:
    form = reader(Exchange({"id": "c", "model": "m"}))
    assert form.read_many([b"a"], [0], raws=[kafka(5_000)]).records[0].time == 5.0
    refused = form.read_many([b"a"], [0], raws=[kafka(None)]).rejects[0]
    assert (refused.path, refused.value) == ("$.time", b"a")


def test_what_a_source_says_is_used_where_the_log_says_nothing() -> None:
    form = reader(Exchange({"time": 1.0, "version": "2"}))
    one = form.read_many([b"a"], [0], source=Source(model="m", version="1", tenant="t")).records[0]
    assert (one.model, one.version, one.tenant) == ("m", "2", "t")
    assert form.read_many([b"a"], [0]).rejects[0].path == "$.model"


@pytest.mark.parametrize(
    ("places", "principal"),
    [(("principal",), "key-1"), (("headers.x", "metadata.key"), "key-1"), (("const:shared",), "shared"),
     (("nothing",), "unknown")],
)  # fmt: skip
def test_who_asked_is_looked_up_in_order_and_hashed_with_a_secret(places: tuple[str, ...], principal: str) -> None:
    call = Exchange({"time": 1.0, "model": "m", "client_ip": "10.0.0.1"}, attributes={"metadata": {"key": "key-1"}})
    plain = reader(call).read_many([b"a"], [0], source=Source(principal=places)).records[0]
    hashed = reader(call).read_many([b"a"], [0], source=Source(principal=places, secret=b"s")).records[0]
    assert plain.principal == principal
    assert hashed.principal == (hash_principal(b"s", "key-1") if principal == "key-1" else principal)


def test_an_entry_that_is_refused_half_way_gives_nothing_but_its_reject() -> None:
    good = Exchange({"time": 1.0, "model": "m"})
    reading = reader(good, error=Refused("two calls in one", "$[1]")).read_many([b"a"], [3], topic="t", partition=2)
    assert (len(reading.records), len(reading.offsets)) == (0, 0)
    assert reading.rejects == [Reject(3, "t", 2, "two calls in one", "$[1]", b"a")]


@pytest.mark.parametrize("error", [KeyError("x"), TypeError("x"), ZeroDivisionError(), RecursionError()])
def test_no_error_of_a_reader_gets_out(error: Exception) -> None:
    reading = reader(error=error).read_many([b"a"], [0])
    assert reading.rejects[0].reason == f"not a record of a test: {type(error).__name__}"


@pytest.mark.parametrize("value", [None, b"", b"x" * 11])
def test_empty_and_huge_entries_are_refused_before_they_are_read(value: bytes | None) -> None:
    reading = reader(Exchange({"time": 1.0, "model": "m"})).read_many([value], [0], limits=Limits(size_bytes=10))
    assert (len(reading.records), len(reading.rejects)) == (0, 1)


def test_more_values_than_allowed_are_refused() -> None:
    call = Exchange({"time": 1.0, "model": "m"}, [{"features": [0.0] * 5}])
    assert reader(call).read_many([b"a"], [0], limits=Limits(features=4)).rejects[0].path == "$.features"


def test_a_call_about_too_many_inputs_is_cut_and_that_is_said() -> None:
    call = Exchange({"id": "c", "time": 1.0, "model": "m"}, [{"prompt": "a"}] * (ROWS + 1))
    reading = reader(call).read_many([b"a"], [0])
    assert len(reading.records) == ROWS
    assert reading.warnings.total() == 1


def test_values_of_odd_types_are_read_with_patience() -> None:
    call = Exchange({"time": "1970-01-01T00:00:02Z", "model": 7, "tokens_in": "12", "status": "200"})
    one = reader(call).read(b"a", offset=0)
    assert isinstance(one, Record)
    assert (one.time, one.model, one.tokens_in, one.status) == (2.0, "7", 12, 200)


def test_halves_are_kept_apart_with_their_place_and_warnings_are_counted() -> None:
    half = Exchange({"model": "m"}, phase=REQUEST, key="s/1", warnings=["odd"])
    form = reader(half, half)
    reading = form.read_many([b"a"], [4], raws=[kafka(2_000)])
    assert [(one.exchange, one.offset, one.time) for one in reading.halves] == [(half, 4, 2.0)] * 2
    assert reading.warnings == {"odd": 2}
    assert isinstance(form.read(b"a", offset=4), Reject)


def test_headers_are_found_by_name_in_lower_case_and_the_last_one_counts() -> None:
    seen: list[Message] = []
    form = Foreign(
        SimpleNamespace(
            TITLE="a test", PRINCIPALS=(), signs=float, read=lambda one, _source, _limits: seen.append(one) or ()
        )
    )
    form.read_many([b"a", b"b"], [0, 1], raws=[kafka(1, ("X-Id", b"1"), ("x-id", b"2"), ("odd", b"\xff")), kafka(0)])
    assert dict(seen[0].headers) == {"x-id": "2", "odd": "\ufffd"}
    assert (seen[0].time, seen[0].key) == (0.001, b"k")
    assert math.isnan(seen[1].time)


def test_two_halves_are_one_call_with_the_answers_time_as_its_length() -> None:
    request = Exchange(
        {"id": "r", "time": 10.0, "model": "m"}, [{"features": [1.0]}, {"features": [2.0]}], REQUEST, "s/1"
    )
    response = Exchange(
        {"id": "x", "time": 10.5, "status": 200}, [{"label": "a"}, {"label": "b"}], RESPONSE, "s/1", warnings=["odd"]
    )
    call = joined(request, response)
    assert call.common == {"id": "r", "time": 10.0, "model": "m", "status": 200, "latency_ms": 500.0}
    assert call.rows == [{"features": [1.0], "label": "a"}, {"features": [2.0], "label": "b"}]
    assert (call.half, call.warnings) == (False, ["odd"])


@given(st.integers(0, 4), st.integers(0, 4))
def test_halves_of_unequal_length_keep_every_input_and_say_so(asked: int, answered: int) -> None:
    request = Exchange({}, [{"features": [float(i)]} for i in range(asked)], REQUEST, "k")
    response = Exchange({}, [{"label": i} for i in range(answered)], RESPONSE, "k")
    call = joined(request, response)
    assert len(call.rows) == (max(asked, answered) if not (asked and answered) else asked)
    assert [row["features"][0] for row in call.rows if "features" in row] == list(range(asked))
    assert bool(call.warnings) == (asked != answered and asked > 0 and answered > 0)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(value: bytes) -> None:
    from schemas.formats import FORMATS, named  # all that there are

    for name in FORMATS:
        reading = named(name).read_many([value], [0], limits=LIMITS, source=SOURCE, raws=[kafka()])
        assert len(reading.records) + len(reading.rejects) + len(reading.halves) >= (0 if value else 1)
    recognise([value])


def test_what_is_no_call_leaves_its_warnings_and_nothing_else() -> None:
    reading = reader(Exchange({}, phase=ASIDE, warnings=["3 spans that are no calls"])).read_many([b"a"], [0])
    assert (len(reading.records), reading.rejects, reading.halves) == (0, [], [])
    assert (reading.warnings, reading.clocks) == ({"3 spans that are no calls": 1}, {})


def test_the_encoding_is_that_of_what_could_be_read_not_of_a_broken_first_line() -> None:
    found = recognise([b"no json", b'{"time": 1, "model": "m"}'])
    assert found is not None
    assert (found.name, found.encoding, found.share) == ("native", "json", 0.5)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        (
            "openai",
            {"request": {"model": "m", "messages": [{"role": "user", "content": "a"}]}, "response": {"choices": []}},
        ),
        ("mlflow", {"request": {"dataframe_records": [{"a": 1}]}, "response": {"predictions": [1]}}),
    ],
)
def test_what_has_our_names_around_calls_of_another_kind_is_not_taken_for_ours(name: str, entry: dict) -> None:
    entry = {"id": "r-1", "time": 1_767_571_245, "model": "m", "principal": "p", "status": 200, **entry}
    for source in (SOURCE, Source(model="told")):
        found = recognise([json.dumps(entry).encode()] * 3, source)
        assert found is not None
        assert (found.name, found.tied) == (name, ())


def test_our_own_records_without_contents_are_ours_where_nothing_else_fits() -> None:
    found = recognise([b'{"time": 1767571245, "model": "m", "principal": "p", "latency_ms": 3.5}'])
    assert found is not None
    assert found.name == "native"
