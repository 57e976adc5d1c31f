"""Spans of frameworks that keep words in attributes and events of their own."""

import json
from typing import Any

import pytest

from schemas.record import Record
from tests.schemas.formats.telemetry import otlp
from tests.schemas.formats.telemetry.calls import DETAILS, MESSAGES, SAID, both_ways, reading, spans

KNOWN = {"gen_ai.system": "openai", "gen_ai.request.model": "m-1", "user.id": "u-1"}
CHAT = [{"role": "user", "content": "hello"}]


def only(attributes: dict[str, Any], events: Any = ()) -> Record:
    (one,) = spans({**KNOWN, **attributes}, events=events).records
    return one


HELD: dict[str, dict[str, Any]] = {
    "Vercel": {"ai.prompt.messages": json.dumps(CHAT), "ai.response.text": "hello to you"},
    "Logfire": {
        "request_data": json.dumps({"model": "m-1", "messages": CHAT}),
        "response_data": json.dumps({"message": {"role": "assistant", "content": "hello to you"}}),
    },
    "ADK": {
        "gcp.vertex.agent.llm_request": json.dumps({"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}),
        "gcp.vertex.agent.llm_response": json.dumps({"content": {"parts": [{"text": "hello to you"}]}}),
    },
    "Pydantic AI": {
        "events": json.dumps([
            {"event.name": "gen_ai.user.message", "role": "user", "content": "hello"},
            {"event.name": "gen_ai.choice", "message": {"role": "assistant", "content": "hello to you"}},
        ])
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_words_in_attributes_of_a_framework_are_read(name: str) -> None:
    one = only(HELD[name])
    ((role, said),) = [(message["role"], message["content"]) for message in one.messages or ()]
    assert (role, said if isinstance(said, str) else said[0]["text"]) == ("user", "hello")
    assert (one.completion, one.principal) == ("hello to you", "u-1")


def test_calls_of_tools_and_texts_to_embed_are_words_too() -> None:
    calls = [{"toolCallId": "c", "toolName": "mail", "input": {"to": "x"}}]
    said = only({"ai.prompt.messages": json.dumps(CHAT), "ai.response.toolCalls": json.dumps(calls)})
    assert said.completion == 'mail({"to":"x"})'
    found = spans({**KNOWN, "ai.values": ["one", "two"]}).records
    assert [one.prompt for one in found] == ["one", "two"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({"gen_ai.event.content": '{"content": "hello"}'},
         {"gen_ai.event.content": '{"message": {"content": "hello to you"}, "finish_reason": "stop"}'}),
        ({"content": '[{"text": "hello"}]'}, {"message": '[{"text": "hello to you"}]', "finish_reason": "stop"}),
        ({"content": "hello"}, {"message": "hello to you", "finish_reason": "stop"}),
    ],
)  # fmt: skip
def test_events_of_a_span_may_hold_their_message_as_json(asked: Any, answered: Any) -> None:
    one = only({}, events=[("gen_ai.user.message", asked), ("gen_ai.choice", answered)])
    assert (one.messages, one.completion, one.finish_reason) == (CHAT, "hello to you", "stop")


def test_json_that_a_caller_wrote_stays_what_was_said() -> None:
    said = '[{"command": "drop"}]'
    one = only({}, events=[("gen_ai.user.message", {"content": said})])
    assert one.messages == [{"role": "user", "content": said}]


@both_ways
def test_an_event_may_hold_its_messages_in_its_body(way: Any) -> None:
    body = {"gen_ai.input.messages": MESSAGES, "gen_ai.output.messages": SAID}
    (one,) = reading(way.batch(way.record(DETAILS, KNOWN, body))).records
    assert (len(one.messages or ()), one.completion) == (2, "hello to you")


def test_a_span_as_the_console_exporter_prints_it() -> None:
    span = {
        "name": "chat m-1", "context": {"trace_id": f"0x{otlp.TRACE}", "span_id": f"0x{otlp.SPAN}"},
        "start_time": "2026-01-05T00:00:45Z", "end_time": "2026-01-05T00:00:46Z",
        "status": {"status_code": "ERROR", "description": "rate limit"}, "resource": {"attributes": {"tenant.id": "t"}},
        "attributes": KNOWN, "events": [{"name": "gen_ai.user.message", "attributes": {"content": "hello"}}],
    }  # fmt: skip
    (one,) = reading(json.dumps(span, indent=4).encode()).records
    assert (one.id, one.trace_id, one.time, one.latency_ms) == (otlp.SPAN, otlp.TRACE, 1767571245.0, 1000.0)
    assert (one.messages, one.status, one.principal) == (CHAT, 429, "u-1")
