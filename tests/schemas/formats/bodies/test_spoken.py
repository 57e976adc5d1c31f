"""Bodies of language models inside the logs of model servers and clouds: every API, at once and in pieces."""

import json
from typing import Any

import pytest

from schemas.formats.bodies import served
from schemas.formats.bodies.body import REQUEST, RESPONSE
from schemas.formats.exchange import Exchange, joined
from schemas.formats.rules import LIMITS

CHUNKS = [
    {"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [{"index": 0, **more}]}
    for more in ({"delta": {"content": "Hel"}}, {"delta": {"content": "lo"}, "finish_reason": "stop"})
]
GEMINI = [
    {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hel"}]}}]},
    {"candidates": [{"content": {"role": "model", "parts": [{"text": "lo"}]}, "finishReason": "stop"}]},
]
STREAM = "".join(f"data: {json.dumps(one)}\n\n" for one in CHUNKS) + "data: [DONE]\n\n"
WORDS = {"completion": "Hello", "finish_reason": "stop"}


def read(body: Any, phase: str) -> Any:
    value = body if isinstance(body, str) else json.dumps(body)
    found = served.read(value.encode(), LIMITS, phase=phase)
    assert found.phase == phase
    return found


@pytest.mark.parametrize("body", [STREAM, ": ping\n\n" + STREAM, CHUNKS, GEMINI])
def test_an_answer_in_pieces_is_one_answer(body: Any) -> None:
    (row,) = read(body, RESPONSE).rows
    assert row == WORDS


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hello"}], "stop_reason": "stop"},
        {"output": [{"type": "message", "content": [{"type": "output_text", "text": "Hello"}]}], "status": "completed"},
        {"messages": [{"role": "assistant", "content": "Hello", "id": "x", "finish_reason": "stop"}]},
        {"candidates": [{"content": {"parts": [{"text": "Hello"}]}, "finishReason": "stop"}]},
        {"message": {"role": "assistant", "content": "Hello"}, "done": True, "done_reason": "stop"},
    ],
)
def test_each_apis_answer_is_read(body: Any) -> None:
    (row,) = read(body, RESPONSE).rows
    assert {name: row[name] for name in WORDS} == WORDS


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ({"model": "m", "input": ["a", "b"]}, [{"prompt": "a"}, {"prompt": "b"}]),
        ({"input": "a"}, [{"prompt": "a"}]),
        ({"input": [{"role": "user", "content": "a"}]}, [{"messages": [{"role": "user", "content": "a"}]}]),
        ({"contents": [{"parts": [{"text": "a"}]}]},
         [{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}]),
        ({"prompt": "a", "conversation": "s"}, [{"prompt": "a", "session": "s"}]),
    ],
)  # fmt: skip
def test_each_apis_request_is_read(body: Any, rows: list[dict[str, Any]]) -> None:
    assert read(body, REQUEST).rows == rows


def test_a_stream_of_v2s_extension_for_text_is_one_answer() -> None:
    stream = "".join(f'data: {{"model_name": "m", "text_output": "{text}"}}\n\n' for text in ("Hel", "lo"))
    found = read(stream, RESPONSE)
    assert (found.model, found.rows) == ("m", [{"completion": "Hello"}])


def test_on_whose_behalf_a_body_asks_is_a_parameter() -> None:
    assert read({"messages": [], "user": "u-1"}, REQUEST).parameters == {"user": "u-1"}


def test_an_embeddings_answer_has_no_words_and_its_tokens_are_of_all_inputs() -> None:
    asked = Exchange({}, read({"model": "m", "input": ["a", "b"]}, REQUEST).rows)
    vectors = {"object": "list", "data": [{"embedding": [0.1]}], "model": "m", "usage": {"prompt_tokens": 6}}
    answered = Exchange({}, read(vectors, RESPONSE).rows)
    assert [row["tokens_in"] for row in joined(asked, answered).rows] == [3, 3]


def test_tensors_that_are_called_inputs_stay_tensors() -> None:
    (row,) = read({"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}, REQUEST).rows
    assert row == {"features": [1, 2]}
