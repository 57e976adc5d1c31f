"""Bodies of Google's ``generateContent``: contents of parts, and candidates.

References
----------
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
"""

from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import words
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body
from schemas.formats.rules import Limits

_ROLES = {"model": "assistant", "function": "tool"}


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body."""
    return isinstance(found.get("contents"), list | dict) or isinstance(found.get("candidates"), list)


def of(found: Mapping[str, Any], limits: Limits) -> Body:
    """The body of a decoded object."""
    if "candidates" in found:
        return _answer(found)
    contents = found.get("contents")
    turns = contents if isinstance(contents, list) else [contents]
    system = found.get("systemInstruction") or found.get("system_instruction")
    if isinstance(system, dict):
        turns = [{**system, "role": "system"}, *turns]
    messages = [_message(turn) for turn in turns if isinstance(turn, dict)]
    return Body(REQUEST, [{"messages": words.messages(messages, limits, "$.contents")}])


def _message(turn: Mapping[str, Any]) -> dict[str, Any]:
    role = turn.get("role")
    role = _ROLES.get(role, role) if isinstance(role, str) else "user"
    parts = turn.get("parts")
    parts = parts if isinstance(parts, list) else [parts]
    return {"role": role, "content": [_part(one) for one in parts]}


def _part(one: Any) -> dict[str, Any]:
    if isinstance(one, dict):
        data = one.get("inlineData") or one.get("inline_data")
        if isinstance(data, dict):
            mime = data.get("mimeType") or data.get("mime_type")
            return {
                "type": "blob",
                "modality": str(mime).partition("/")[0],
                "mime_type": mime,
                "content": data.get("data"),
            }
        if isinstance(one.get("text"), str):
            return {"type": "text", "text": one["text"]}
        answer = one.get("functionResponse") or one.get("function_response")
        if isinstance(answer, dict):
            return {"type": "text", "text": words.said(answer.get("response"))}
    return {"type": "text", "text": words.said(one)}


def _answer(found: Mapping[str, Any]) -> Body:
    first = next((one for one in found["candidates"] if isinstance(one, dict)), {})
    content = first.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    usage = found.get("usageMetadata") or found.get("usage_metadata")
    usage = usage if isinstance(usage, dict) else {}
    row = {
        "completion": words.said(parts),
        "finish_reason": first.get("finishReason"),
        "tokens_in": usage.get("promptTokenCount"),
        "tokens_out": usage.get("candidatesTokenCount"),
    }
    model = found.get("modelVersion")
    return Body(RESPONSE, [row], version=model if isinstance(model, str) else "")
