"""Bodies of OpenAI's Responses API: what was put in as messages, and what came out as words.

What tools gave back stands in the input as items of their own; each becomes a message of the role ``tool``, where
instructions for the model are looked for. Earlier turns that the server kept (``previous_response_id``,
``conversation``) are not in the body.

References
----------
https://platform.openai.com/docs/api-reference/responses
"""

from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import chat, words
from schemas.formats.depth import deeper
from schemas.formats.lenient import Refused, text
from schemas.formats.rules import LIMITS, Limits

_OUTPUTS = ("output", "results", "result", "tools", "error")  # where an item holds what a tool gave back
_PARTS = ("text", "image_url", "input_text", "input_image", "input_file", "input_audio")
_ENDS = {"completed": "stop", "max_output_tokens": "length"}


def asked(given: Any, instructions: Any = None, limits: Limits = LIMITS) -> dict[str, Any]:
    """Fields of a Record that a request holds: a prompt where it is nothing but a string, else messages.

    Raises
    ------
    Refused : the input is nested too deep
    """
    if isinstance(given, str) and not instructions:
        return {"prompt": given}
    if deeper(given, limits.depth) or deeper(instructions, limits.depth):
        raise Refused(f"objects and lists are nested more than {limits.depth} deep", "$.input")
    found = given if isinstance(given, list) else [given]
    if found and all(isinstance(one, dict) and one.get("type") in _PARTS for one in found):
        found = [{"role": "user", "content": found}]
    made = [_item(one) if isinstance(one, dict) else _message("user", one) for one in found if one is not None]
    if instructions:
        made.insert(0, _message("system", words.said(instructions)))
    return {"messages": words.kept(made)}


def _item(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = one.get("type")
    if "role" in one or kind == "message" or kind is None:
        return _message(text(one.get("role") or "user", 64), one.get("content"))
    if "content" in one and kind not in ("reasoning", "image_generation_call"):
        return _message("user", one["content"])
    if kind in _PARTS:
        return _message("user", [one])
    given = next((one[name] for name in _OUTPUTS if one.get(name)), None)
    if given is not None:
        return _message("tool", given) | {"tool_call_id": text(one.get("call_id") or one.get("id"), 256)}
    return {"role": "assistant", "content": None} | ({"tool_calls": [dict(one)]} if "name" in one else {})


def _message(role: str, content: Any) -> dict[str, Any]:
    held = content if content is None or isinstance(content, str) else words.parts(content)
    return {"role": role, "content": held}


def answered(output: Any, status: Any = None, incomplete: Any = None) -> dict[str, Any]:
    """What the items of an output say, and why it ended."""
    said: list[str] = []
    refused, calls = "", []
    for item in output if isinstance(output, list) else []:
        if not isinstance(item, dict):
            continue
        if item.get("type") == "message":
            content = item.get("content")
            for part in content if isinstance(content, list) else [content]:
                if isinstance(part, dict) and part.get("type") == "refusal":
                    refused = words.completion(refused, words.said(part.get("refusal")))
                else:
                    said.append(words.said(part))
        elif "arguments" in item or "input" in item or "action" in item:
            calls.append({"name": item.get("type"), **item})
    reason = incomplete.get("reason") if isinstance(incomplete, dict) else status
    ended = _ENDS.get(reason, reason) if isinstance(reason, str) else None
    if ended == "stop" and calls and not said:
        ended = "tool_calls"
    return chat.spoken(words.completion(*said), refused, calls, ended)
