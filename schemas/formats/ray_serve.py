"""Ray Serve's access log, as text or as JSON: one line a request of each component that it passes.

The proxy writes a request down, and so does every replica behind it. Here the proxy's lines are the requests, since
only they know those that no replica saw; ``ray_serve_replica`` is for logs that have the replicas' lines alone.

References
----------
https://docs.ray.io/en/latest/serve/monitoring.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.formats.decoded import object_of
from schemas.formats.exchange import ACCESS, ASIDE, Exchange
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, Limits, Source
from schemas.formats.shipped import unwrapped

TITLE = "Ray Serve access log"
PRINCIPALS = ("principal", "client_ip")
PROXY, REPLICA = "proxy", "replica"
_PROXIES = (PROXY, "http_proxy")
_ACCESS = re.compile(r"^(?:(\S+) )?(?:(\S+) )?(\S*) ?(\d{3}|OK|ERROR|CANCELLED) ([0-9.]{1,16})ms$")
_TEXT = re.compile(
    r"(?:\([^()\n]{1,128}\) )?[A-Z]{4,8} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) "  # where, how grave, when
    r"(\S{1,256}) (\S{1,256}) (?:(\S{1,256}) )?-- ([^\n]*)"  # component, which one, request, message
)
_PLACE = re.compile(r"^\w{1,64}\.py:\d{1,6} - ")  # until 2.40 a message began with where it was written
_STATUS = {"OK": 200, "ERROR": 500, "CANCELLED": 499}


class Line(msgspec.Struct, gc=False):
    """What is read of a line."""

    message: str
    component_name: str = ""
    timestamp_ns: int | None = None
    asctime: str = ""
    route: str = ""
    request_id: str = ""
    deployment: str = ""
    application: str = ""
    replica: str = ""


_decode = msgspec.json.Decoder(Line).decode


def signs(one: Message) -> float:
    """The names that only Ray has, of a proxy."""
    return of(one, PROXY)


def of(one: Message, component: str) -> float:
    """How surely this is a line of a component."""
    if one.value[:1] != b"{" or (b" -- " in one.value and b'"component_name"' not in one.value):
        line = _written(unwrapped(one.value, LIMITS))
        if line is None or _ACCESS.match(line.message) is None:
            return 0.0
        return 0.7 + 0.25 * (line.component_name == component)
    if component == REPLICA and all(name in one.value for name in (b'"replica"', b'"deployment"', b'"asctime"')):
        return 0.95 if b'"component_name"' not in one.value else _json(one, component)
    return _json(one, component)


def _json(one: Message, component: str) -> float:
    if b'"component_name"' not in one.value or b'"timestamp_ns"' not in one.value:
        return 0.0
    mine = f'"{component}"'.encode() in one.value
    return 0.7 + 0.25 * mine if b'"route"' in one.value else 0.2


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The request of a proxy's line; none of a replica's."""
    return calls(one, source, limits, PROXY)


def calls(one: Message, source: Source, limits: Limits, component: str) -> list[Exchange]:
    """The request of a line, if that component wrote it."""
    line = _line(one.value, limits)
    found = _ACCESS.match(_PLACE.sub("", line.message) if ".py:" in line.message else line.message)
    if found is None and not line.component_name:
        raise Refused("the message is no access: METHOD ROUTE STATUS TIMEms", "$.message")
    if found is None:
        return [Exchange({}, phase=ASIDE, warnings=["lines of other kinds"])]
    if line.component_name != component:
        return []
    status = found[4]
    common: dict[str, Any] = {
        "id": line.request_id if not line.deployment else f"{line.request_id}:{line.deployment}:{line.replica}",
        "time": line.timestamp_ns if line.timestamp_ns is not None else line.asctime.replace(",", ".") or None,
        "model": line.deployment or line.route or source.model or "no route",
        "tenant": line.application,
        "latency_ms": float(found[5]) if found[5].count(".") < 2 else None,
        "status": _STATUS[status] if status in _STATUS else int(status),
        "trace_id": line.request_id,
    }
    if not line.request_id:
        common["id"] = ""
    warnings = () if line.timestamp_ns is not None else ("$.asctime: local time without a zone, read as UTC",)
    return [Exchange(common, (), ACCESS, "", {"method": found[1], "route": line.route}, warnings=warnings)]


def _line(value: bytes, limits: Limits) -> Line:
    """The fields of a line, whichever way it is written."""
    try:
        line = _decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        written = _written(unwrapped(value, limits))
        line = _patient(object_of(value, limits)) if written is None else written
    if not line.component_name and not line.replica:
        line = _written(line.message) or line
    if not line.component_name and line.replica:
        line.component_name = REPLICA  # until 2.5 only proxies said what they are
    return line


def _written(text: str) -> Line | None:
    """A line of text; None if it is none of Ray's."""
    found = _TEXT.match(text)
    if found is None:
        return None
    time, component, which, request, message = found.groups(default="")
    if component in _PROXIES:
        route = message.split(" ", 2)[1] if message.count(" ") > 2 else ""
        return Line(message, PROXY, asctime=time, route=route, request_id=request)
    application, _, deployment = component.partition("_")
    line = Line(message, REPLICA, asctime=time, request_id=request, replica=which, deployment=deployment or component)
    line.application = application if deployment else ""
    return line


def _patient(found: Mapping[str, Any]) -> Line:
    """A line whose fields are of other types than Ray writes."""
    if not isinstance(found.get("message"), str) or not ("component_name" in found or "replica" in found):
        raise Refused("there is no message of a component", "$.message")
    text = {name: found[name] for name in Line.__struct_fields__ if isinstance(found.get(name), str)}
    time = found.get("timestamp_ns")
    names = {"message": "", "component_name": ""} | {k: v for k, v in text.items() if k != "timestamp_ns"}
    return Line(**names, timestamp_ns=time if type(time) is int else None)
