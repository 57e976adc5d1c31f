"""Anthropic's bodies where OpenAI's are expected, as gateways log both: at once, in pieces, in LiteLLM's payload."""

import json
from typing import Any

import pytest

from schemas.formats import named, recognise
from schemas.record import Record

ANSWER = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x",
    "content": [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "It is sunny."},
        {"type": "tool_use", "id": "t1", "name": "book", "input": {"day": 1}},
    ],
    "stop_reason": "tool_use", "usage": {"input_tokens": 11, "output_tokens": 7},
}  # fmt: skip
QUESTION = {
    "model": "claude-x", "max_tokens": 9, "system": [{"type": "text", "text": "Be short."}],
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Weather?"}]}],
}  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {"id": "msg_1", "type": "message", "model": "claude-x", "content": [],
                                          "usage": {"input_tokens": 11, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "It is "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "sunny."}},
    {"type": "content_block_start", "index": 1,
     "content_block": {"type": "tool_use", "id": "t1", "name": "book", "input": {}}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"day":'}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "1}"}},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
]  # fmt: skip


def one(format_: str, entry: object, **more: Any) -> Record:
    value = entry if isinstance(entry, str) else json.dumps(entry)
    (record,) = named(format_).read_many([value.encode()], [0], **more).records
    return record


def stream(events: list[dict[str, Any]]) -> str:
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)


@pytest.mark.parametrize(
    "response", [ANSWER, json.dumps(ANSWER), stream(EVENTS), EVENTS], ids=["object", "text", "stream", "list"]
)
def test_an_answer_is_read_whatever_it_came_in(response: object) -> None:
    record = one("openai", {"id": "r", "time": 1767571245, "request": QUESTION, "response": response})
    assert record.completion == 'It is sunny.\nbook({"day":1})'
    assert record.finish_reason == "tool_use"
    assert (record.tokens_in, record.tokens_out) == (11, 7)
    assert record.model == "claude-x"


def test_what_the_system_says_is_a_message_of_the_systems() -> None:
    record = one("openai", {"id": "r", "time": 1767571245, "request": QUESTION, "response": ANSWER})
    assert record.messages is not None
    assert [m["role"] for m in record.messages] == ["system", "user"]
    assert record.messages[0]["content"] == "Be short."


def test_a_bare_stream_and_a_bare_answer_are_recognised() -> None:
    for bare in (stream(EVENTS), json.dumps(ANSWER)):
        found = recognise([bare.encode()])
        assert found is not None
        assert found.name == "openai"


def test_litellm_logs_it_as_it_came() -> None:
    call = {
        "litellm_call_id": "c", "call_type": "anthropic_messages", "status": "success", "startTime": 1767571245.0,
        "endTime": 1767571246.0, "model": "claude-x", "messages": QUESTION["messages"], "response": ANSWER,
    }  # fmt: skip
    assert one("litellm", call).completion == 'It is sunny.\nbook({"day":1})'


def test_a_stream_that_broke_says_what_it_had() -> None:
    record = one("openai", {"id": "r", "time": 1767571245, "request": QUESTION, "response": stream(EVENTS[:4])})
    assert record.completion == "It is "
