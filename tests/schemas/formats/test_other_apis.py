"""Gemini's, Ollama's and TGI's own bodies: read as OpenAI's are, at once and in pieces, alone and among others."""

import json
from typing import Any

import pytest

from schemas.formats import Recognised, named, recognise
from schemas.formats.message import Around
from schemas.formats.rules import Source
from schemas.record import Record

PNG = "iVBORw0KGgo="
ASKED = {
    "gemini": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"parts": [{"text": "What is it?"}, {"inlineData": {"mimeType": "image/png", "data": PNG}}]},
            {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"at": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"result": "a cat"}}}]},
        ],
    },
    "ollama": {
        "model": "m", "stream": True,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is it?", "images": [PNG]},
            {"role": "tool", "content": "a cat", "tool_name": "look"},
        ],
    },
    "tgi": {"inputs": "What is it?", "parameters": {"max_new_tokens": 20}},
}  # fmt: skip
PIECES: dict[str, list[dict[str, Any]]] = {
    "gemini": [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "Let me see.", "thought": True}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "A "}]}, "index": 0}], "modelVersion": "m-2"},
        {
            "candidates": [{"content": {"parts": [{"text": "cat."}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3, "thoughtsTokenCount": 4},
        },
    ],
    "ollama": [
        {"model": "m", "created_at": "2026-01-05T00:00:46Z", "message": {"thinking": "Let me see."}, "done": False},
        {"model": "m", "created_at": "2026-01-05T00:00:47Z", "message": {"content": "A "}, "done": False},
        {
            "model": "m", "created_at": "2026-01-05T00:00:48Z", "message": {"content": "cat."}, "done": True,
            "done_reason": "STOP", "total_duration": 2_000_000_000, "prompt_eval_count": 9, "eval_count": 7,
        },
    ],
    "tgi": [
        {"index": 1, "token": {"text": "A ", "special": False}, "generated_text": None, "details": None},
        {
            "index": 2, "token": {"text": "cat.", "special": False}, "generated_text": "A cat.",
            "details": {"finish_reason": "STOP", "generated_tokens": 7, "input_length": 9},
        },
    ],
}  # fmt: skip
WHOLE = {
    "gemini": {
        "candidates": [{"content": {"parts": [{"text": "A cat."}]}, "finishReason": "STOP"}], "responseId": "a-1",
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 7}, "modelVersion": "m-2",
    },
    "ollama": {**PIECES["ollama"][-1], "message": {"role": "assistant", "content": "A cat."}},
    "tgi": {
        "generated_text": "A cat.", "details": {"finish_reason": "STOP", "generated_tokens": 7, "prefill": [0] * 9},
    },
}  # fmt: skip
APIS = sorted(WHOLE)


def ways(name: str) -> list[Any]:
    """An answer at once, and in pieces as its server and taps write them."""
    lines = [json.dumps(one) for one in PIECES[name]]
    events = "".join(f"data: {line}\r\n\r\n" for line in lines)
    ndjson = "\n".join(lines) + "\n"
    return [WHOLE[name], json.dumps(WHOLE[name]), PIECES[name], lines, ndjson if name == "ollama" else events]


def entry(name: str, answer: Any, **more: Any) -> dict[str, Any]:
    """Both sides of a call as a tap writes them."""
    beside = {"id": "r-1", "time": 1_767_571_245.25, "principal": "u-1", "model": "m", **more}
    return {**beside, "request": ASKED[name], "response": answer}


def one(name: str, value: Any, source: Source | None = None) -> Record:
    data = value if isinstance(value, str) else json.dumps(value)
    reading = named(name).read_many([data.encode()], [0], raws=[Around(1_767_571_300_000)], source=source or Source())
    assert not reading.rejects
    (record,) = reading.records
    return record


@pytest.mark.parametrize("form", ["own", "openai"])
@pytest.mark.parametrize("name", APIS)
def test_a_call_is_read_whichever_way_its_answer_was_caught(name: str, form: str) -> None:
    for answer in ways(name):
        record = one(name if form == "own" else "openai", entry(name, answer))
        assert (record.id, record.time, record.model, record.principal) == ("r-1", 1_767_571_245.25, "m", "u-1")
        assert (record.completion, record.finish_reason) == ("A cat.", "STOP")
        assert (record.tokens_in, record.tokens_out) == (9, 7)
        assert record.latency_ms == (2000.0 if name == "ollama" else None)


@pytest.mark.parametrize("name", ["gemini", "ollama"])
def test_images_and_what_tools_gave_back_stand_where_chat_has_them(name: str) -> None:
    messages = one(name, entry(name, WHOLE[name])).messages or []
    assert [message["role"] for message in messages if message["role"] != "assistant"] == ["system", "user", "tool"]
    user, tool = (next(one for one in messages if one["role"] == role) for role in ("user", "tool"))
    assert user["content"][0]["text"] == "What is it?"
    assert user["content"][1]["image_url"]["url"] == f"data:image/png;base64,{PNG}"
    assert "a cat" in json.dumps(tool["content"])


@pytest.mark.parametrize("name", APIS)
def test_each_is_recognised_as_a_call_as_a_body_and_as_a_stream(name: str) -> None:
    for value in (json.dumps(entry(name, WHOLE[name])), json.dumps(WHOLE[name]), ways(name)[-1]):
        found = recognise([value.encode()])
        assert found is not None
        assert (found.name, found.tied, found.share) == (name, (), 1.0)
    assert isinstance(recognise([json.dumps(ASKED["gemini"]).encode()]), Recognised)


@pytest.mark.parametrize("name", APIS)
def test_a_bare_answer_is_a_record_and_says_that_it_lacks_its_request(name: str) -> None:
    for answer in (WHOLE[name], ways(name)[-1]):
        assert one(name, answer, Source(model="m")).completion == "A cat."


def test_a_generated_text_of_ollama_with_an_image_and_a_system_is_a_conversation() -> None:
    asked = {"model": "m", "prompt": "why", "system": "Be brief.", "images": ["/9j/AAAA"]}
    said = {"model": "m", "created_at": "2026-01-05T00:00:46Z", "response": "because", "done": True}
    record = one("ollama", {"id": "r", "time": 1_767_571_245, "request": asked, "response": said})
    assert record.messages is not None
    assert [message["role"] for message in record.messages] == ["system", "user"]
    assert record.messages[1]["content"][1]["image_url"]["url"].startswith("data:image/jpeg;")
    assert record.completion == "because"
    bare = one("ollama", said)
    assert (bare.completion, bare.time) == ("because", 1_767_571_246.0)


def test_a_prompt_that_gemini_blocked_is_a_refusal() -> None:
    blocked = {"promptFeedback": {"blockReason": "OTHER"}, "usageMetadata": {"promptTokenCount": 9}}
    record = one("gemini", entry("gemini", blocked))
    assert (record.finish_reason, record.completion, record.tokens_in) == ("content_filter", None, 9)


@pytest.mark.parametrize(
    ("name", "error", "status"),
    [
        ("gemini", {"error": {"code": 429, "message": "no", "status": "RESOURCE_EXHAUSTED"}}, 429),
        ("ollama", {"error": "model not found"}, 500),
        ("tgi", {"error": "too long", "error_type": "validation"}, 422),
    ],
)
def test_errors_have_a_status(name: str, error: dict[str, Any], status: int) -> None:
    assert one(name, entry(name, error)).status == status


def test_geminis_model_is_found_in_the_address_of_the_call() -> None:
    call: dict[str, Any]
    for address in (
        "/v1beta/models/g-1:generateContent",
        "https://h/v1/projects/p/models/g-1:streamGenerateContent?a=b",
    ):
        call = {
            "id": "r",
            "time": 1_767_571_245,
            "path": address,
            "request": ASKED["gemini"],
            "response": WHOLE["gemini"],
        }
        assert one("gemini", call).model == "g-1"
        tapped = {"path": address, "body": json.dumps(ASKED["gemini"])}
        del call["path"]
        assert one("gemini", {**call, "request": tapped}).model == "g-1"


def test_vectors_say_nothing_and_what_was_embedded_is_a_prompt() -> None:
    for name, asked, said in (
        ("ollama", {"model": "m", "input": ["a", "b"]}, {"model": "m", "embeddings": [[0.5], [0.25]]}),
        ("gemini", {"content": {"parts": [{"text": "a"}]}}, {"embedding": {"values": [0.5]}}),
    ):
        call = {"id": "r", "time": 1_767_571_245, "model": "m", "request": asked, "response": said}
        reading = named(name).read_many([json.dumps(call).encode()], [0])
        assert not reading.rejects
        assert not reading.warnings
        assert all(record.prompt or record.messages for record in reading.records)
