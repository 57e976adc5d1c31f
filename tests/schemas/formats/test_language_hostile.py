"""Damaged entries of language models' logs: whatever is cut, put in, or of another type, nothing raises or is lost."""

import json
from types import SimpleNamespace
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.text.answered import refused
from detectors.text.asked import asked
from schemas.formats import named
from schemas.formats.reading import Reading
from schemas.formats.rules import Source

TALK = [
    {"role": "user", "content": [{"type": "text", "text": "hello"}, {"type": "image_url", "image_url": {"url": "x"}}]},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "function": {"name": "get", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "c", "content": [{"type": "tool_result", "content": "there"}]},
]
CHAT = {"object": "chat.completion", "created": 5, "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}
ITEMS = [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "x"}]}]
OUTPUT = {"object": "response", "output": [{"type": "message", "content": [{"type": "output_text", "text": "x"}]}]}
STREAM = 'data: {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "x"}}]}\n\ndata: [DONE]\n\n'
ENTRIES: list[tuple[str, dict[str, Any]]] = [
    ("openai", {"id": "r", "request": {"model": "m", "messages": TALK, "user": "u"}, "response": CHAT}),
    ("openai", {"id": "r", "request": {"model": "m", "input": ITEMS, "instructions": "x"}, "response": OUTPUT}),
    ("openai", {"id": "r", "request": {"model": "m", "prompt": ["x", "y"]}, "response": STREAM}),
    ("openai", {"model": "o", "results": [{"flagged": True, "category_scores": {"hate": 0.5}}]}),
    ("openai", {"error": {"code": "rate_limit_exceeded", "type": "requests", "message": "too many"}}),
    ("gemini", {"request": {"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data":
                "x"}}, {"functionResponse": {"response": {"a": 1}}}]}], "systemInstruction": {"parts": []}},
                "response": [{"candidates": [{"content": {"parts": [{"text": "x"}, {"functionCall": {"name": "f"}}]},
                "index": 0}], "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2}}]}),
    ("ollama", {"request": {"model": "m", "messages": [{"role": "user", "content": "x", "images": ["x"]}]},
                "response": {"created_at": "2026-01-05T00:00:46Z", "message": {"content": "x", "tool_calls": [{}]},
                             "done": True, "total_duration": 5, "eval_count": 5}}),
    ("ollama", {"request": {"model": "m", "prompt": "x", "system": "x"}, "response":
                '{"response": "x", "done": false}\n{"response": "y", "done": true}\n'}),
    ("tgi", {"request": {"inputs": "x"}, "response": [{"generated_text": "x", "details": {"prefill": [1]}}]}),
    ("tgi", {"request": {"inputs": {"text": "x"}}, "response": 'data:{"token": {"text": "x"}, "details": null}'}),
    ("litellm", {"litellm_call_id": "c", "startTime": 5.0, "endTime": 6.0, "model": "m", "messages": TALK,
                 "response": CHAT, "metadata": {"user_api_key_hash": "k"}, "status": "failure",
                 "error_information": {"error_code": "429"}, "status_fields": {"guardrail_status": "x"}}),
    ("envoy_ai_gateway", {"start_time": "2026-01-05T00:00:45Z", "response_code": 200, "gen_ai.request.model": "m",
                          "x-forwarded-for": "192.0.2.4, 198.51.100.1", "duration": 5}),
]  # fmt: skip
ODD = st.sampled_from(
    [None, True, -1, 1e308, 2**64, 10**300, "", "x", "\ud800", "\x00", [], [[]], {}, {"type": []}, ["data: {"], [None]]
)
RAW = [SimpleNamespace(timestamp=1_767_571_300_000, key=b"k", headers=[("x-request-id", b"r-1")])]


def outcome(form: str, value: bytes) -> Reading:
    """What became of an entry."""
    return named(form).read_many([value], [0], raws=RAW, source=Source(model="m", secret=b"s"))


def wrong(found: Reading, value: bytes) -> list[str]:
    """What cannot be written, watched or shown of what became of an entry; raises if words cannot be looked at."""
    if value and not (found.records or found.rejects or found.halves or found.warnings):
        return ["lost"]
    for one in found.records:
        msgspec.json.decode(msgspec.json.encode(one))
        asked(one).encode()
        refused(one)
    unforeseen = "not a record of"  # how a reason begins that no reader gave
    reasons = [reject.reason for reject in found.rejects]
    bad = [one for one in reasons if not one.isprintable() or len(one) >= 300 or one.startswith(unforeseen)]
    return bad + [warning for warning in found.warnings if len(warning) >= 300]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value, as what holds it and its name or number there."""
    inner = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(value, name) for name, _ in inner] + [place for _, one in inner for place in places(one)]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(ENTRIES), st.lists(st.tuples(st.integers(0, 999), ODD), min_size=1, max_size=3))
def test_values_of_other_types_anywhere_cost_no_more_than_themselves(entry: Any, changes: Any) -> None:
    form, value = entry[0], json.loads(json.dumps(entry[1]))
    for at, odd in changes:
        found = places(value)
        if found:
            holder, name = found[at % len(found)]
            holder[name] = json.loads(json.dumps(odd))
    data = json.dumps(value).encode()
    assert wrong(outcome(form, data), data) == []


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(ENTRIES), st.integers(0, 999), st.binary(max_size=6), st.booleans())
def test_damaged_bytes_are_read_or_refused(entry: Any, at: int, bits: bytes, cut: bool) -> None:
    data = json.dumps(entry[1]).encode()
    at %= len(data)
    damaged = data[:at] if cut else data[:at] + bits + data[at + 1 :]
    assert wrong(outcome(entry[0], damaged), damaged) == []
