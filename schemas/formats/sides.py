"""Sides: requests and answers as a tap logs them in one object, and what it logs beside the two."""

from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import gemini
from schemas.formats.bodies.apis import Api
from schemas.formats.decoded import json_of
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS

_API = {  # of which a body of one of the APIs has one
    "messages", "prompt", "input", "choices", "output", "content", "contents", "candidates", "inputs", "message",
    "generated_text", "embeddings",
}  # fmt: skip
_SIDES = (("request_body", "response_body"), ("requestBody", "responseBody"), ("req", "res"))
_ADDRESS = ("path", "url", "uri")
_BESIDE = {  # what may stand beside the bodies, by the field of a record
    "id": ("id", "request_id", "requestId"),
    "time": ("time", "timestamp", "ts", "@timestamp", "start_time", "started_at"),
    "model": ("model",), "version": ("version",), "tenant": ("tenant",), "principal": ("principal", "user_id"),
    "latency_ms": ("latency_ms", "duration_ms"), "status": ("status", "status_code", "statusCode"),
    "client_ip": ("client_ip", "remote_addr"), "user_agent": ("user_agent",), "session": ("session", "session_id"),
    "trace_id": ("trace_id",),
}  # fmt: skip


def beside(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is logged beside the bodies, by the field of a record; the model is also looked for in an address."""
    made = {name: next((found[key] for key in keys if found.get(key)), None) for name, keys in _BESIDE.items()}
    if not made["model"]:
        made["model"] = next(filter(None, (gemini.model_of(found.get(name)) for name in _ADDRESS)), None)
    return made


def renamed(found: dict[str, Any]) -> dict[str, Any]:
    """The same with its sides called as most taps call them."""
    if "request" not in found and "response" not in found:
        for asked, answered in _SIDES:
            if asked in found or answered in found:
                sides = {"request": found.get(asked), "response": found.get(answered)}
                return {**found, **{name: side for name, side in sides.items() if side is not None}}
    return found


def untapped(found: dict[str, Any]) -> dict[str, Any]:
    """The same where a tap of HTTP wrote each side as headers, a status, an address and a body."""
    for name, outer in (("request", ("headers", *_ADDRESS)), ("response", ("status", "status_code", "statusCode"))):
        side = found.get(name)
        if isinstance(side, dict) and "body" in side and not _API & side.keys():
            found = {**{key: side[key] for key in outer if key in side}, **found, name: side["body"]}
    return found


def sure(one: Message, api: Api) -> float:
    """How surely an entry is of an API, in [0, 1], from its bodies; of one that came in pieces, from the first."""
    begin = one.value[:65_536].lstrip()
    if begin[:5] == b"data:":
        one = one._replace(value=begin[5:].partition(b"\n")[0])
    elif begin[:1] not in (b"{", b"["):
        return 0.0
    found, inner = bodies(one)
    telling = sum(api.answers(body) or api.piece(body) or api.asks(body) for body in found)
    return 0.9 * (telling > 0) if inner else 0.9 * telling / max(len(found), 1)


def bodies(one: Message) -> tuple[list[dict[str, Any]], bool]:
    """The bodies in an entry that are objects; and whether they stand in one that is around them.

    Raises
    ------
    Refused : neither it nor its first line is JSON
    """
    try:
        found = json_of(one.value, LIMITS)
    except Refused:
        found = json_of(one.value.lstrip().partition(b"\n")[0], LIMITS)
    if isinstance(found, list):
        return [first for first in found[:1] if isinstance(first, dict)], False
    if not isinstance(found, dict):
        return [], False
    found = renamed(found)
    inner = [body for name in ("request", "response") if isinstance(body := _body(found.get(name)), dict)]
    return inner or [found], bool(inner)


def _body(side: Any) -> Any:
    """A side of a call; what a tap of HTTP put around its body is taken off, and text of an object decoded.

    Of what came in pieces it is the first.
    """
    if isinstance(side, dict) and "body" in side and not _API & side.keys():
        side = side["body"]
    if isinstance(side, str):
        line = side.lstrip().removeprefix("data:").lstrip()
        for text in (line, line.partition("\n")[0]):
            try:
                side = json_of(text, LIMITS) if text[:1] in ("{", "[") else side
                break
            except Refused:
                continue
    return side[0] if isinstance(side, list) and side else side
