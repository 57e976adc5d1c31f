"""Entries of logs of language models, made by hand, to measure their readers with."""

import json
import struct
from typing import Any

_CONVERSATION = [
    {"role": "system", "content": "You help the customers of a shop. Answer briefly and never name a price."},
    {"role": "user", "content": "I ordered shoes on Monday and they are still not here. Where can they be?"},
    {"role": "assistant", "content": "They left our store on Tuesday and should be with you by the end of the week."},
    {"role": "user", "content": "Can you tell me which carrier brings them, and is there a number to follow them?"},
]
_SAID = "Your parcel travels with the regional carrier. Its number is on the last page of the letter that we sent you."


def cases() -> list[tuple[str, str, bytes, int]]:
    """What is measured, each as (what it is, name of the format, one entry, goal in records/s on one core)."""
    return [
        ("OpenAI chat", "openai", openai(), 60_000),
        ("OTLP protobuf, 20 spans an entry", "otel", spans(20), 40_000),
        ("LiteLLM", "litellm", litellm(), 30_000),
    ]


def openai() -> bytes:
    """Both sides of a chat, 1.2 kB."""
    answer = {**_answer(), "service_tier": "default", "system_fingerprint": "fp_0a1b2c3d4e"}
    entry = {
        "id": "r-0123456789", "time": 1_767_571_245.25, "status": 200, "latency_ms": 480.5, "client_ip": "192.0.2.4",
        "request": {"model": "chat-large", "messages": _CONVERSATION, "temperature": 0.5, "user": "u-1"},
        "response": answer,
    }  # fmt: skip
    return json.dumps(entry, separators=(",", ":")).encode()


def _answer() -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": _SAID, "refusal": None, "annotations": []}
    return {
        "id": "chatcmpl-0123456789", "object": "chat.completion", "created": 1_767_571_245, "model": "chat-large-2026",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 81, "completion_tokens": 24, "total_tokens": 105},
    }  # fmt: skip


def litellm() -> bytes:
    """A call with all that LiteLLM writes around it, 8 kB."""
    prices = {f"price_of_{i:02}_per_token_above_{i}k": i * 1e-7 for i in range(100)}
    names = ("spend", "max_budget", "org_id", "org_alias", "project_id", "team_alias", "user_email", "request_route")
    metadata: dict[str, str | None] = {f"user_api_key_{name}": None for name in names}
    metadata |= {
        "user_api_key_hash": "0123456789abcdef" * 4,
        "user_api_key_user_id": "u-1",
        "user_api_key_team_id": "t",
    }
    entry = {
        "id": "chatcmpl-0123456789", "litellm_call_id": "0f3a0a1b-0000-4000-8000-000000000001", "trace_id": "t-1",
        "session_id": "", "call_type": "acompletion", "status": "success", "startTime": 1_767_571_245.25,
        "endTime": 1_767_571_245.75, "completionStartTime": 1_767_571_245.5, "model": "large", "model_group": "chat",
        "metadata": metadata, "prompt_tokens": 81, "completion_tokens": 24, "total_tokens": 105, "end_user": None,
        "requester_ip_address": "192.0.2.4", "user_agent": "client/1", "messages": _CONVERSATION, "response": _answer(),
        "model_parameters": {"temperature": 0.5}, "hidden_params": {"additional_headers": prices},
        "model_map_information": {"model_map_key": "chat-large", "model_map_value": prices},
        "error_str": None, "error_information": {"error_code": "", "error_class": "", "traceback": ""},
    }  # fmt: skip
    return json.dumps(entry).encode()


def spans(count: int) -> bytes:
    """An export of spans with their messages, in protobuf, 1.4 kB each."""
    given = [{"role": one["role"], "parts": [{"type": "text", "content": one["content"]}]} for one in _CONVERSATION]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": _SAID}], "finish_reason": "stop"}]
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "chat-large",
        "gen_ai.response.model": "chat-large-2026", "gen_ai.response.id": "chatcmpl-0123456789",
        "gen_ai.usage.input_tokens": 81, "gen_ai.usage.output_tokens": 24, "server.address": "model.example",
        "server.port": 443, "gen_ai.conversation.id": "c-1", "user.id": "u-1",
        "gen_ai.input.messages": json.dumps(given), "gen_ai.output.messages": json.dumps(said),
    }  # fmt: skip
    span = _held(1, bytes(range(16))) + _held(2, bytes(range(8))) + _held(5, b"chat chat-large")
    span += (
        b"\x39" + struct.pack("<Q", 1_767_571_245_250_000_000) + b"\x41" + struct.pack("<Q", 1_767_571_245_750_000_000)
    )
    span += b"".join(_held(9, _pair(name, value)) for name, value in attributes.items())
    resource = b"".join(_held(1, _pair(name, "chat")) for name in ("service.name", "service.version", "k8s.pod.name"))
    return _held(1, _held(1, resource) + _held(2, _held(2, span) * count))


def _pair(name: str, value: str | int) -> bytes:
    held = _held(1, value.encode()) if isinstance(value, str) else b"\x18" + _varint(value)
    return _held(1, name.encode()) + _held(2, held)


def _held(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    made = b""
    while value > 0x7F:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])
