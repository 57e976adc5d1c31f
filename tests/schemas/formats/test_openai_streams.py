"""Answers of OpenAI's API that came as streams: put together from chunks, lines or lists."""

import json
from typing import Any

from tests.schemas.formats.chats import ASK, pair, reading, record


def stream(*chunks: Any) -> str:
    return "".join(f"data: {one if isinstance(one, str) else json.dumps(one)}\n\n" for one in chunks)


def delta(ended: str | None = None, **values: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_767_571_245, "model": "m-1",
        "choices": [{"index": 0, "delta": values, "finish_reason": ended}],
    }  # fmt: skip


def test_a_stream_is_put_together() -> None:
    usage = {**delta(), "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    whole = stream(
        delta(role="assistant", content=""), delta(content="hello "), delta(content="to you"), delta("stop"), usage
    )
    for entry in (pair(ASK, whole + "data: [DONE]\n\n"), (": ping\n\n" + whole).encode()):
        one = record(entry)
        assert (one.completion, one.finish_reason, one.tokens_out, one.id) == ("hello to you", "stop", 3, "chatcmpl-1")


def test_a_stream_may_be_a_list_of_chunks_or_of_lines() -> None:
    chunks = [delta(content="hello "), delta(content="to you"), delta("stop")]
    for whole in (chunks, [f"data: {json.dumps(one)}" for one in chunks]):
        assert record(pair(ASK, whole)).completion == "hello to you"


def test_chunks_without_anything_before_them_are_read_too_and_one_alone() -> None:
    bare = "\n\n".join(json.dumps(one) for one in (delta(content="hello "), delta(content="to you")))
    assert record(bare.encode()).completion == "hello to you"
    assert record(pair(ASK, bare)).completion == "hello to you"
    assert record(delta(content="hello")).completion == "hello"


def test_what_stands_in_a_list_never_becomes_a_warning_of_ours() -> None:
    found = reading(pair(ASK, ["a" * 1000, {"x": "b" * 1000}]))
    assert max(map(len, found.warnings)) < 100


def test_a_thousand_broken_lines_are_one_warning() -> None:
    found = reading(pair(ASK, "data: {broken\n" * 1000))
    assert len(found.warnings) == 1


def test_calls_of_tools_come_in_pieces_too() -> None:
    pieces = [
        {"index": 0, "function": {"name": "mail", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"a"'}},
    ]
    whole = stream(
        *(delta(tool_calls=[one]) for one in pieces),
        delta("tool_calls", tool_calls=[{"index": 0, "function": {"arguments": ":1}"}}]),
    )
    assert record(pair(ASK, whole)).completion == 'mail({"a":1})'


def test_a_stream_of_the_responses_api_is_read_from_its_last_event_or_from_its_pieces() -> None:
    pieces = [{"type": "response.output_text.delta", "delta": one} for one in ("he", "llo")]
    begun = {"type": "response.created", "response": {"id": "resp-1", "model": "m", "created_at": 5}}
    output = [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}]
    done = {"type": "response.completed", "response": {"id": "resp-1", "model": "m", "created_at": 5, "output": output}}
    for whole in (stream(begun, *pieces, done), stream(begun, *pieces)):
        one = record(("event: response.created\n" + whole).encode())
        assert (one.id, one.completion, one.model) == ("resp-1", "hello", "m")


def test_what_is_broken_in_a_stream_is_said_with_its_line() -> None:
    found = reading((stream(delta(content="a")) + "data: {broken\n\nnonsense\n" + stream(delta("stop"))).encode())
    assert found.records[0].completion == "a"
    assert any("line 3 of the stream is no JSON" in one for one in found.warnings)
    assert any("1 lines of the stream are no events" in one for one in found.warnings)


def test_a_response_that_breaks_off_says_which_tool_it_calls() -> None:
    item = {"type": "function_call", "name": "mail", "arguments": ""}
    whole = stream(
        {"type": "response.created", "response": {"id": "r-1", "object": "response", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.function_call_arguments.delta", "delta": '{"to": 1}'},
    )
    assert record(pair(ASK, whole)).completion == 'mail({"to": 1})'
