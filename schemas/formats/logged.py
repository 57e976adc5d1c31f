"""Logged: a half of a call as model servers log it, an envelope and in it the body of a request or of an answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.formats import lenient
from schemas.formats.bodies import served
from schemas.formats.bodies.body import Body
from schemas.formats.exchange import BROKER, NOTHING, PAYLOAD, REQUEST, RESPONSE, Exchange
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.record import LATEST

CALLERS = (
    "headers.x-api-key-hash", "headers.x-user-id", "headers.x-consumer-username", "headers.x-consumer-id",
    "headers.x-auth-request-user", "headers.x-forwarded-user", "headers.x-authenticated-userid",
    "headers.x-forwarded-for", "headers.x-real-ip",
)  # fmt: skip
"""Headers that gateways commonly put a caller's name into, best first; raw keys are not among them."""

ASKED = ("parameters.safety_identifier", "parameters.user")
"""Where bodies of language models say on whose behalf they ask; whoever calls writes it, so it counts last."""

TRACE = "traceparent"


def body_of(value: bytes, limits: Limits, *, phase: str = "", headers: Mapping[str, str] = NOTHING) -> Body:
    """Read the body in an envelope; of one that cannot be read only that it came is known, and a warning says why."""
    try:
        return served.read(value, limits, phase=phase, headers=headers)
    except Refused as refused:
        return unread(refused, phase)


def decoded(found: object, phase: str, limits: Limits) -> Body:
    """As :func:`body_of`, of a body that is decoded already."""
    try:
        return served.of(found, limits, phase)
    except Refused as refused:
        return unread(refused, phase)


def unread(refused: Refused, phase: str) -> Body:
    """The body that could not be read, with the reason as its warning."""
    path = refused.path or "$"
    return Body(phase or REQUEST, warnings=(f"body {path}: {refused}",))


def exchange(
    one: Message,
    body: Body,
    *,
    phase: str = "",
    scope: str = "",
    call: str = "",
    name: str = "",
    time: float | None = None,
    attributes: Mapping[str, Any] = NOTHING,
    also: Mapping[str, Any] = NOTHING,
    warnings: tuple[str, ...] = (),
) -> Exchange:
    """Return the half of a call that one body is.

    Parameters
    ----------
    phase : which half it is for the log, if that is known better than by the body
    scope, call : what calls share their ids in, and the id by which both halves know each other; empty if none does
    name : the id that people know the call by; ``call`` if empty
    time : from the envelope, s; where it has none, Kafka's counts
    also : more fields of a Record, which win over what the body says
    """
    phase = phase or body.phase
    clock = PAYLOAD
    if time is None:
        clock = BROKER
        time = one.time if one.time >= 0 else None  # NaN is not
    common: dict[str, Any] = {"id": name or call, "time": time}
    if body.model:
        common["model"] = body.model
    if body.version:
        common["version"] = body.version
    if phase == RESPONSE:
        common["status"] = 200 if body.status is None else body.status
    if also:
        common.update(also)
    if body.parameters:
        attributes = {**attributes, "parameters": body.parameters}
    key = f"{scope}/{call}" if call else ""
    odd = (*body.warnings, *warnings) if body.warnings or warnings else ()
    return Exchange(common, body.rows, phase, key, attributes, clock, odd)


def traced(written: object) -> str:
    """Return the trace that a W3C ``traceparent`` names; empty if there is none."""
    if type(written) is str and len(written) == 55 and written[2] == written[35] == "-":
        return written[3:35]
    return ""


def when(written: object) -> float | None:
    """Return the time that an envelope has, s; None where it has none that makes sense."""
    try:
        if type(written) is str and written[-1:] == "Z":  # as all of these writers have it
            time = datetime.fromisoformat(written).timestamp()
            return time if 0 <= time < LATEST else None
        return lenient.seconds(written) if written else None
    except ValueError:
        return None


def bare(one: Message, body: Body, source: Source) -> Exchange:
    """Return the half of a call that a body without envelope is: its id, or Kafka's headers and key, tell which call.

    A request names no model, so the scope of ids is what the source says; an entry without any id stays alone.
    """
    headers = one.headers
    told = headers.get("x-request-id") or headers.get("ce-id") or headers.get("ce_id") or ""
    call = body.id or told or one.key.decode("utf-8", "replace")
    warnings = () if call else ("$.id: there is none, nor a key, so that requests and answers cannot be joined",)
    return exchange(one, body, scope=source.model or "bare", call=call, name=told or call, warnings=warnings)
