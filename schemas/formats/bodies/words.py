"""Words of messages, in whichever of the many shapes, as chat messages with text and image parts.

What the detectors read is a part's ``text``; what tools, files and documents said is brought there, whatever the
writer called it. Images stay where chat has them, ``{"type": "image_url", "image_url": {"url": ...}}``.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from schemas.formats import lenient
from schemas.formats.depth import deeper
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS, Limits

_SCALARS = frozenset({str, type(None)})
_SILENT = ("reasoning", "thinking", "redacted_thinking")  # the model to itself
_HELD = (
    "text",
    "content",
    "output",
    "result",
    "results",
    "response",
    "transcript",
    "refusal",
    "code",
    "logs",
    "source",
)
"""Where parts of the various writers hold what they say, the likeliest first."""


def messages(value: Any, limits: Limits = LIMITS, path: str = "$.messages") -> list[dict[str, Any]] | None:
    """Chat messages of a list of them; what is no list counts as one, what has no role as the user's.

    Raises
    ------
    Refused : they are nested too deep
    """
    if value is None:
        return None
    found = value if isinstance(value, list) else [value]
    if _plain(found):
        return found
    if deeper(found, limits.depth):
        raise Refused(f"objects and lists are nested more than {limits.depth} deep", path)
    return kept([_message(one) for one in found])


def kept(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages that can be written again: without numbers that are too large for it, or halves of characters."""
    return messages if _plain(messages) else lenient.messages(messages) or []


def _plain(messages: list[Any]) -> bool:
    try:
        return _SCALARS.issuperset(map(type, chain.from_iterable(map(dict.values, messages))))
    except TypeError:  # one of them is no object
        return False


def _message(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict):
        return {"role": "user", "content": lenient.text(one)}
    content = one.get("content")
    if content is None or isinstance(content, str):
        return one
    return {**one, "content": parts(content)}


def parts(content: Any) -> list[dict[str, Any]]:
    """Parts of a message's content, each a text or an image, or as it was where it is neither."""
    return [part(one) for one in (content if isinstance(content, list) else [content])]


def part(one: Any) -> dict[str, Any]:
    """One part of a message as chat has it."""
    if not isinstance(one, dict):
        return {"type": "text", "text": lenient.text(one)}
    if isinstance(one.get("text"), str) or one.get("type") == "image_url":
        return one
    url = image(one)
    if url:
        return {"type": "image_url", "image_url": {"url": url}}
    words = said(one)
    return {"type": "text", "text": words} if words else one


def image(one: Mapping[str, Any]) -> str:
    """The address of a part that is an image, a data URL where its bytes are there; empty if it is none."""
    kind, source = one.get("type"), one.get("source")
    url = one.get("image_url")
    if kind == "input_image" and isinstance(url, str):
        return url
    if kind == "image" and isinstance(source, dict):
        return _data(source.get("media_type"), source.get("data")) or lenient.text(source.get("url"))
    if kind in ("blob", "uri") and str(one.get("modality") or one.get("mime_type") or "").startswith("image"):
        return _data(one.get("mime_type"), one.get("content")) or lenient.text(one.get("uri"))
    return ""


def _data(mime: Any, data: Any) -> str:
    return f"data:{mime or 'image/png'};base64,{data}" if isinstance(data, str) and data else ""


def said(value: Any) -> str:
    """All words in a part, a content or what a tool gave back: texts as they are, other things as their JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(said, value)))
    if not isinstance(value, dict):
        return lenient.text(value)
    if value.get("type") in _SILENT:
        return ""
    for name in _HELD:
        if value.get(name):
            return said(value[name])
    return "" if "type" in value or not value else lenient.text(value)


def called(calls: Any) -> str:
    """Calls of tools as ``name(arguments)``, a line each: what a model says to its tools can carry secrets too."""
    return "\n".join(_calls(calls if isinstance(calls, list) else [calls]))


def _calls(calls: Iterable[Any]) -> Iterable[str]:
    for one in calls:
        if isinstance(one, dict):
            inner = one.get("function")
            call = inner if isinstance(inner, dict) else one
            given = next((call[name] for name in ("arguments", "input", "action") if call.get(name)), "")
            yield f"{lenient.text(call.get('name'), 256)}({lenient.text(given)})"


def completion(*words: str) -> str:
    """What an answer said, its several pieces one below the other."""
    return "\n".join(filter(None, words))
