"""Spans of the first generation and the log events that hold their words, joined by trace and span."""

import json
from typing import Any

from schemas.formats import Source, named
from schemas.formats.calls import content, read
from schemas.formats.rules import LIMITS
from schemas.formats.versions import Versions
from schemas.pairing import Pairing
from schemas.record import Record

APART = Source(words_apart=True)
FORMAT = named("otel")
TIME = "1767571245000000000"


def text(name: str, value: str) -> dict[str, Any]:
    return {"key": name, "value": {"stringValue": value}}


def spans(**more: Any) -> bytes:
    attributes = [
        text("gen_ai.operation.name", "chat"), text("gen_ai.system", "openai"), text("gen_ai.request.model", "gpt-x"),
        text("gen_ai.response.id", "chatcmpl-1"), text("user.id", "u-1"),
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "12"}},
    ]  # fmt: skip
    span = {
        "traceId": "a" * 32, "spanId": "b" * 16, "startTimeUnixNano": TIME, "endTimeUnixNano": "1767571246500000000",
        "attributes": attributes, **more,
    }  # fmt: skip
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()


def events(*names: str) -> bytes:
    bodies = {
        "gen_ai.user.message": {"content": "What is it?"},
        "gen_ai.choice": {"finish_reason": "stop", "message": {"content": "A test."}},
    }

    def value(held: Any) -> dict[str, Any]:
        if isinstance(held, dict):
            return {"kvlistValue": {"values": [{"key": k, "value": value(v)} for k, v in held.items()]}}
        return {"stringValue": held}

    logs = [
        {"observedTimeUnixNano": TIME, "traceId": "a" * 32, "spanId": "b" * 16, "attributes": [text("event.name", n)],
         "body": value(bodies[n])}
        for n in names
    ]  # fmt: skip
    resource = {"attributes": [text("service.name", "shop")]}
    return json.dumps({"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": logs}]}]}).encode()


def through(*values: bytes) -> list[Record]:
    """What comes out behind the router's pairing."""
    reading = FORMAT.read_many(list(values), range(len(values)), source=APART)
    assert not reading.rejects
    pairing, made = Pairing(), list(reading.records)
    for half in reading.halves:
        found = content(half, "otlp")._replace(time=1767571245.0)
        for call in pairing.take(found):
            made += read(call, {"otlp": APART}, LIMITS, Versions())
    for call in pairing.finish():
        made += read(call, {"otlp": APART}, LIMITS, Versions())
    return made


def test_a_span_gets_the_words_of_its_events_in_any_order() -> None:
    said = events("gen_ai.user.message", "gen_ai.choice")
    for order in ((spans(), said), (said, spans())):
        (record,) = through(*order)
        assert (record.id, record.model, record.principal, record.tokens_in) == ("chatcmpl-1", "gpt-x", "u-1", 12)
        assert record.messages == [{"role": "user", "content": "What is it?"}]
        assert (record.completion, record.finish_reason, record.status) == ("A test.", "stop", 200)
        assert record.latency_ms == 1500.0
        assert record.phase == ""


def test_events_whose_span_never_comes_are_watched_under_their_service() -> None:
    (record,) = through(events("gen_ai.user.message", "gen_ai.choice"))
    assert (record.model, record.principal, record.completion) == ("shop", "shop", "A test.")


def test_a_span_whose_events_never_come_is_no_request_without_an_answer() -> None:
    (record,) = through(spans())
    assert (record.phase, record.status, record.model) == ("request", 200, "gpt-x")


def test_an_answer_in_a_later_batch_is_a_record_of_its_own_and_no_id_used_again() -> None:
    found = through(spans(), events("gen_ai.user.message"), events("gen_ai.choice"))
    assert sorted(one.phase for one in found) == ["", ""]
    assert {one.completion for one in found} == {None, "A test."}
    asked, answered = sorted(found, key=lambda one: one.completion is not None)
    assert (asked.model, asked.principal, len(asked.messages or ())) == ("gpt-x", "u-1", 1)
    assert (answered.model, answered.principal, answered.messages) == ("shop", "shop", None)


def test_without_being_told_spans_do_not_wait() -> None:
    reading = FORMAT.read_many([spans()], [0])
    assert len(reading.records) == 1
    assert not reading.halves
