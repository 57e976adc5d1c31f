"""OTLP as protobuf: ``ExportTraceServiceRequest`` and ``ExportLogsServiceRequest``, which ``TracesData`` equals.

References
----------
https://github.com/open-telemetry/opentelemetry-proto
"""

from struct import unpack_from
from typing import Any

from schemas.formats.lenient import Refused, text
from schemas.formats.protobuf import FIXED64, LEAF, VARINT, Grammar, columns, walk
from schemas.formats.rules import Limits
from schemas.formats.telemetry.item import Item

Rows = tuple[list[int], list[int], list[int]]
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
_IDS = {  # places in an Item
    _code("span", 1): 3, _code("span", 2): 4, _code("log", 9): 3, _code("log", 10): 4,
}  # fmt: skip
_TIMES = {
    _code("span", 7, FIXED64): 5, _code("span", 8, FIXED64): 6,
    _code("log", 1, FIXED64): 5, _code("log", 11, FIXED64): 7,
}  # fmt: skip
_CALLED_AT, _FAILED_AT, _MESSAGE_AT, _BODY_AT = 0, 8, 9, 10
_CALLED = _code("log", 12)
_NAMED = 512  # bytes of a name that are kept
_names: dict[str, str] = {}  # of attributes, which are few, by their bytes as characters
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
    return _Batch(data, columns(data, LOGS if log else SPANS, "request", limits.depth * _LEVELS)).items(log=log)


class _Batch:
    """The rows of one batch, by what they are, where they begin and where they end; and what each of them means.

    Attributes
    ----------
    text : each byte as a character: of what is ASCII, as nearly all is, a part of it is that part decoded
    """

    def __init__(self, data: bytes, rows: Rows) -> None:
        self.data, self.text = data, data.decode("latin-1")
        self.codes, self.starts, self.stops = rows
        self.count = len(self.codes)

    def items(self, *, log: bool) -> list[Item]:
        """All spans or log records."""
        made: list[Item] = []
        resource: dict[str, Any] = {}
        at = 0
        while at < self.count:
            code, end = self.codes[at], self.stops[at]
            at += 1
            if code == _BATCH:
                resource = {}
            elif code == _RESOURCE:
                at = self._pair(at, end, resource)
            elif code == _ITEM:
                item, at = self._item(at, end, resource, log)
                made.append(item)
        return made

    def _item(self, at: int, stop: int, resource: dict[str, Any], log: bool) -> tuple[Item, int]:
        """One item, and the row behind it."""
        attributes: dict[str, Any] = {}
        events: list[tuple[str, dict[str, Any]]] = []
        values: list[Any] = ["", attributes, resource, "", "", 0, 0, 0, False, "", None, events, log]
        codes, starts, stops, written, last = self.codes, self.starts, self.stops, self.text, self.count - 1
        known = _names.get
        while at <= last and (end := stops[at]) <= stop:
            code, at = codes[at], at + 1
            if code in _ATTRIBUTES:
                if at < last and codes[at] == _NAME and (close := stops[at + 1]) <= end:
                    kind, begin = codes[at + 1], starts[at + 1]  # nearly all are a name, and then a text or a number
                    if kind in _PLAIN:
                        held: Any = begin
                        if kind == _TEXT:
                            said = written[begin:close]
                            held = said if said.isascii() else self._said(at + 1)
                        attributes[known(written[starts[at] : stops[at]]) or self._named(at)] = held
                        at += 2
                        continue
                at = self._pair(at, end, attributes)
            elif code == _EVENT:
                event, at = self._event(at, end)
                events.append(event)
            elif code == _BODY:
                values[_BODY_AT], at = self._value(at, end)
            else:
                self._field(code, starts[at - 1], end, values)
        return Item._make(values), at

    def _field(self, code: int, first: int, end: int, values: list[Any]) -> None:
        """Put a field that is a single value where it belongs."""
        data = self.data
        if code in _TIMES:
            values[_TIMES[code]] = int.from_bytes(data[first:end], "little")
        elif code in _IDS:
            values[_IDS[code]] = data[first : min(end, first + 32)].hex()
        elif code == _CALLED:
            values[_CALLED_AT] = text(data[first:end].decode("utf-8", "replace"), 256)
        elif code == _STATUS_MESSAGE:
            values[_MESSAGE_AT] = data[first:end].decode("utf-8", "replace")
        elif code == _STATUS_CODE:
            values[_FAILED_AT] = first == _FAILED

    def _event(self, at: int, stop: int) -> tuple[tuple[str, dict[str, Any]], int]:
        name = ""
        attributes: dict[str, Any] = {}
        while at < self.count and self.stops[at] <= stop:
            code, end = self.codes[at], self.stops[at]
            at += 1
            if code == _EVENT_NAME:
                name = self._said(at - 1)
            elif code == _EVENT_PAIR:
                at = self._pair(at, end, attributes)
        return (name, attributes), at

    def _pair(self, at: int, stop: int, into: dict[str, Any]) -> int:
        """Put the name and value of an attribute where they belong; the row behind it."""
        name, value = "", None
        while at < self.count and self.stops[at] <= stop:
            if self.codes[at] == _NAME:
                name = self._named(at)
                at += 1
            else:
                value, at = self._value(at, stop)
        into[name] = value
        return at

    def _value(self, at: int, stop: int) -> tuple[Any, int]:
        """The value that begins at a row, if it is one and ends before ``stop``, and the row behind it."""
        if at >= self.count or self.stops[at] > stop:
            return None, at
        code, end = self.codes[at], self.stops[at]
        code = _BODIES.get(code, code)
        if code == _LIST:
            return self._list(at + 1, end)
        if code == _OBJECT:
            return self._object(at + 1, end)
        return self._leaf(code, at), at + 1

    def _leaf(self, code: int, at: int) -> Any:
        first = self.starts[at]
        if code == _TEXT:
            return self._said(at)
        if code == _INT:
            return first
        if code == _DOUBLE:
            return unpack_from("<d", self.data, first)[0]
        if code == _BOOL:
            return first != 0
        return self.data[first : self.stops[at]].hex() if code == _BYTES else None

    def _list(self, at: int, stop: int) -> tuple[list[Any], int]:
        made = []
        while at < self.count and self.stops[at] <= stop:
            value, at = self._value(at, stop)
            made.append(value)
        return made, at

    def _object(self, at: int, stop: int) -> tuple[dict[str, Any], int]:
        made: dict[str, Any] = {}
        while at < self.count and self.stops[at] <= stop:
            code, end = self.codes[at], self.stops[at]
            at = self._pair(at + 1, end, made) if code == _PAIR else at + 1
        return made, at

    def _said(self, at: int) -> str:
        return self.data[self.starts[at] : self.stops[at]].decode("utf-8", "replace")

    def _named(self, at: int) -> str:
        first, end = self.starts[at], self.stops[at]
        name = self.data[first : min(end, first + _NAMED)].decode("utf-8", "replace")
        if len(_names) < _MOST_NAMES and end - first < 128:
            _names[self.text[first:end]] = name
        return name
