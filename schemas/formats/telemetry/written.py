"""OTLP as JSON: the same batches, with ids in hex and large numbers as text.

References
----------
https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.lenient import Refused, number, text
from schemas.formats.telemetry.item import Item

_SCALARS = ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue")
_ERRORS = (2, "STATUS_CODE_ERROR")


def items(found: Mapping[str, Any]) -> list[Item]:
    """Spans or log records of a batch that is decoded.

    Raises
    ------
    Refused : there is nothing in it
    """
    made = [
        item
        for batches, scopes, inner in (
            ("resourceSpans", "scopeSpans", "spans"),
            ("resourceLogs", "scopeLogs", "logRecords"),
        )
        for batch in _objects(found, batches)
        for item in _batch(batch, scopes, inner)
    ]
    if not made:
        raise Refused("no batch of spans or log records: there is none in it", "$")
    return made


def _batch(batch: Mapping[str, Any], scopes: str, inner: str) -> Iterable[Item]:
    resource = batch.get("resource")
    known = _pairs(resource.get("attributes")) if isinstance(resource, dict) else {}
    for scope in [*_objects(batch, scopes), *_objects(batch, "instrumentationLibrarySpans")]:
        for one in _objects(scope, inner):
            yield (_span if inner == "spans" else _record)(one, known)


def _span(one: Mapping[str, Any], resource: Mapping[str, Any]) -> Item:
    status = one.get("status")
    status = status if isinstance(status, dict) else {}
    return Item(
        name=text(one.get("name"), 256),
        attributes=_pairs(one.get("attributes")),
        resource=resource,
        trace=text(one.get("traceId"), 64).lower(),
        span=text(one.get("spanId"), 64).lower(),
        began=_whole(one.get("startTimeUnixNano")),
        ended=_whole(one.get("endTimeUnixNano")),
        failed=status.get("code") in _ERRORS,
        message=text(status.get("message")),
        events=[(text(event.get("name"), 256), _pairs(event.get("attributes"))) for event in _objects(one, "events")],
    )


def _record(one: Mapping[str, Any], resource: Mapping[str, Any]) -> Item:
    return Item(
        name=text(one.get("eventName"), 256),
        attributes=_pairs(one.get("attributes")),
        resource=resource,
        trace=text(one.get("traceId"), 64).lower(),
        span=text(one.get("spanId"), 64).lower(),
        began=_whole(one.get("timeUnixNano")),
        observed=_whole(one.get("observedTimeUnixNano")),
        body=_value(one.get("body")),
        log=True,
    )


def _objects(held: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = held.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _pairs(value: Any) -> dict[str, Any]:
    """Attributes by name, from pairs; from a plain object too, as some writers have it."""
    if isinstance(value, dict):
        return value
    pairs = value if isinstance(value, list) else []
    return {text(one.get("key"), 512): _value(one.get("value")) for one in pairs if isinstance(one, dict)}


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for name in _SCALARS:
        if name in value:
            return _whole(value[name]) if name == "intValue" else value[name]
    inner = value.get("arrayValue")
    if isinstance(inner, dict):
        held = inner.get("values")
        return [_value(one) for one in held] if isinstance(held, list) else []
    inner = value.get("kvlistValue")
    return _pairs(inner.get("values")) if isinstance(inner, dict) else None


def _whole(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit() and len(value) < 21:
        return int(value)
    found = number(value)
    return int(found) if abs(found) < 2.0**64 else 0
