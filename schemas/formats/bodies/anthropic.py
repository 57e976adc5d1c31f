"""Anthropic's bodies: answers of ``/v1/messages``, at once or in pieces, as gateways log them beside OpenAI's.

Requests differ from chat by a ``system`` beside the messages and by what their parts are called. What the model thinks
before it answers is not part of its answer.

References
----------
https://docs.anthropic.com/en/api/messages
https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies import words

EVENTS = ("message_", "content_block_", "ping")  # how the types of a stream's events begin
_PIECES = {"text_delta": "text", "input_json_delta": "partial_json"}


def answered(content: Any, ended: Any) -> dict[str, Any]:
    """What an answer says: its texts, its calls of tools, and why it ended."""
    parts = content if isinstance(content, list) else [content]
    calls = [one for one in parts if isinstance(one, dict) and "tool_use" in str(one.get("type"))]
    said = words.completion(words.said([one for one in parts if one not in calls]), words.called(calls))
    made: dict[str, Any] = {"completion": said} if said else {}
    if isinstance(ended, str):
        made["finish_reason"] = ended
    return made


def streamed(chunks: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the events of a stream are this API's."""
    first = next(iter(chunks), {})
    return str(first.get("type")).startswith(EVENTS)


def assembled(chunks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One body of the events of a stream."""
    body: dict[str, Any] = {"content": []}
    blocks: dict[Any, dict[str, Any]] = {}
    for chunk in chunks:
        message, block, delta = (_object(chunk.get(name)) for name in ("message", "content_block", "delta"))
        body.update({name: value for name, value in message.items() if name != "content"})
        if block:
            blocks[chunk.get("index")] = {**block, "text": "", "arguments": ""}
        if delta.get("stop_reason"):
            body["stop_reason"] = delta["stop_reason"]
        if isinstance(chunk.get("usage"), dict):
            body["usage"] = {**_object(body.get("usage")), **chunk["usage"]}
        piece = delta.get(_PIECES.get(str(delta.get("type")), ""))
        if isinstance(piece, str):
            kept = blocks.setdefault(chunk.get("index"), {"type": "text", "text": "", "arguments": ""})
            kept["text" if delta["type"] == "text_delta" else "arguments"] += piece
        if chunk.get("type") == "error":
            body["error"] = chunk.get("error")
    body["content"] = [_whole(one) for one in blocks.values()]
    return body


def _whole(block: dict[str, Any]) -> dict[str, Any]:
    given = block.pop("arguments")
    return {**block, "input": given} if given else block


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
