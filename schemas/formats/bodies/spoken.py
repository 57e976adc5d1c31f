"""Bodies of language models, whichever API's, as model servers log them: asked, answered, answered in pieces.

OpenAI's chat, completions, responses, embeddings and moderations, Anthropic's, and those of ``bodies.apis``; of agents
also answers that are messages.
"""

from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import apis, gemini, openai
from schemas.formats.bodies.body import NOTHING, REQUEST, RESPONSE, Body, name_of
from schemas.formats.bodies.streams import streamed
from schemas.formats.depth import deeper
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_OBJECTS = frozenset(("list", "response", "chat.completion", "chat.completion.chunk", "text_completion"))
_CALLER = ("user", "safety_identifier", "metadata")


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body."""
    if "instances" in found or "predictions" in found:
        return False
    if "messages" in found or "prompt" in found or "choices" in found:
        return True
    if "input" in found:
        return "model" in found or isinstance(found["input"], str | list)
    object_ = found.get("object")
    if type(object_) is str and object_ in _OBJECTS:
        return True
    items = found.get("output")
    if isinstance(items, list) and items and all(isinstance(one, dict) and "type" in one for one in items):
        return True
    return (found.get("type") == "message" and "content" in found) or apis.answers(found) or gemini.asks(found)


def pieces(found: list[Any]) -> bool:
    """Tell whether a list is of an answer's pieces, as streams are logged."""
    first = found[0] if found else None
    return isinstance(first, dict) and (
        first.get("object") in _OBJECTS or any(api.piece(first) or api.answers(first) for api in apis.APIS)
    )


def stream(value: bytes) -> bool:
    """Tell whether bytes are a stream of events."""
    return value[:1] in b"dei:r \n\r" and streamed(value[:64].decode("utf-8", "replace"))


def of(found: Any, limits: Limits, phase: str = "") -> Body:
    """Return the body of a decoded document, of the pieces of one, or of the text of a stream.

    Raises
    ------
    Refused : it is nested too deep, or there are neither questions nor answers in it
    """
    if deeper(found, limits.depth):
        raise Refused(f"objects and lists are nested more than {limits.depth} deep", "$")
    if isinstance(found, Mapping):
        asked = openai.question(found)
        if phase != RESPONSE and openai.asking(asked) and "choices" not in found:
            return _asked(asked, limits)
    return _answered(found, limits)


def _asked(question: openai.Question, limits: Limits) -> Body:
    side = openai.asked(question, limits)
    session = side.common.get("session")
    rows = [{**row, "session": session} for row in side.rows] if session else side.rows
    caller = {name: value for name in _CALLER if (value := getattr(question, name))}
    return Body(REQUEST, rows, model=name_of(question.model), parameters=caller or NOTHING, warnings=side.warnings)


def _answered(found: Any, limits: Limits) -> Body:
    answer, odd = openai.answer(found, limits, "$")
    if not openai.answering(answer):
        raise Refused(odd[0] if odd else "neither a question nor an answer", "$")
    side = openai.answered(answer)
    counted = {name: side.common[name] for name in ("tokens_in", "tokens_out") if side.common.get(name) is not None}
    rows = side.rows if len(side.rows) > 1 else [{**counted, **(side.rows[0] if side.rows else {})}]
    names = name_of(answer.id), name_of(answer.model)
    return Body(RESPONSE, rows, *names, status=side.common.get("status"), warnings=[*odd, *side.warnings])
