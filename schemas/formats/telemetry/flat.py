"""Attributes whose names are paths (``llm.input_messages.0.message.role``), gathered into messages.

OpenInference writes its messages so, OpenLLMetry its prompts and completions. The examples of OpenInference's own
specification have lists of objects in place of the numbers; both are read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.formats.bodies import words
from schemas.formats.lenient import text

_MOST = 4096  # messages, or parts of one
_MOST_LEVELS = 6


def gathered(attributes: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Objects under a prefix, in the order of their numbers; within each, lists of objects are gathered again.

    ``prefix.1.message.contents.0.message_content.text`` becomes
    ``[{"message.contents": [{"message_content.text": ...}]}]``.
    """
    found = attributes.get(prefix)
    if isinstance(found, list):
        return [one for one in found[:_MOST] if isinstance(one, dict)]
    begin = prefix + "."
    return _gathered([(name[len(begin) :], value) for name, value in attributes.items() if name.startswith(begin)], 0)


def _gathered(pairs: list[tuple[str, Any]], level: int) -> list[dict[str, Any]]:
    """Objects of pairs whose names begin with their number."""
    by_number: dict[int, list[tuple[str, Any]]] = {}
    for name, value in pairs:
        head, _, rest = name.partition(".")
        if head.isascii() and head.isdigit() and len(head) < 6 and rest:
            by_number.setdefault(int(head), []).append((rest, value))
    return [_object(by_number[i], level) for i in sorted(by_number)[:_MOST]]


def _object(pairs: list[tuple[str, Any]], level: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    lists: dict[str, list[tuple[str, Any]]] = {}
    for name, value in pairs:
        prefix, inner = _split(name)
        if inner and level < _MOST_LEVELS:
            lists.setdefault(prefix, []).append((inner, value))
        else:
            made[name] = value
    for prefix, held in lists.items():
        made[prefix] = _gathered(held, level + 1)
    return made


def _split(name: str) -> tuple[str, str]:
    """A name up to its first number, and the rest from there; the rest is empty if there is none."""
    parts = name.split(".")
    for i, part in enumerate(parts):
        if i and part.isascii() and part.isdigit():
            return ".".join(parts[:i]), ".".join(parts[i:])
    return name, ""


def messages(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chat messages of OpenInference's or OpenLLMetry's objects."""
    made = [_message({name.removeprefix("message."): value for name, value in one.items()}) for one in found]
    return words.kept(made)


def _message(one: dict[str, Any]) -> dict[str, Any]:
    parts = list(_parts(one.get("contents")))
    content = one.get("content")
    made: dict[str, Any] = {"role": text(one.get("role") or "user", 64), "content": content}
    if parts:
        made["content"] = [*([{"type": "text", "text": text(content)}] if content else []), *parts]
    elif content is not None and not isinstance(content, str):
        made["content"] = text(content)
    calls = one.get("tool_calls")
    if isinstance(calls, list) and calls:
        made["tool_calls"] = [_call(call) for call in calls if isinstance(call, dict)]
    for name in ("finish_reason", "refusal"):
        if one.get(name):
            made[name] = one[name]
    return made


def _parts(held: Any) -> Iterator[dict[str, Any]]:
    for one in held if isinstance(held, list) else []:
        if not isinstance(one, dict):
            continue
        part = {name.removeprefix("message_content."): value for name, value in one.items()}
        url = part.get("image.image.url", part.get("image.url"))
        if isinstance(url, str):
            yield {"type": "image_url", "image_url": {"url": url}}
        elif part.get("type") != "reasoning" and part.get("text") is not None:
            yield {"type": "text", "text": text(part["text"])}


def _call(one: dict[str, Any]) -> dict[str, Any]:
    call = {name.removeprefix("tool_call.").removeprefix("function."): value for name, value in one.items()}
    return {"name": text(call.get("name"), 256), "arguments": text(call.get("arguments"))}
