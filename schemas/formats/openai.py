"""OpenAI's bodies as a tap beside a server logs them: both sides in one object, one side of a call, or a bare body.

- ``{"request": {...}, "response": {...}}``, bodies as objects or as text, with what else was logged beside them:
  ``id``, ``time``, ``status``, ``latency_ms``, ``headers``, ``client_ip``, ... as our own records call them
- the same with only one of the two and an ``id``: one half of a call
- a bare body, a stream of events too; with a Kafka header ``x-request-id`` it is one half of a call

Whoever asked is in a bare body only if the application says so (``safety_identifier``, ``user``).

References
----------
https://platform.openai.com/docs/api-reference
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.formats.bodies import apis, openai, streams
from schemas.formats.bodies.openai import Answer, Question, Side
from schemas.formats.decoded import json_of
from schemas.formats.depth import shallow
from schemas.formats.exchange import PAIR, PAYLOAD, REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused, text
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.formats.sides import beside, bodies, renamed, untapped

TITLE = "OpenAI request and response bodies"
PRINCIPALS = (
    "principal", "headers.x-api-key-hash", "headers.x-user-id", "safety_identifier", "user", "metadata.user_id",
    "client_ip", "headers.x-forwarded-for",
)  # fmt: skip
_STRANGE = "$.response: none of the names of a known API are in it, its words are not read"
_OF_CALLER = ("user", "metadata", "safety_identifier")
_IDS = ("x-request-id", "request-id", "ce_id")


class Entry(msgspec.Struct, gc=False):
    """The two plain forms, decoded straight into what matters of them."""

    request: Question | None = None
    response: Answer | None = None
    id: Any = None
    request_id: Any = None
    time: Any = None
    timestamp: Any = None
    model: Any = None
    version: Any = ""
    tenant: Any = ""
    principal: Any = None
    latency_ms: Any = None
    status: Any = None
    client_ip: Any = ""
    user_agent: Any = ""
    session: Any = ""
    trace_id: Any = ""
    headers: Any = None
    metadata: Any = None


_entry = msgspec.json.Decoder(Entry).decode


def signs(one: Message) -> float:
    """The names of the API's objects, near the beginning of an object or of a stream."""
    begin = one.value[:65_536].lstrip()
    if begin[:5] in (b"data:", b"event"):
        return 0.95 * any(
            name in begin for name in (b"chat.completion.chunk", b"text_completion", b"response.", b"message_start")
        )
    if begin[:1] != b"{":
        return 0.0
    found, inner = bodies(one)
    likely = [_likely(body) for body in found]
    return (max if inner else min)(likely) * (0.95 if inner else 1.0)


def _likely(body: Mapping[str, Any]) -> float:
    object_ = body.get("object")
    if body.get("type") == "message" and "stop_reason" in body:
        return 0.95
    if object_ in ("chat.completion", "chat.completion.chunk", "text_completion", "response", "list"):
        return 0.95 if "choices" in body or "output" in body or "data" in body else 0.5
    if "category_scores" in str(body.get("results"))[:4096]:
        return 0.95
    named = isinstance(body.get("model"), str)
    if isinstance(body.get("messages"), list) and body["messages"]:
        return 0.85 if named else 0.6
    return (0.75 if named else 0.4) if "prompt" in body or "input" in body else 0.3 * ("error" in body)


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The call, or the half of one, that an entry tells of."""
    if shallow(one.value, limits.depth):
        try:
            found = _entry(one.value)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            found = Entry()  # something is of another type: the patient way finds out what
        request, response = found.request, found.response
        if request is not None and response is not None and openai.asking(request) and openai.answering(response):
            return [_plain(found, request, response, limits)]
    return [_patient(one, limits)]


def _plain(found: Entry, request: Question, response: Answer, limits: Limits) -> Exchange:
    """A call whose two sides are objects, as nearly all are."""
    asked = openai.asked(request, limits)
    answered = openai.answered(response, len(asked.rows))
    first, second = asked.common, answered.common
    served = second.pop("served", None)
    common = {
        **second, "id": found.id or found.request_id or response.id,
        "time": found.time or found.timestamp or second["time"], "model": found.model or first["model"] or served,
        "version": found.version, "tenant": found.tenant, "principal": found.principal, "client_ip": found.client_ip,
        "user_agent": found.user_agent, "session": found.session or first.get("session") or "",
        "trace_id": found.trace_id,
    }  # fmt: skip
    if found.status is not None:
        common["status"] = found.status
    if found.latency_ms is not None:
        common["latency_ms"] = found.latency_ms
    attributes = {
        "served": served, "user": request.user, "metadata": request.metadata,
        "safety_identifier": request.safety_identifier,
    }  # fmt: skip
    if found.headers:
        attributes["headers"] = _lower(found.headers)
    odd = asked.warnings + answered.warnings
    return Exchange(common, _rows(asked, answered), PAIR, "", attributes, PAYLOAD, odd)


def _call(
    beside: dict[str, Any], headers: Any, request: Question | None, asked: Side | None, answered: Side | None, name: Any
) -> Exchange:
    """The call of one or both sides and of what was logged beside them, which knows best."""
    common = {**answered.common} if answered else {}
    for side in (asked.common, beside) if asked else (beside,):
        common.update({field: value for field, value in side.items() if value is not None})
    served = common.pop("served", None)
    if not common.get("model"):
        common["model"] = served
    if not common.get("id"):
        common["id"] = name
    warnings = [*(asked.warnings if asked else ()), *(answered.warnings if answered else ())]
    attributes: dict[str, Any] = {"served": served}
    if headers:
        attributes["headers"] = _lower(headers)
    if request is not None:
        for field in _OF_CALLER:
            if (value := getattr(request, field)) is not None:
                attributes[field] = value
    return Exchange(common, _rows(asked, answered), PAIR, "", attributes, warnings=warnings)


def _rows(asked: Side | None, answered: Side | None) -> list[dict[str, Any]]:
    first, second = (asked.rows if asked else []), (answered.rows if answered else [])
    if len(first) == len(second) == 1:
        return [{**second[0], **first[0]}]
    if not first:
        return second
    each = second * len(first) if len(second) == 1 else second
    return [{**(each[i] if i < len(each) else {}), **one} for i, one in enumerate(first)]


def _lower(headers: Any) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in headers.items()} if isinstance(headers, dict) else {}


def _patient(one: Message, limits: Limits) -> Exchange:
    """An entry of any of the other forms."""
    whole = one.value.decode("utf-8", "replace")
    if streams.streamed(whole):
        return _bare(one, None, whole, limits)
    try:
        found = json_of(one.value, limits)
    except Refused:
        if streams.lined(whole):
            return _bare(one, None, whole, limits)
        raise
    if isinstance(found, list):
        return _bare(one, None, found, limits)
    if not isinstance(found, dict):
        raise Refused("this must be an object with named fields", "$")
    found = renamed(found)
    if "request" not in found and ("response" not in found or apis.answers(found)):
        question = openai.question(found)
        return _bare(one, question if openai.asking(question) and "choices" not in found else None, found, limits)
    return _sides(found, limits)


def _sides(found: dict[str, Any], limits: Limits) -> Exchange:
    """An object with a request, a response or both."""
    found = untapped(found)
    around = beside(found)
    question = asked = answered = None
    body = found.get("request")
    if isinstance(body, str) and body.strip():
        body = json_of(body, limits, "$.request")
    warnings = []
    if isinstance(body, dict):
        question = openai.question(body)
        asked = openai.asked(question, limits)
    elif body is not None:
        warnings.append("$.request: no object with named fields")
    answer: Any = None
    if found.get("response"):
        answer, odd = openai.answer(found["response"], limits)
        answered = openai.answered(answer, len(asked.rows) if asked else 1)
        warnings += odd or [_STRANGE] * (not openai.answering(answer))
    call = _call(around, found.get("headers"), question, asked, answered, answer.id if answer else None)
    half = around["id"] and ("request" not in found or "response" not in found)
    phase = (RESPONSE if answered else REQUEST) if half else PAIR
    key = f"{text(around['tenant'], 128)}/{text(around['id'], 256)}" if half else ""
    return call._replace(phase=phase, key=key, warnings=[*warnings, *call.warnings])


def _bare(one: Message, question: Question | None, body: Any, limits: Limits) -> Exchange:
    """One body with nothing around it: half of a call if the message names the call, else what there is."""
    name = next((one.headers[header] for header in _IDS if header in one.headers), "")
    beside = {"id": name or None}
    if question is not None:
        call = _call(beside, None, question, openai.asked(question, limits), None, None)
    else:
        answer, odd = openai.answer(body, limits, "$")
        if not openai.answering(answer):
            why = odd[0] if odd else "no key of either"
            raise Refused(f"neither a request nor an answer of this API: {why}", "$")
        call = _call(beside, None, None, None, openai.answered(answer), answer.id)
        call = call._replace(warnings=[*odd, *call.warnings])
    if not name:
        only = (
            "$: an answer alone, without its request" if question is None else "$: a request alone, without its answer"
        )
        return call._replace(warnings=[*call.warnings, only])
    return call._replace(phase=RESPONSE if question is None else REQUEST, key=f"/{text(name, 256)}")
