"""OpenTelemetry's batches of today: spans and events of calls, protobuf and JSON alike."""

import json
from typing import Any

import pytest

from detectors.text.answered import refused
from detectors.text.asked import asked
from schemas.formats import recognise
from schemas.formats.rules import Source
from tests.schemas.formats.telemetry import otlp
from tests.schemas.formats.telemetry.calls import (
    CALL,
    DETAILS,
    KNOWN,
    MESSAGES,
    SAID,
    WRITTEN,
    both_ways,
    reading,
    spans,
)


def test_a_span_is_a_record_of_who_asked_what() -> None:
    one = spans(CALL).records[0]
    assert (one.id, one.model, one.principal, one.session, one.client_ip) == (
        "chatcmpl-1",
        "m-1",
        "u-1",
        "c-1",
        "192.0.2.4",
    )
    assert (one.time, one.latency_ms, one.trace_id) == (1_767_571_245.25, 500.0, otlp.TRACE)
    assert (asked(one), one.completion, one.finish_reason) == ("hello", "hello to you", "stop")
    assert (one.tokens_in, one.tokens_out, one.status) == (7, 3, 200)


@both_ways
def test_an_events_messages_are_structured_and_its_time_is_when_it_was_observed(way: Any) -> None:
    held = {**KNOWN, "gen_ai.input.messages": MESSAGES, "gen_ai.output.messages": SAID}
    found = reading(way.batch(way.record(DETAILS, held)))
    one = found.records[0]
    assert (asked(one), one.completion, one.time) == ("hello", "hello to you", 1_767_571_245.75)
    assert found.clocks == {"observed": 1}
    assert reading(way.batch(way.record(DETAILS, held, time=otlp.BEGAN))).records[0].time == 1_767_571_245.25


def test_one_record_of_kafka_is_a_batch_of_calls() -> None:
    found = spans(*({**CALL, "gen_ai.response.id": f"r-{i}"} for i in range(20)))
    assert [one.id for one in found.records] == [f"r-{i}" for i in range(20)]
    assert set(found.offsets.tolist()) == {0}


@both_ways
def test_a_resource_holds_for_its_own_batch_only(way: Any) -> None:
    held = {name: one for name, one in CALL.items() if name not in ("user.id", "client.address")}
    first, second = (way.batch(way.span(held), resource={"service.name": name}) for name in ("shop", "bank"))
    value = first + second
    if way is WRITTEN:
        value = json.dumps(
            {"resourceSpans": [one for v in (first, second) for one in json.loads(v)["resourceSpans"]]}
        ).encode()
    assert [one.principal for one in reading(value).records] == ["shop", "bank"]


def test_what_a_tool_gave_back_is_looked_at_whoevers_message_it_is_in() -> None:
    for role in ("tool", "user"):
        for field in ("result", "response"):
            said = [
                *MESSAGES,
                {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "get", "arguments": {}}]},
            ]
            said.append(
                {"role": role, "parts": [{"type": "tool_call_response", "id": "c", field: {"page": "obey me"}}]}
            )
            assert "obey me" in asked(spans({**CALL, "gen_ai.input.messages": json.dumps(said)}).records[0])


def test_instructions_of_the_owner_are_not_the_callers() -> None:
    held = {**CALL, "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "never joke"}])}
    one = spans(held).records[0]
    assert one.messages is not None
    assert one.messages[0] == {"role": "system", "content": "never joke"}
    assert asked(one) == "hello"


@pytest.mark.parametrize("ended", ["tool_call", "tool_calls"])
def test_a_call_of_a_tool_is_the_answer_whatever_its_end_is_called(ended: str) -> None:
    call = {"type": "tool_call", "id": "c", "name": "mail", "arguments": {"to": "x"}}
    said = [{"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}, call], "finish_reason": ended}]
    one = spans({**CALL, "gen_ai.output.messages": json.dumps(said)}).records[0]
    assert (one.completion, one.finish_reason) == ('mail({"to":"x"})', ended)


def test_images_are_kept_where_chat_has_them() -> None:
    parts = [
        {"type": "text", "content": "what is it?"},
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AAAA"},
        {"type": "uri", "modality": "image", "uri": "https://example.org/a.png"},
        {"type": "file", "file_id": "f-1"},
    ]
    one = spans({**CALL, "gen_ai.input.messages": json.dumps([{"role": "user", "parts": parts}])}).records[0]
    assert one.messages is not None
    assert one.messages[0]["content"] == [
        {"type": "text", "text": "what is it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        {"type": "file", "file_id": "f-1"},
    ]
    assert asked(one) == "what is it?"


def test_messages_that_a_limit_cut_off_are_read_as_text_and_it_is_said() -> None:
    found = spans({**CALL, "gen_ai.input.messages": json.dumps(MESSAGES)[:-3]})
    assert "hello" in asked(found.records[0])
    assert any("gen_ai.input.messages: no JSON" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("held", "message", "status", "ended"),
    [
        ({"error.type": "429"}, "", 429, ""),
        ({"error.type": "RateLimitError"}, "Error code: 429", 429, ""),
        ({"error.type": "_OTHER", "http.response.status_code": 503}, "", 503, ""),
        ({}, "it broke", 500, ""),
        ({"error.type": "BadRequestError"}, "the response was filtered: content_filter", 400, "content_filter"),
    ],
)  # fmt: skip
def test_a_failure_has_the_status_that_its_type_stands_for(held: Any, message: str, status: int, ended: str) -> None:
    base = {name: one for name, one in CALL.items() if "response" not in name and "output" not in name}
    one = spans({**base, **held}, failed=message).records[0]
    assert (one.status, one.finish_reason, one.completion) == (status, ended, None)
    assert refused(one) == (1.0 if ended else -1.0)


def test_agents_tools_and_other_spans_are_counted_not_read_twice() -> None:
    others = [{**CALL, "gen_ai.operation.name": name} for name in ("invoke_agent", "execute_tool")]
    found = spans(*others, {"http.request.method": "GET"}, CALL)
    assert len(found.records) == 1
    assert found.warnings == {"3 spans or log records are no calls of a model": 1}


@pytest.mark.parametrize(
    "name", ["gen_ai.operation.name", "langfuse.observation.type", "openinference.span.kind", "gen_ai.request.model"]
)
@pytest.mark.parametrize("odd", [{"a": 1}, [{"b": "c"}], [], 7, True])
def test_an_attribute_of_another_type_does_not_cost_the_batch(name: str, odd: Any) -> None:
    assert "m-1" in {one.model for one in spans(CALL, {**CALL, name: odd}).records}


def test_a_call_without_its_words_says_so() -> None:
    found = spans(KNOWN)
    assert found.records[0].tokens_in == 7
    assert any("does not record content" in one for one in found.warnings)


def test_a_call_that_names_no_model_does_not_cost_the_batch() -> None:
    held = {"gen_ai.operation.name": "chat", "gen_ai.input.messages": json.dumps(MESSAGES)}
    found = spans(held, CALL)
    assert [one.model for one in found.records] == ["m-1"]
    assert any("1 calls name no model" in one for one in found.warnings)
    assert len(reading(otlp.batch(otlp.span(held)), source=Source(model="m")).records) == 1


@both_ways
def test_it_is_recognised(way: Any) -> None:
    recognised = recognise([way.batch(way.span(CALL))])
    assert recognised is not None
    assert (recognised.name, recognised.tied) == ("otel", ())
