"""One compiled pass over a slice of JSON objects: plain ones become rows of columns, the rest is left to others.

Plain is an object with the fields of a Record as a healthy log has them: flat, features and answers as lists of
numbers, text of printable ASCII without escapes, all within the bounds of ``schemas.record``. Whatever else it is,
the row says so and a patient reader has the word; nothing is refused here.
"""

from typing import Any

import numpy as np

from schemas.batch import ID
from schemas.compiled import compiled
from schemas.record import LATEST
from schemas.scanner.numbers import number, single
from schemas.scanner.short import short
from schemas.scanner.texts import blank, skipped, text

ROW = np.dtype(
    [
        ("plain", "u1"), ("time", "f8"), ("latency", "f8"), ("tokens", "i4", 2),
        ("features", "i8"), ("F", "i4"), ("probabilities", "i8"), ("C", "i4"),
        ("model", "i8", 2), ("version", "i8", 2), ("principal", "i8", 2), ("label", "i8", 2), ("id", "u1", ID),
    ],
    align=True,
)  # fmt: skip
"""A record: where its lists begin among the numbers and their lengths (-1: none), where its texts begin and end."""

TEXT, WHOLE, TIME, LATENCY, LIST, LABEL, OTHER = range(7)
KINDS = (
    ("id", TEXT, 256), ("time", TIME, 0), ("model", TEXT, 128), ("version", TEXT, 128), ("principal", TEXT, 256),
    ("features", LIST, 0), ("probabilities", LIST, 0), ("label", LABEL, 256), ("latency_ms", LATENCY, 0),
    ("tokens_in", WHOLE, 0), ("tokens_out", WHOLE, 0), ("status", WHOLE, 0), ("tenant", TEXT, 128),
    ("client_ip", TEXT, 256), ("user_agent", TEXT, 512), ("session", TEXT, 256), ("trace_id", TEXT, 256),
    ("prompt", TEXT, 1 << 40), ("completion", TEXT, 1 << 40), ("image_b64", TEXT, 1 << 40),
    ("logits", OTHER, 0), ("value", OTHER, 0), ("messages", OTHER, 0), ("finish_reason", TEXT, 128),
    ("phase", TEXT, 128), ("request_id", TEXT, 256),
)  # fmt: skip
NAMES = np.frombuffer("".join(name for name, _, _ in KINDS).encode(), np.uint8)
ENDS = np.cumsum([0] + [len(name) for name, _, _ in KINDS])
KIND = np.array([kind for _, kind, _ in KINDS])
LONGEST = np.array([longest for _, _, longest in KINDS])
ID_, TIME_, MODEL, VERSION, PRINCIPAL, FEATURES, PROBABILITIES, LABEL_, LATENCY_, IN, OUT, STATUS = range(12)
PHASE = len(KINDS) - 2
PROMPT = 17
NEEDED = 1 << ID_ | 1 << TIME_ | 1 << MODEL | 1 << PRINCIPAL
NULLABLE = sum(1 << field for field in (FEATURES, PROBABILITIES, LABEL_, LATENCY_, IN, OUT, STATUS, 17, 18, 19))
NAN = np.nan


@compiled
def scan(data: Any, starts: Any, rows: Any, numbers: Any) -> int:
    """Fill N rows from N objects; returns how many numbers were found.

    Parameters
    ----------
    data : (size,) u1, all objects one after another
    starts : (N + 1,) i8 where each begins and the last ends
    rows : out (N,) of ``ROW``
    numbers : out, at least size / 2 + 1 doubles
    """
    used = 0
    for i in range(len(rows)):
        after = _object(data, starts[i], starts[i + 1], rows[i], numbers, used)
        rows[i].plain = after >= 0
        used = max(used, after)
    return used


@compiled
def _object(data: Any, at: int, end: int, row: Any, numbers: Any, used: int) -> int:  # noqa: PLR0911  # each says no
    """Read one object; returns how many numbers are in use then, -1 if it is not plain."""
    _clear(row)
    seen = 0
    expected = 0
    at = blank(data, at, end)
    if at >= end or data[at] != 123:
        return -1
    at += 1
    while True:
        begin, at = text(data, blank(data, at, end), end)
        if at < 0:
            return -1
        field = _field(data, begin, at - 1, expected)
        at = blank(data, at, end)
        if at >= end or data[at] != 58:
            return -1
        at = blank(data, at + 1, end)
        if field < 0:
            at = skipped(data, at, end)
        else:
            if seen >> field & 1:
                return -1
            seen |= 1 << field
            expected = field + 1
            at, used = _value(data, at, end, field, row, numbers, used)
        if at < 0:
            return -1
        at = blank(data, at, end)
        if at >= end or (data[at] != 44 and data[at] != 125):
            return -1
        at += 1
        if data[at - 1] == 125:
            break
    worded = seen >> PROMPT & 1 and row.F == 0
    whole = blank(data, at, end) == end and seen & NEEDED == NEEDED and not worded
    return used if whole and row.model[1] > row.model[0] and row.principal[1] > row.principal[0] and row.id[0] else -1


@compiled
def _clear(row: Any) -> None:
    row.latency = NAN
    row.tokens[0] = -1
    row.tokens[1] = -1
    row.F = 0
    row.C = 0
    for k in range(2):
        row.version[k] = 0
        row.label[k] = 0
    for k in range(ID):
        row.id[k] = 0


@compiled
def _value(data: Any, at: int, end: int, field: int, row: Any, numbers: Any, used: int) -> Any:  # noqa: PLR0911
    """Read the value of a known field; returns where it ends, -1 if it is not plain, and the numbers in use."""
    kind = KIND[field]
    if at < end and data[at] == 110 and NULLABLE >> field & 1:
        return skipped(data, at, end), used
    if kind == TEXT or (kind == LABEL and at < end and data[at] == 34):
        begin, at = text(data, at, end)
        if at < 0 or at - 1 - begin > LONGEST[field]:
            return -1, used
        if field == PHASE and at - 1 > begin:  # feedback and lone halves are for others to read
            return -1, used
        _keep(data, begin, at - 1, field, row)
        return at, used
    if kind == LIST:
        return _list(data, at, end, field, row, numbers, used)
    if kind == OTHER:
        return -1, used
    begin = at
    value, at, sure = number(data, at, end)
    if at >= 0 and not _noted(data, begin, at, field, row, value, sure):
        at = -1
    return at, used


@compiled
def _noted(data: Any, begin: int, end: int, field: int, row: Any, value: float, sure: bool) -> bool:
    """Note a number on the row, unless it is out of bounds or not exact enough."""
    kind = KIND[field]
    if kind == TIME:
        row.time = value
        return sure and 0.0 <= value < LATEST
    if kind == LATENCY:
        row.latency = value / 1000.0
        return 0.0 <= value <= 1e9 and (sure or single(row.latency))
    for k in range(begin, end):
        if data[k] < 48 or data[k] > 57:
            return False
    if field == LABEL_:
        row.label[0] = begin
        row.label[1] = end
    elif field == IN:
        row.tokens[0] = int(min(value, 2147483647.0))
    elif field == OUT:
        row.tokens[1] = int(min(value, 2147483647.0))
    return end - begin <= 10 and value <= 2147483647.0


@compiled
def _keep(data: Any, begin: int, end: int, field: int, row: Any) -> None:
    """Note where a text is; an id is copied."""
    if field == ID_:
        for k in range(min(end - begin, ID)):
            row.id[k] = data[begin + k]
    elif field == MODEL:
        row.model[0] = begin
        row.model[1] = end
    elif field == VERSION:
        row.version[0] = begin
        row.version[1] = end
    elif field == PRINCIPAL:
        row.principal[0] = begin
        row.principal[1] = end
    elif field == LABEL_:
        row.label[0] = begin
        row.label[1] = end


@compiled
def _list(data: Any, at: int, end: int, field: int, row: Any, numbers: Any, used: int) -> Any:
    """Read a list of numbers and nulls, which become NaN."""
    begin = used
    if at >= end or data[at] != 91:
        return -1, used
    at = blank(data, at + 1, end)
    if at < end and data[at] == 93:
        at += 1
    else:
        while True:
            if at < end and data[at] == 110:
                value, at, sure = NAN, skipped(data, at, end), True
            else:
                value, after = short(data, at, end)
                sure = after >= 0
                if sure:
                    at = after
                else:
                    value, at, sure = number(data, at, end)
            if at < 0 or not (sure or single(value)):
                return -1, used
            numbers[used] = value
            used += 1
            at = blank(data, at, end)
            if at >= end or (data[at] != 44 and data[at] != 93):
                return -1, used
            at += 1
            if data[at - 1] == 93:
                break
            at = blank(data, at, end)
    if field == FEATURES:
        row.features = begin
        row.F = used - begin
    else:
        row.probabilities = begin
        row.C = used - begin
    return at, used


@compiled
def _field(data: Any, begin: int, end: int, expected: int) -> int:
    """Which known field has this name, -1 if none; fields mostly come in the order in which they are listed."""
    count = len(KIND)
    for step in range(count):
        field = (expected + step) % count
        if ENDS[field + 1] - ENDS[field] == end - begin:
            same = True
            for k in range(end - begin):
                if data[begin + k] != NAMES[ENDS[field] + k]:
                    same = False
                    break
            if same:
                return field
    return -1
