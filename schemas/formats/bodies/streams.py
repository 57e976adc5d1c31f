"""Answers that came in pieces (server-sent events), captured whole: put together as if they had come at once.

References
----------
https://html.spec.whatwg.org/multipage/server-sent-events.html
https://platform.openai.com/docs/api-reference/chat-streaming
https://platform.openai.com/docs/api-reference/responses-streaming
"""

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.formats.bodies import anthropic, apis
from schemas.formats.decoded import json_of
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS, Limits

KIND = "chat.completion.chunk"
CHUNK = f'"{KIND}"'
_DELTAS = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.function_call_arguments.delta": "arguments",
}
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})


def streamed(value: str) -> bool:
    """Whether a text is a stream of events, not one document."""
    begin = value[:64].lstrip()
    return begin.startswith(("data:", "event:", "id:", "retry:", ":"))


def lined(value: str) -> bool:
    """Whether a text that is not one document is JSON by the line, as some stream it or captures leave it."""
    first, _, rest = value.lstrip().partition("\n")
    objects = first[:1] == "{" and first.rstrip()[-1:] == "}" and bool(rest.strip())
    return CHUNK in value[:4096] or objects


def events(value: str, limits: Limits = LIMITS, path: str = "") -> Iterator[dict[str, Any] | str]:
    """What the lines of a stream carry, each decoded; a sentence where one could not be.

    Lines that are JSON without ``data:`` before it are read too: some captures leave it out.
    """
    odd = broken = 0
    first = ""
    for i, line in enumerate(value.splitlines()):
        held = line.strip()
        if held.startswith("data:"):
            held = held[5:].lstrip()
        elif not held.startswith("{"):
            odd += bool(held) and not held.startswith(("event:", "id:", "retry:", ":"))
            continue
        if held in ("[DONE]", ""):
            continue
        try:
            found = json_of(held, limits)
        except Refused as refused:
            broken += 1
            first = first or f"line {i + 1} of the stream is {refused}"
            continue
        if isinstance(found, dict):
            yield found
    if broken:
        yield f"{path or '$'}: {first}" + (f", and {broken - 1} more lines" if broken > 1 else "")
    if odd:
        yield f"{path or '$'}: {odd} lines of the stream are no events"


def assembled(found: Iterable[Any]) -> tuple[dict[str, Any], list[str]]:
    """One body of the events of a stream, and what was odd in it."""
    chunks: list[dict[str, Any]] = []
    odd: list[str] = []
    for one in found:
        if isinstance(one, dict):
            chunks.append(one)
        elif isinstance(one, str):
            odd.append(one)
    typed = [one for one in chunks if isinstance(one.get("type"), str)]
    if typed and str(typed[0]["type"]).startswith(("response.", "error")):
        return _response(typed), odd
    if anthropic.streamed(typed):
        return anthropic.assembled(typed), odd
    return apis.assembled(chunks) or _generated(chunks) or _chat(chunks), odd


def _generated(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of a stream of V2's extension for text; an empty one if it is another's."""
    texts = [one.get("text_output") for one in chunks]
    words = [text for text in texts if isinstance(text, str)]
    return {"text": "".join(words), "model": chunks[0].get("model_name")} if words and len(words) == len(texts) else {}


def _chat(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    choices: dict[Any, _Choice] = {}
    for chunk in chunks:
        for name in ("id", "object", "created", "model", "usage", "error"):
            if chunk.get(name) is not None:
                body[name] = chunk[name]
        found = chunk.get("choices")
        for one in found if isinstance(found, list) else []:
            if isinstance(one, dict):
                index = one.get("index")
                choices.setdefault(index if isinstance(index, int) else 0, _Choice()).add(one)
    if body.get("object") == KIND:
        body["object"] = "chat.completion"
    if choices:
        body["choices"] = [choices[i].whole() for i in sorted(choices)]
    return body


class _Choice:
    """One choice as it grows."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.refusal: list[str] = []
        self.calls: dict[int, list[str]] = {}
        self.ended: Any = None

    def add(self, chunk: dict[str, Any]) -> None:
        """Take what one chunk adds."""
        delta = chunk.get("delta")
        delta = delta if isinstance(delta, dict) else chunk
        for name, kept in (("content", self.words), ("text", self.words), ("refusal", self.refusal)):
            if isinstance(delta.get(name), str):
                kept.append(delta[name])
        calls = delta.get("tool_calls")
        for i, call in enumerate(calls if isinstance(calls, list) else []):
            inner = call.get("function") if isinstance(call, dict) else None
            if isinstance(inner, dict):
                at = call.get("index")
                pieces = self.calls.setdefault(at if isinstance(at, int) else i, [""])
                pieces[0] = pieces[0] or str(inner.get("name") or "")
                pieces.append(str(inner.get("arguments") or ""))
        self.ended = chunk.get("finish_reason") or self.ended

    def whole(self) -> dict[str, Any]:
        """The choice as it would stand in an answer that came at once."""
        calls = [{"name": one[0], "arguments": "".join(one[1:])} for one in self.calls.values()]
        message = {"content": "".join(self.words), "refusal": "".join(self.refusal), "tool_calls": calls}
        return {"message": message, "finish_reason": self.ended}


def _response(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of the last event if the stream has it, else what the pieces say."""
    body: dict[str, Any] = {}
    pieces: dict[str, list[str]] = {"text": [], "refusal": [], "arguments": []}
    called = ""
    for chunk in chunks:
        inner = chunk.get("response")
        if isinstance(inner, dict):
            body.update(inner)
            if chunk["type"] in _ENDS:
                return body
        kind = _DELTAS.get(chunk["type"])
        if kind and isinstance(chunk.get("delta"), str):
            pieces[kind].append(chunk["delta"])
        item = chunk.get("item")
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            called = item["name"]
        if chunk["type"] == "error":
            body["error"] = chunk.get("error") or chunk
    content = [{"type": "output_text", "text": "".join(pieces["text"])}]
    if pieces["refusal"]:
        content.append({"type": "refusal", "refusal": "".join(pieces["refusal"])})
    body["object"], body["status"] = "response", None
    body["output"] = [{"type": "message", "content": content}]
    if pieces["arguments"]:
        body["output"].append({"type": "function_call", "name": called, "arguments": "".join(pieces["arguments"])})
    return body
