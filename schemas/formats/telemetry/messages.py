"""Messages of the GenAI conventions (role and parts, or content), as chat has them.

References
----------
https://github.com/open-telemetry/semantic-conventions/blob/main/docs/gen-ai/gen-ai-events.md
"""

from typing import Any, Literal

import msgspec

from schemas.formats.bodies import chat, words
from schemas.formats.decoded import json_of
from schemas.formats.depth import deeper
from schemas.formats.lenient import Refused, text
from schemas.formats.rules import Limits

_ROLES = {"human": "user", "ai": "assistant", "model": "assistant", "function": "tool"}  # LangChain's, Gemini's
_CALLS = ("tool_call", "server_tool_call", "tool_use")
_RESPONSES = ("tool_call_response", "tool_result")
_NO_WORDS = ("reasoning", "thinking", "redacted_thinking", "server_tool_call_response")


class Text(msgspec.Struct, gc=False):
    """A part that is nothing but words."""

    type: Literal["text"]
    content: str


class Said(msgspec.Struct, gc=False):
    """A message of nothing but words, as most are: decoding straight into it is faster, and refuses all others."""

    role: str
    parts: list[Text]
    finish_reason: str | None = None


_said = msgspec.json.Decoder(list[Said]).decode


def plain(value: Any) -> list[Said] | None:
    """Messages of nothing but words, None if it is anything else."""
    if not isinstance(value, str) or not value.startswith("["):
        return None
    try:
        return _said(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def plainly_asked(said: list[Said]) -> dict[str, Any]:
    """Fields of a Record of such messages as input."""
    role = _ROLES.get
    return {
        "messages": [
            {
                "role": role(one.role) or one.role[:64],
                "content": one.parts[0].content if len(one.parts) == 1 else _content(one.parts),
            }
            for one in said
        ]
    }


def _content(parts: list[Text]) -> Any:
    return [{"type": "text", "text": one.content} for one in parts] or None


def plainly_answered(said: list[Said]) -> dict[str, Any]:
    """Fields of a Record of such messages as output."""
    ends = [one.finish_reason for one in said if one.finish_reason is not None]
    made = {"finish_reason": ends[0]} if ends else {}
    words_ = [part.content for one in said for part in one.parts if part.content]
    return {**made, "completion": "\n".join(words_)} if words_ else made


def decoded(value: Any, limits: Limits, name: str, odd: list[str]) -> Any:
    """What an attribute holds: JSON in a string on spans, the thing itself on events; other strings stay strings."""
    if not isinstance(value, str):
        if deeper(value, limits.depth):
            odd.append(f"{name}: nested more than {limits.depth} deep")
            return None
        return value
    if not value.startswith(("[", "{")):
        return value
    try:
        return json_of(value, limits, name)
    except Refused as refused:
        odd.append(f"{name}: {refused}; read as text")
        return value


def asked(value: Any, instructions: Any = None) -> dict[str, Any]:
    """Fields of a Record of input messages; text that is no message is a prompt."""
    if isinstance(value, str) and not instructions:
        return {"prompt": value}
    made: list[dict[str, Any]] = []
    if instructions:
        made.append({"role": "system", "content": words.said(instructions)})
    for one in value if isinstance(value, list) else [value] if value else []:
        made.extend(_messages(one))
    return {"messages": words.kept(made)}


def _messages(one: Any) -> list[dict[str, Any]]:
    """A message, and each thing a tool gave back in it as a message of the tool's."""
    if not isinstance(one, dict):
        return [{"role": "user", "content": text(one)}]
    role = text(one.get("role") or one.get("type") or "user", 64)
    role = _ROLES.get(role, role)
    held = one.get("parts", one.get("content"))
    calls = one.get("tool_calls")
    if not isinstance(held, list):
        said = held if held is None or isinstance(held, str) else words.said(held)
        return [{"role": role, "content": said, **({"tool_calls": calls} if isinstance(calls, list) else {})}]
    made: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for part in held:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("content"), str):
            parts.append({"type": "text", "text": part["content"]})
        elif kind in _RESPONSES:
            made.append({"role": "tool", "content": words.said(part), "tool_call_id": text(part.get("id"), 256)})
        elif kind not in _CALLS and kind not in _NO_WORDS:
            parts.append(words.part(part))
    if parts or not made:
        content = parts[0]["text"] if len(parts) == 1 and "text" in parts[0] else parts
        made.append({"role": role, "content": content or None})
    return made


def answered(value: Any) -> dict[str, Any]:
    """Fields of a Record of output messages: all that was said, calls of tools too, and why it ended."""
    if isinstance(value, str):
        return {"completion": value} if value else {}
    found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else [value] if value else []
    return chat.merged([_answer(one) for one in found if isinstance(one, dict)])


def _answer(one: dict[str, Any]) -> dict[str, Any]:
    if isinstance(one.get("choices"), list):
        return chat.choices(one["choices"])
    inner = one.get("message")
    said = inner if isinstance(inner, dict) else one
    held = said.get("parts", said.get("content", said.get("text")))
    parts = held if isinstance(held, list) else [held]
    spoken: list[str] = []
    calls: list[Any] = []
    refusal = said.get("refusal")
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else None
        if isinstance(part, dict) and kind in _CALLS:
            inner = part.get("server_tool_call")
            calls.append({**inner, **part} if isinstance(inner, dict) else part)
        elif kind == "refusal":
            refusal = words.completion(words.said(refusal), words.said(part))
        elif kind not in _NO_WORDS and kind not in _RESPONSES:
            spoken.append(words.said(part))
    more = said.get("tool_calls")
    calls += more if isinstance(more, list) else []
    return chat.spoken(words.completion(*spoken), refusal, calls, one.get("finish_reason"))
