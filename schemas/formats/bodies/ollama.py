"""Ollama's own bodies (``/api/chat``, ``/api/generate``, ``/api/embed``), at once or a line a piece, as chat has them.

What the model thinks before it answers is not part of its answer. ``total_duration`` is the latency, in ns.

References
----------
https://docs.ollama.com/api
"""

from collections.abc import Mapping, Sequence
from typing import Any

_KINDS = (("/9j/", "jpeg"), ("R0lGOD", "gif"), ("UklGR", "webp"))  # how images begin in base64; others are PNG
_COUNTS = ("prompt_eval_count", "eval_count", "total_duration")


def asks(found: Mapping[str, Any]) -> bool:
    """Whether this is a request that chat would write otherwise: with images beside the words, or a prompt's system."""
    messages = found.get("messages")
    if isinstance(messages, list):
        return any(isinstance(one, dict) and isinstance(one.get("images"), list) for one in messages)
    return isinstance(found.get("prompt"), str) and ("images" in found or "system" in found)


def question(found: Mapping[str, Any]) -> dict[str, Any]:
    """A request as chat has it."""
    messages = found.get("messages")
    if not isinstance(messages, list):
        system = [{"role": "system", "content": found["system"]}] if found.get("system") else []
        messages = [*system, {"role": "user", "content": found.get("prompt"), "images": found.get("images")}]
    return {"model": found.get("model"), "messages": [_message(one) for one in messages]}


def answers(found: Mapping[str, Any]) -> bool:
    """Whether this is an answer of this API."""
    vectors = isinstance(found.get("embeddings"), list) and "object" not in found and "data" not in found
    return isinstance(found.get("done"), bool) or vectors or found.keys() == {"embedding"}


def answer(found: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as chat has it."""
    message, took = found.get("message"), found.get("total_duration")
    said = message if isinstance(message, dict) else {"content": found.get("response")}
    choice = {"message": {name: said.get(name) for name in ("content", "tool_calls")}}
    read, wrote = found.get("prompt_eval_count"), found.get("eval_count")
    return {
        "object": "chat.completion", "created_at": found.get("created_at"), "model": found.get("model"),
        "choices": [{**choice, "finish_reason": found.get("done_reason")}] if "done" in found else [],
        "usage": {"prompt_tokens": read, "completion_tokens": wrote}, "error": found.get("error"),
        "latency_ms": took / 1e6 if type(took) is int and 0 <= took < 1 << 62 else None,
    }  # fmt: skip


def piece(chunk: Mapping[str, Any]) -> bool:
    """Whether this is a piece of an answer in a stream."""
    return isinstance(chunk.get("done"), bool)


def assembled(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One answer of the pieces of a stream."""
    whole: dict[str, Any] = {"done": False}
    words: list[str] = []
    calls: list[Any] = []
    for chunk in chunks:
        whole = {**chunk, **{name: value for name, value in whole.items() if name in ("created_at", "model")}}
        message = chunk.get("message")
        said = message if isinstance(message, dict) else {"content": chunk.get("response")}
        content, called = said.get("content"), said.get("tool_calls")
        words.append(content if isinstance(content, str) else "")
        calls += called if isinstance(called, list) else []
    return answer({**whole, "done": True, "message": {"content": "".join(words), "tool_calls": calls}})


def _message(one: Any) -> Any:
    """A message whose images are among its parts."""
    if not isinstance(one, dict) or not isinstance(one.get("images"), list):
        return {name: value for name, value in one.items() if name != "images"} if isinstance(one, dict) else one
    images = [{"type": "image_url", "image_url": {"url": _url(image)}} for image in one["images"] if image]
    rest = {name: value for name, value in one.items() if name != "images"}
    return {**rest, "content": [{"type": "text", "text": one.get("content")}, *images]} if images else rest


def _url(image: Any) -> str:
    written = image if isinstance(image, str) else ""
    kind = next((kind for begins, kind in _KINDS if written.startswith(begins)), "png")
    return f"data:image/{kind};base64,{written}"
