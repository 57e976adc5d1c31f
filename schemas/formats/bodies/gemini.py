"""Bodies of Google's ``generateContent``, at once or in pieces, as chat has them; ``embedContent`` too.

What a function gave back is a message of the tool's. What the model thinks before it answers is not part of its answer.

References
----------
https://ai.google.dev/api/generate-content
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.formats.bodies import chat, words
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body
from schemas.formats.bodies.errors import FILTERED
from schemas.formats.rules import Limits

_ROLES = {"model": "assistant", "function": "tool"}
_ANSWER = ("candidates", "promptFeedback", "prompt_feedback", "usageMetadata", "usage_metadata")


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body."""
    return isinstance(found.get("contents"), list | dict) or isinstance(found.get("candidates"), list)


def of(found: Mapping[str, Any], limits: Limits) -> Body:
    """The body of a decoded object."""
    if "candidates" in found:
        answered = answer(found)
        model = answered["model"]
        return Body(RESPONSE, [chat.answered(answered)], version=model if isinstance(model, str) else "")
    return Body(REQUEST, chat.questions(question(found)["messages"], None, limits))


def asks(found: Mapping[str, Any]) -> bool:
    """Whether this is a request of this API."""
    held = found.get("content")
    return isinstance(found.get("contents"), list | dict | str) or (isinstance(held, dict) and "parts" in held)


def question(found: Mapping[str, Any]) -> dict[str, Any]:
    """A request as chat has it."""
    contents = found.get("contents", found.get("content"))
    turns = contents if isinstance(contents, list) else [contents]
    system = found.get("systemInstruction") or found.get("system_instruction")
    if isinstance(system, dict):
        turns = [{**system, "role": "system"}, *turns]
    elif system:
        turns = [{"role": "system", "parts": system}, *turns]
    model = found.get("model")
    name = model.removeprefix("models/") if isinstance(model, str) else model
    return {"model": name, "messages": [message for turn in turns for message in _messages(turn)]}


def answers(found: Mapping[str, Any]) -> bool:
    """Whether this is an answer of this API."""
    vectors = found.get("embedding", found.get("embeddings"))
    vector = vectors[0] if isinstance(vectors, list) and vectors else vectors
    return any(name in found for name in _ANSWER) or (isinstance(vector, dict) and "values" in vector)


def answer(found: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as chat has it."""
    given = found.get("candidates")
    choices = [_choice(one) for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    feedback = _object(found, "promptFeedback", "prompt_feedback")
    if not choices and (feedback.get("blockReason") or feedback.get("block_reason")):
        choices = [{"message": {}, "finish_reason": FILTERED}]
    return {
        "id": _first(found, "responseId", "response_id"), "object": "chat.completion",
        "created_at": _first(found, "createTime", "create_time"),
        "model": _first(found, "modelVersion", "model_version"), "choices": choices, "usage": _usage(found),
        "error": found.get("error"),
    }  # fmt: skip


def piece(chunk: Mapping[str, Any]) -> bool:
    """Whether this is a piece of an answer in a stream."""
    return any(name in chunk for name in _ANSWER)


def assembled(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One answer of the pieces of a stream."""
    whole: dict[str, Any] = {}
    each: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        whole.update({name: value for name, value in chunk.items() if name != "candidates"})
        given = chunk.get("candidates")
        for one in given if isinstance(given, list) else []:
            if isinstance(one, dict):
                at = one.get("index")
                kept = each.setdefault(at if isinstance(at, int) else 0, {"content": {"parts": []}})
                kept["content"]["parts"] += _parts(_object(one, "content").get("parts"))
                kept["finishReason"] = _first(one, "finishReason", "finish_reason") or kept.get("finishReason")
    return answer({**whole, "candidates": [each[i] for i in sorted(each)]})


def model_of(address: object) -> str:
    """The model that an address names, as ``/v1beta/models/NAME:generateContent`` does; empty if it names none."""
    if not isinstance(address, str) or "models/" not in address:
        return ""
    name = address.partition("?")[0].rpartition("models/")[2]
    return name.partition(":")[0].partition("/")[0]


def _messages(turn: Any) -> Iterable[dict[str, Any]]:
    """A turn, and each thing a function gave back in it as a message of the tool's."""
    if not isinstance(turn, dict):
        yield {"role": "user", "content": words.said(turn)}
        return
    role = turn.get("role")
    role = _ROLES.get(role, role) if isinstance(role, str) else "user"
    said: list[dict[str, Any]] = []
    for one in _parts(turn.get("parts")):
        back = _object(one, "functionResponse", "function_response") if isinstance(one, dict) else {}
        if back:
            yield {"role": "tool", "content": words.said(back.get("response"))}
        else:
            said.append(_part(one))
    if said:
        yield {"role": role, "content": said}


def _parts(held: Any) -> list[Any]:
    return held if isinstance(held, list) else [held] if held else []


def _part(one: Any) -> dict[str, Any]:
    if isinstance(one, dict):
        data = _object(one, "inlineData", "inline_data") or _object(one, "fileData", "file_data")
        if data:
            mime, uri = _first(data, "mimeType", "mime_type"), _first(data, "fileUri", "file_uri")
            part = {"modality": str(mime).partition("/")[0], "mime_type": mime}
            return {"type": "uri", "uri": uri, **part} if uri else {"type": "blob", "content": data.get("data"), **part}
        if isinstance(one.get("text"), str):
            return {"type": "text", "text": one["text"]}
    return {"type": "text", "text": words.said(one)}


def _choice(one: Mapping[str, Any]) -> dict[str, Any]:
    parts = _parts(_object(one, "content").get("parts"))
    calls = [call for part in parts if isinstance(part, dict) and (call := _object(part, "functionCall"))]
    said = [
        part for part in parts if not (isinstance(part, dict) and (part.get("thought") or "functionCall" in part))
    ]  # fmt: skip
    called = [{"name": call.get("name"), "arguments": call.get("args")} for call in calls]
    text = "".join(_part(part)["text"] for part in said if "text" in _part(part))
    return {
        "message": {"content": text, "tool_calls": called},
        "finish_reason": _first(one, "finishReason", "finish_reason"),
    }  # fmt: skip


def _usage(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Tokens; those of thoughts were written and paid too."""
    used = _object(found, "usageMetadata", "usage_metadata")
    wrote = [_first(used, name) for name in ("candidatesTokenCount", "thoughtsTokenCount", "candidates_token_count")]
    counted = [one for one in wrote if type(one) is int]
    read = _first(used, "promptTokenCount", "prompt_token_count")
    return {"prompt_tokens": read, "completion_tokens": sum(counted) if counted else None} if used else None


def _first(found: Mapping[str, Any], *names: str) -> Any:
    return next((found[name] for name in names if found.get(name) is not None), None)


def _object(found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    held = _first(found, *names)
    return held if isinstance(held, dict) else {}
