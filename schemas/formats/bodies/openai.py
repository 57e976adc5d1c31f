"""Bodies of OpenAI's API, whichever endpoint: chat, completions, responses, embeddings, moderations; and Anthropic's.

Which one it is, is told by its keys, never by a content type. ``Question`` and ``Answer`` name all keys that matter, so
that decoding straight into them steps over the rest: vectors, log-probabilities, echoes of the request.

References
----------
https://platform.openai.com/docs/api-reference
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from schemas.formats.bodies import anthropic, apis, chat, errors, moderations, responses, streams, words
from schemas.formats.decoded import json_of
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS, Limits

_MESSAGES = {"messages", "message"}


class Question(msgspec.Struct, gc=False):
    """What matters of a request."""

    model: Any = None
    messages: Any = None
    prompt: Any = None
    input: Any = None
    instructions: Any = None
    system: Any = None
    user: Any = None
    safety_identifier: Any = None
    conversation: Any = None
    previous_response_id: Any = None
    metadata: Any = None


class Said(msgspec.Struct, gc=False):
    """What matters of a choice's message."""

    content: Any = None
    refusal: Any = None
    tool_calls: Any = None
    function_call: Any = None
    audio: Any = None


class Choice(msgspec.Struct, gc=False):
    """What matters of a choice."""

    message: Said | None = None
    text: Any = None
    finish_reason: Any = None


class Answer(msgspec.Struct, gc=False):
    """What matters of an answer."""

    id: Any = None
    object: Any = None
    created: Any = None
    created_at: Any = None
    model: Any = None
    choices: list[Choice] | None = None
    output: Any = None
    usage: Any = None
    results: Any = None
    error: Any = None
    status: Any = None
    incomplete_details: Any = None
    text: Any = None
    content: Any = None
    stop_reason: Any = None
    latency_ms: Any = None


class Side(NamedTuple):
    """What one side of a call says: fields for the call, fields for each of its inputs, and what was odd."""

    common: dict[str, Any]
    rows: list[dict[str, Any]]
    warnings: list[str]


def question(body: Mapping[str, Any]) -> Question:
    """A request that is decoded already, of this API or another."""
    body = apis.question(body)
    return Question(*(body.get(name) for name in Question.__struct_fields__))


def answer(body: Any, limits: Limits = LIMITS, path: str = "$.response") -> tuple[Answer, list[str]]:
    """An answer that is decoded already, or the text of one or of a stream, and what was odd in it."""
    odd: list[str] = []
    if isinstance(body, str):
        body, odd = _read(body, limits, path)
    elif isinstance(body, list):
        body, odd = _chunks(body, limits, path)
    if isinstance(body, dict) and body.get("object") == streams.KIND:
        body, odd = streams.assembled([body])
    if not isinstance(body, dict):
        return Answer(), [*odd, f"{path}: no answer of this API"]
    body = _said(apis.answer(body))
    made = {name: body.get(name) for name in Answer.__struct_fields__}
    try:
        return msgspec.convert(made, Answer), odd
    except msgspec.ValidationError as error:
        made["choices"] = None
        return Answer(**made), [*odd, f"{path}: {error}"]


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """An answer that is a message, or several, as agents and some APIs give it: each a choice."""
    if not _MESSAGES & body.keys() or any(body.get(name) for name in ("choices", "output", "content", "error")):
        return body
    found = body.get("messages")
    some = [one for one in (found if isinstance(found, list) else [body.get("message")]) if isinstance(one, dict)]
    ended = body.get("finish_reason")
    return {**body, "choices": [{"message": one, "finish_reason": one.get("finish_reason") or ended} for one in some]}


def _chunks(body: list[Any], limits: Limits, path: str) -> tuple[Any, list[str]]:
    """A body from a list of its chunks, or of the lines that they came in."""
    lines = [one for one in body if isinstance(one, str)]
    if lines:
        return streams.assembled(streams.events("\n".join(lines), limits, path))
    return streams.assembled(one for one in body if isinstance(one, dict))


def _read(body: str, limits: Limits, path: str) -> tuple[Any, list[str]]:
    """A body from its text; text that is no body is what was said."""
    if streams.streamed(body):
        return streams.assembled(streams.events(body, limits, path))
    try:
        return json_of(body, limits, path), []
    except Refused as refused:
        if streams.lined(body):
            return streams.assembled(streams.events(body, limits, path))
        return {"text": body}, [f"{path}: {refused}"]


def asked(body: Question, limits: Limits = LIMITS) -> Side:
    """What a request says.

    Raises
    ------
    schemas.formats.lenient.Refused : it is nested too deep
    """
    common: dict[str, Any] = {"model": body.model}
    conversation = body.conversation
    if conversation:
        common["session"] = conversation.get("id") if isinstance(conversation, dict) else conversation
    if body.messages is not None or body.prompt is not None:
        rows = chat.questions(body.messages, body.prompt, limits)
        if body.system and rows and rows[0].get("messages"):
            rows[0]["messages"] = [{"role": "system", "content": words.said(body.system)}, *rows[0]["messages"]]
        place = "prompt"
    elif isinstance(body.input, list) and not _items(body.input):
        rows = [{"prompt": one} for one in chat.prompts(body.input)]
        place = "input"
    elif body.input is not None:
        rows = [responses.asked(body.input, body.instructions, limits)]
        place = "input"
    else:
        return Side(common, [], [])
    return Side(common, rows, [] if rows else [f"$.{place}: tokens or nothing, no words"])


def _items(given: list[Any]) -> bool:
    """Whether an input is of messages and parts, not of several texts."""
    return any(isinstance(one, dict) for one in given)


def asking(body: Question) -> bool:
    """Whether this is a request at all."""
    return not (body.messages is None and body.prompt is None and body.input is None)


def answering(body: Answer) -> bool:
    """Whether this is an answer at all."""
    said = body.choices or body.results or body.error or body.object or isinstance(body.text, str)
    return bool(said or body.output is not None or body.content is not None)


def answered(body: Answer, inputs: int = 1) -> Side:
    """What an answer says.

    Parameters
    ----------
    inputs : how many inputs were asked about, where that is known
    """
    common: dict[str, Any] = {"time": body.created or body.created_at, "served": body.model}
    if body.latency_ms is not None:
        common["latency_ms"] = body.latency_ms
    common.update(chat.used(body.usage))
    row, rows = {}, []
    if body.choices is not None:
        each = [_choice(one) for one in body.choices]
        row = each[0] if len(each) == 1 else chat.merged(each)
        rows = chat.apportioned(inputs, each) if inputs > 1 else []
    elif body.output is not None:
        row = responses.answered(body.output, body.status, body.incomplete_details)
    elif body.results is not None:
        rows = moderations.answered(body.results)
    elif body.content is not None:
        row = anthropic.answered(body.content, body.stop_reason)
    elif isinstance(body.text, str):
        row = {"completion": body.text}
    if body.error:
        named = _named(body.error)
        common["status"] = errors.status(*named[:2])
        if errors.filtered(*named):
            row = {**row, "finish_reason": errors.FILTERED}
    return Side(common, rows or ([row] if row else []), [])


def _choice(one: Choice) -> dict[str, Any]:
    said = one.message
    if said is None:
        return chat.spoken(one.text, None, None, one.finish_reason)
    content = said.content or (said.audio and words.said(said.audio))
    return chat.spoken(content, said.refusal, said.tool_calls or said.function_call, one.finish_reason)


def _named(error: Any) -> tuple[Any, Any, Any]:
    """Code, type and message of an error."""
    if not isinstance(error, dict):
        return None, "error", error
    return error.get("code"), error.get("type") or "error", error.get("message")
