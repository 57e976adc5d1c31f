"""OTLP as protobuf: ``ExportTraceServiceRequest`` and ``ExportLogsServiceRequest``, which ``TracesData`` equals.

References
----------
https://github.com/open-telemetry/opentelemetry-proto
"""

from struct import unpack_from
from typing import Any

from schemas.formats.lenient import Refused, text
from schemas.formats.protobuf import FIXED64, LEAF, VARINT, Grammar, walk
from schemas.formats.rules import Limits
from schemas.formats.telemetry.item import Item

Rows = list[tuple[int, int, int]]
_LEVELS = 4  # messages within each other for one level of an attribute's value, at most
_VALUES = {
    "pair": {1: LEAF, 2: "value"},
    "value": {1: LEAF, 2: LEAF, 3: LEAF, 4: LEAF, 5: "list", 6: "object", 7: LEAF},
    "list": {1: "value"},
    "object": {1: "pair"},
}
_MESSAGES = {
    "request": {1: "batch"}, "batch": {1: "resource", 2: "scope"}, "resource": {1: "pair"},
    "span": {1: LEAF, 2: LEAF, 7: LEAF, 8: LEAF, 9: "pair", 11: "event", 15: "status"},
    "event": {2: LEAF, 3: "pair"}, "status": {2: LEAF, 3: LEAF},
    "log": {1: LEAF, 5: "body", 6: "pair", 9: LEAF, 10: LEAF, 11: LEAF, 12: LEAF}, "body": _VALUES["value"],
    **_VALUES,
}  # fmt: skip
SPANS = Grammar({**_MESSAGES, "scope": {2: "span"}}, quiet={"value"})
LOGS = Grammar({**_MESSAGES, "scope": {2: "log"}}, quiet={"value"})  # the same codes, as only the way down differs
_PEEK = Grammar({"request": {1: "batch"}, "batch": {2: "scope"}, "scope": {2: LEAF}})
_FIRST = Grammar({"item": {1: LEAF, 11: LEAF}})
_SCOPED = _PEEK.code("scope", 2)
_TRACED, _TIMED, _SEEN = _FIRST.code("item", 1), _FIRST.code("item", 1, FIXED64), _FIRST.code("item", 11, FIXED64)

_code = SPANS.code
_BATCH, _RESOURCE, _ITEM = _code("request", 1), _code("resource", 1), _code("scope", 2)
_NAME, _PAIR = _code("pair", 1), _code("object", 1)
_TEXT, _BOOL, _INT = _code("value", 1), _code("value", 2, VARINT), _code("value", 3, VARINT)
_DOUBLE, _BYTES = _code("value", 4, FIXED64), _code("value", 7)
_PLAIN = frozenset({_TEXT, _INT})
_LIST, _OBJECT = _code("value", 5), _code("value", 6)
_BODY, _SHIFT = _code("log", 5), _code("body", 1) - _code("value", 1)
_BODIES = {code + _SHIFT: code for code in (_TEXT, _BOOL, _INT, _DOUBLE, _BYTES, _LIST, _OBJECT)}
_ATTRIBUTES = frozenset({_code("span", 9), _code("log", 6)})
_EVENT, _EVENT_NAME, _EVENT_PAIR = _code("span", 11), _code("event", 2), _code("event", 3)
_STATUS_MESSAGE, _STATUS_CODE, _FAILED = _code("status", 2), _code("status", 3, VARINT), 2
_IDS = {_code("span", 1): "trace", _code("span", 2): "span", _code("log", 9): "trace", _code("log", 10): "span"}
_TIMES = {
    _code("span", 7, FIXED64): "began", _code("span", 8, FIXED64): "ended",
    _code("log", 1, FIXED64): "began", _code("log", 11, FIXED64): "observed",
}  # fmt: skip
_CALLED = _code("log", 12)
_names: dict[bytes, str] = {}  # of attributes, which are few, as text
_MOST_NAMES = 4096


def items(data: bytes, limits: Limits) -> list[Item]:
    """Spans or log records of a batch.

    Raises
    ------
    Refused : it is no batch, with the byte where that shows, or there is nothing in it
    """
    first = next(((a, b) for code, a, b in walk(data, _PEEK, "request") if code == _SCOPED), None)
    if first is None:
        raise Refused("no batch of spans or log records: there is none in it")
    kinds = {code for code, _, _ in walk(data[first[0] : first[1]], _FIRST, "item")}
    log = _TIMED in kinds or _SEEN in kinds
    if not log and _TRACED not in kinds:
        raise Refused(f"no span and no log record: without a trace or a time at byte {first[0]}")
    return _Batch(data, walk(data, LOGS if log else SPANS, "request", limits.depth * _LEVELS)).items(log=log)


class _Batch:
    """The rows of one batch, and what each of them means."""

    def __init__(self, data: bytes, rows: Rows) -> None:
        self.data = data
        self.rows = rows

    def items(self, *, log: bool) -> list[Item]:
        """All spans or log records."""
        made: list[Item] = []
        resource: dict[str, Any] = {}
        at, count, rows = 0, len(self.rows), self.rows
        while at < count:
            code, _, end = rows[at]
            at += 1
            if code == _BATCH:
                resource = {}
            elif code == _RESOURCE:
                at = self._pair(at, end, resource)
            elif code == _ITEM:
                values, at = self._item(at, end)
                made.append(Item(resource=resource, log=log, **values))
        return made

    def _item(self, at: int, stop: int) -> tuple[dict[str, Any], int]:
        """The fields of one item, and the row behind it."""
        attributes: dict[str, Any] = {}
        events: list[tuple[str, dict[str, Any]]] = []
        values: dict[str, Any] = {"name": "", "attributes": attributes, "events": events}
        data, rows, count, names = self.data, self.rows, len(self.rows), _names
        while at < count:
            code, first, end = rows[at]
            if end > stop:
                break
            at += 1
            if code in _ATTRIBUTES:
                if at + 1 < count:  # nearly all are a name, and then a text or a number
                    (named, head, tail), (kind, begin, close) = rows[at], rows[at + 1]
                    if kind in _PLAIN and close <= end and named == _NAME:
                        name = data[head:tail]
                        held = begin if kind == _INT else data[begin:close].decode("utf-8", "replace")
                        attributes[names.get(name) or _name(name)] = held
                        at += 2
                        continue
                at = self._pair(at, end, attributes)
            elif code == _EVENT:
                event, at = self._event(at, end)
                events.append(event)
            elif code == _BODY:
                values["body"], at = self._value(at, end)
            else:
                self._field(code, first, end, values)
        return values, at

    def _field(self, code: int, first: int, end: int, values: dict[str, Any]) -> None:
        """Put a field that is a single value where it belongs."""
        data = self.data
        name = _TIMES.get(code)
        if name is not None:
            values[name] = int.from_bytes(data[first:end], "little")
            return
        name = _IDS.get(code)
        if name is not None:
            values[name] = data[first : min(end, first + 32)].hex()
        elif code == _CALLED:
            values["name"] = text(data[first:end].decode("utf-8", "replace"), 256)
        elif code == _STATUS_MESSAGE:
            values["message"] = data[first:end].decode("utf-8", "replace")
        elif code == _STATUS_CODE:
            values["failed"] = first == _FAILED

    def _event(self, at: int, stop: int) -> tuple[tuple[str, dict[str, Any]], int]:
        name = ""
        attributes: dict[str, Any] = {}
        while at < len(self.rows) and self.rows[at][2] <= stop:
            code, first, end = self.rows[at]
            at += 1
            if code == _EVENT_NAME:
                name = self.data[first:end].decode("utf-8", "replace")
            elif code == _EVENT_PAIR:
                at = self._pair(at, end, attributes)
        return (name, attributes), at

    def _pair(self, at: int, stop: int, into: dict[str, Any]) -> int:
        """Put the name and value of an attribute where they belong; the row behind it."""
        rows = self.rows
        name, value = "", None
        while at < len(rows) and rows[at][2] <= stop:
            code, first, end = rows[at]
            if code == _NAME:
                name = _name(self.data[first:end])
                at += 1
            else:
                value, at = self._value(at, stop)
        into[name] = value
        return at

    def _value(self, at: int, stop: int) -> tuple[Any, int]:
        """The value that begins at a row, if it is one and ends before ``stop``, and the row behind it."""
        if at >= len(self.rows) or self.rows[at][2] > stop:
            return None, at
        code, first, end = self.rows[at]
        code = _BODIES.get(code, code)
        if code == _LIST:
            return self._list(at + 1, end)
        if code == _OBJECT:
            return self._object(at + 1, end)
        return self._leaf(code, first, end), at + 1

    def _leaf(self, code: int, first: int, end: int) -> Any:
        if code == _TEXT:
            return self.data[first:end].decode("utf-8", "replace")
        if code == _INT:
            return first
        if code == _DOUBLE:
            return unpack_from("<d", self.data, first)[0]
        if code == _BOOL:
            return first != 0
        return self.data[first:end].hex() if code == _BYTES else None

    def _list(self, at: int, stop: int) -> tuple[list[Any], int]:
        made = []
        while at < len(self.rows) and self.rows[at][2] <= stop:
            value, at = self._value(at, stop)
            made.append(value)
        return made, at

    def _object(self, at: int, stop: int) -> tuple[dict[str, Any], int]:
        made: dict[str, Any] = {}
        while at < len(self.rows) and self.rows[at][2] <= stop:
            code, _, end = self.rows[at]
            at = self._pair(at + 1, end, made) if code == _PAIR else at + 1
        return made, at


def _name(data: bytes) -> str:
    name = _names.get(data)
    if name is None:
        name = data[:512].decode("utf-8", "replace")
        if len(_names) < _MOST_NAMES and len(data) < 128:
            _names[data] = name
    return name
