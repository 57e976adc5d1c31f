"""Bodies of MLflow's scoring server (pyfunc), with nothing around them or both of one call in an object.

``{"request": ..., "response": ...}``, as taps in gateways write, has bodies, or objects with a ``body``, a ``status``
and a ``content_type``; these may also be strings of JSON. What stands beside them counts as with OpenAI's bodies.

References
----------
https://mlflow.org/docs/latest/genai/serving/
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies import mlflow, spoken
from schemas.formats.bodies.body import REQUEST, RESPONSE, Body
from schemas.formats.decoded import json_of
from schemas.formats.exchange import PAIR, PAYLOAD, Exchange, joined
from schemas.formats.lenient import Refused
from schemas.formats.logged import CALLERS, bare, unread
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.formats.sides import beside

TITLE = "MLflow pyfunc bodies"
PRINCIPALS = ("principal", *CALLERS, "parameters.user", "client_ip")


def signs(one: Message) -> float:
    """The names that only its bodies have; less where V1 has them too."""
    head = one.value[:4096]
    if b"dataframe_split" in head or b"dataframe_records" in head:
        return 0.9
    pair = b'"request"' in head and b'"response"' in one.value
    if pair and (b"/invocations" in head or b"predictions" in one.value):
        return 0.8
    if b'"specversion"' in head or b'"datatype"' in head:
        return 0.0
    return 0.6 if b'"predictions"' in head or head.lstrip()[:9] == b'{"inputs"' else 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """One half of a call, or both."""
    found = json_of(one.value, limits)
    if isinstance(found, dict) and "request" in found and "response" in found:
        asked = bare(one, _tapped(found["request"], REQUEST, limits), source)
        answered = bare(one, _tapped(found["response"], RESPONSE, limits), source)
        call = joined(asked, answered)
        known = [warning for warning in call.warnings if not warning.startswith("$.id: ")]
        said = {name: value for name, value in beside(found).items() if value is not None}
        both = {name: value for name, value in call.common.items() if name != "latency_ms"}  # which have Kafka's time
        clock = PAYLOAD if "time" in said else call.clock
        attributes = {**call.attributes, "headers": _lower(found.get("headers"))}
        return (Exchange({**both, **said}, call.rows, PAIR, "", attributes, clock, known),)
    return (bare(one, _of(found, limits), source),)


def _lower(headers: Any) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in headers.items()} if isinstance(headers, dict) else {}


def _of(found: Any, limits: Limits, phase: str = "") -> Body:
    if isinstance(found, dict) and spoken.mine(found):
        return spoken.of(found, limits, phase)
    return mlflow.of(found, limits)


def _half(found: Any, phase: str, limits: Limits) -> Body:
    body = _of(found, limits, phase)
    if body.phase != phase:
        raise Refused(f"there is a {body.phase} where a {phase} must be")
    return body


def _tapped(half: Any, phase: str, limits: Limits) -> Body:
    """A body of a tap; one that cannot be read leaves its warning."""
    around: Mapping[str, Any] = half if isinstance(half, dict) else {}
    written = around.get("body", half)
    status = around.get("status")
    try:
        if isinstance(written, str) and "csv" in str(around.get("content_type")):
            body = mlflow.of_csv(written, limits)
        elif isinstance(written, str) and not written:
            body = Body(phase)
        else:
            body = _half(json_of(written, limits) if isinstance(written, str) else written, phase, limits)
    except Refused as refused:
        body = unread(refused, phase)
    return body._replace(phase=phase, status=status if type(status) is int else body.status)
