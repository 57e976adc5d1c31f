"""Frameworks: what their spans and events hold in attributes of their own, as the conventions would have it.

- Vercel's AI SDK: ``ai.prompt.messages``, ``ai.response.text``; Google's ADK, Logfire: bodies of the model's API
- Pydantic AI until 1.0: ``events``, a list of messages
- Azure's SDKs: messages as JSON in ``gen_ai.event.content`` of a span's events; Strands: JSON in ``content``

References
----------
https://ai-sdk.dev/docs/ai-sdk-core/telemetry
https://google.github.io/adk-docs/observability/logging/
https://ai.pydantic.dev/logfire/
https://github.com/open-telemetry/semantic-conventions/blob/v1.27.0/docs/gen-ai/gen-ai-events.md
"""

from collections.abc import Mapping
from typing import Any

from schemas.formats.rules import Limits
from schemas.formats.telemetry import messages

BODIES = (
    ("ai.prompt.messages", "ai.response.text"),
    ("ai.prompt", "ai.response.text"),
    ("gcp.vertex.agent.llm_request", "gcp.vertex.agent.llm_response"),
    ("request_data", "response_data"),
)
"""Pairs of attributes that hold what was asked and answered."""
_TOOLS = ("ai.response.toolCalls", "ai.response.object")  # beside the text or in its place
_VALUES = ("ai.values", "ai.value")  # what is to be embedded
_CONTENT = "gen_ai.event.content"
_BLOCKS = ("text", "type", "toolUse", "toolResult", "content", "image", "document")


def event(attributes: Mapping[str, Any], limits: Limits, odd: list[str]) -> dict[str, Any]:
    """The message that an event of a span holds, whichever way its writer packed it."""
    packed = attributes.get(_CONTENT)
    if isinstance(packed, str):
        found = messages.decoded(packed, limits, _CONTENT, odd)
        return dict(found) if isinstance(found, dict) else {"content": found}
    made = {**attributes, **{name: _unpacked(attributes[name], limits) for name in ("content",) if name in attributes}}
    said = attributes.get("message")
    if isinstance(said, str):
        made["message"] = {"content": _unpacked(said, limits)}
    return made


def _unpacked(said: Any, limits: Limits) -> Any:
    """Blocks out of their JSON; any other text, JSON of the caller's own too, stays as it was said."""
    if not isinstance(said, str) or not said.startswith("["):
        return said
    found = messages.decoded(said, limits, "content", [])
    blocks = isinstance(found, list) and all(isinstance(one, dict) and any(n in one for n in _BLOCKS) for one in found)
    return found if blocks else said


def bodies(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> tuple[Any, Any]:
    """What was asked and answered, decoded, of attributes that a framework has of its own; None where it has none."""
    for given, said in BODIES:
        if given in held or said in held:
            asked = messages.decoded(held.get(given), limits, given, odd)
            answer = messages.decoded(held.get(said), limits, said, odd)
            return _question(asked), _answer(answer, held, limits, odd)
    texts = next((held[name] for name in _VALUES if name in held), None)
    if texts is not None:
        listed = texts if isinstance(texts, list) else [texts]
        return {"input": [messages.decoded(one, limits, "ai.values", odd) for one in listed]}, None
    return None, None


def _question(asked: Any) -> Any:
    """A request in Gemini's words has its settings, the system's instruction among them, in an object of their own."""
    config = asked.get("config") if isinstance(asked, dict) else None
    return {**config, **asked} if isinstance(config, dict) else asked


def _answer(answer: Any, held: Mapping[str, Any], limits: Limits, odd: list[str]) -> Any:
    for name in _TOOLS:
        if name in held:
            found = messages.decoded(held[name], limits, name, odd)
            calls = [
                {"name": one.get("toolName"), "arguments": one.get("input", one.get("args"))}
                for one in (found if isinstance(found, list) else ())
                if isinstance(one, dict)
            ]
            said = {"content": answer if name == _TOOLS[0] else held[name]}
            return {"role": "assistant", **said, **({"tool_calls": calls} if calls else {})}
    if isinstance(answer, dict) and isinstance(answer.get("content"), dict) and "parts" in answer["content"]:
        return {"candidates": [answer]}
    return answer


def told(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> tuple[list[Any], list[Any]]:
    """Messages and choices of a list of events in one attribute."""
    found = messages.decoded(held.get("events"), limits, "events", odd)
    some = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    choices = [one for one in some if one.get("event.name") == "gen_ai.choice"]
    return [one for one in some if one.get("event.name") != "gen_ai.choice"], choices
