"""Batches of spans and log records, written by hand as protobuf and as JSON."""

import json
import struct
from typing import Any

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
BEGAN, ENDED = 1_767_571_245_250_000_000, 1_767_571_245_750_000_000


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    made = b""
    while value > 0x7F:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])


def held(number: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def whole(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def fixed(number: int, value: int) -> bytes:
    return varint(number << 3 | 1) + struct.pack("<Q", value)


def value(one: Any) -> bytes:
    """An ``AnyValue``."""
    if isinstance(one, str):
        return held(1, one)
    if isinstance(one, int):
        return whole(2 if isinstance(one, bool) else 3, one)
    if isinstance(one, float):
        return varint(4 << 3 | 1) + struct.pack("<d", one)
    if isinstance(one, list):
        return held(5, b"".join(held(1, value(inner)) for inner in one))
    if isinstance(one, dict):
        return held(6, b"".join(held(1, pair(name, inner)) for name, inner in one.items()))
    return b"" if one is None else held(7, one)


def pair(name: str, one: Any) -> bytes:
    return held(1, name) + held(2, value(one))


def pairs(number: int, attributes: dict[str, Any]) -> bytes:
    return b"".join(held(number, pair(name, one)) for name, one in attributes.items())


def span(attributes: dict[str, Any], *, events: Any = (), failed: str | None = None, trace: str = TRACE) -> bytes:
    data = held(1, bytes.fromhex(trace)) + held(2, bytes.fromhex(SPAN)) + held(5, "chat m") + whole(6, 3)
    data += fixed(7, BEGAN) + fixed(8, ENDED) + pairs(9, attributes)
    data += b"".join(held(11, fixed(1, BEGAN) + held(2, name) + pairs(3, inner)) for name, inner in events)
    return data + (held(15, held(2, failed) + whole(3, 2)) if failed is not None else b"")


def record(name: str, attributes: dict[str, Any], body: Any = None, *, time: int = 0, trace: str = TRACE) -> bytes:
    data = (fixed(1, time) if time else b"") + whole(2, 9) + (held(5, value(body)) if body is not None else b"")
    data += pairs(6, attributes) + held(9, bytes.fromhex(trace)) + held(10, bytes.fromhex(SPAN))
    return data + fixed(11, ENDED) + held(12, name)


def batch(*items: bytes, resource: dict[str, Any] | None = None) -> bytes:
    """A request that exports items, as the collector writes it to Kafka."""
    scope = held(1, held(1, "by hand")) + b"".join(held(2, item) for item in items)
    return held(1, held(1, pairs(1, resource or {"service.name": "shop"})) + held(2, scope))


def value_json(one: Any) -> dict[str, Any]:
    if isinstance(one, str):
        return {"stringValue": one}
    if isinstance(one, bool):
        return {"boolValue": one}
    if isinstance(one, int):
        return {"intValue": str(one)}
    if isinstance(one, float):
        return {"doubleValue": one}
    if isinstance(one, list):
        return {"arrayValue": {"values": [value_json(inner) for inner in one]}}
    return {"kvlistValue": {"values": pairs_json(one)}} if isinstance(one, dict) else {}


def pairs_json(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": value_json(one)} for name, one in attributes.items()]


def span_json(attributes: dict[str, Any], *, events: Any = (), failed: str | None = None, trace: str = TRACE) -> Any:
    return {
        "traceId": trace, "spanId": SPAN, "name": "chat m", "kind": 3, "startTimeUnixNano": str(BEGAN),
        "endTimeUnixNano": str(ENDED), "attributes": pairs_json(attributes),
        "events": [{"name": name, "attributes": pairs_json(inner)} for name, inner in events],
        "status": {"code": 2, "message": failed} if failed is not None else {},
    }  # fmt: skip


def record_json(name: str, attributes: dict[str, Any], body: Any = None, *, time: int = 0, trace: str = TRACE) -> Any:
    return {
        **({"timeUnixNano": str(time)} if time else {}), "observedTimeUnixNano": str(ENDED), "eventName": name,
        "body": value_json(body), "attributes": pairs_json(attributes), "traceId": trace, "spanId": SPAN,
    }  # fmt: skip


def batch_json(*items: Any, resource: dict[str, Any] | None = None) -> bytes:
    known = {"attributes": pairs_json(resource or {"service.name": "shop"})}
    outer, inner, name = ("Logs", "Logs", "logRecords") if "eventName" in items[0] else ("Spans", "Spans", "spans")
    return json.dumps({f"resource{outer}": [{"resource": known, f"scope{inner}": [{name: list(items)}]}]}).encode()
