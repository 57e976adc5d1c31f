"""One call in each dialect, and how batches of calls are read, protobuf and JSON alike."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.formats import named
from schemas.formats.reading import Reading
from schemas.formats.rules import Source
from tests.schemas.formats.telemetry import otlp

FORM = named("otel")
MESSAGES = [
    {"role": "system", "parts": [{"type": "text", "content": "be kind"}]},
    {"role": "user", "parts": [{"type": "text", "content": "hello"}]},
]
SAID = [{"role": "assistant", "parts": [{"type": "text", "content": "hello to you"}], "finish_reason": "stop"}]
KNOWN: dict[str, Any] = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m-1",
    "gen_ai.response.model": "m-1-2026", "gen_ai.response.id": "chatcmpl-1", "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3, "gen_ai.request.temperature": 0.5,
    "user.id": "u-1", "client.address": "192.0.2.4", "gen_ai.conversation.id": "c-1",
}  # fmt: skip
CALL = {**KNOWN, "gen_ai.input.messages": json.dumps(MESSAGES), "gen_ai.output.messages": json.dumps(SAID)}
BINARY = SimpleNamespace(batch=otlp.batch, span=otlp.span, record=otlp.record)
WRITTEN = SimpleNamespace(batch=otlp.batch_json, span=otlp.span_json, record=otlp.record_json)
both_ways = pytest.mark.parametrize("way", [BINARY, WRITTEN], ids=["protobuf", "json"])
DETAILS = "gen_ai.client.inference.operation.details"


def reading(*values: bytes, source: Source | None = None, time: int | None = 1_767_571_300_000) -> Reading:
    raws = [SimpleNamespace(timestamp=time, key=None, headers=[])] * len(values)
    return FORM.read_many(values, range(len(values)), raws=raws, source=source or Source())


def spans(*attributes: dict[str, Any], **more: Any) -> Reading:
    """What is read of a batch of spans, which is the same either way it is written."""
    ways = [reading(way.batch(*(way.span(one, **more) for one in attributes))) for way in (BINARY, WRITTEN)]
    assert list(ways[0].records) == list(ways[1].records)
    assert (ways[0].warnings, ways[0].rejects) == (ways[1].warnings, [])
    return ways[0]


INFERENCE: dict[str, Any] = {
    "openinference.span.kind": "LLM", "llm.model_name": "m-1", "user.id": "u-1", "session.id": "s-1",
    "llm.token_count.prompt": 7, "llm.token_count.completion": 3,
    "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "be kind",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.type": "text",
    "llm.input_messages.1.message.contents.0.message_content.text": "what is it?",
    "llm.input_messages.1.message.contents.1.message_content.type": "image",
    "llm.input_messages.1.message.contents.1.message_content.image.image.url": "data:image/png;base64,AAAA",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "a cat",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "mail",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{}",
    "input.value": "not looked at", "output.value": "nor this",
}  # fmt: skip
LANGFUSE: dict[str, Any] = {
    "langfuse.observation.type": "generation", "langfuse.observation.model.name": "m-1", "langfuse.user.id": "u-1",
    "langfuse.session.id": "s-1", "langfuse.observation.usage_details": '{"input": 7, "output": 3, "total": 10}',
    "langfuse.observation.input": json.dumps([{"role": "user", "content": "hello"}]),
    "langfuse.observation.output": json.dumps({"role": "assistant", "content": "there"}),
}  # fmt: skip
