"""Who sent each of many JSON objects, and nothing else of them: what re-keying a topic needs."""

from typing import Any

import numpy as np

from schemas.compiled import compiled
from schemas.scanner.texts import blank, text

NAME = np.frombuffer(b"principal", np.uint8)
LONGEST = 256
NOBODY, ODD = -1, -2
TELLS = np.isin(np.arange(256), np.frombuffer(b'",[]{}', np.uint8))  # bytes that say where a value ends
WITHIN = np.isin(np.arange(256), np.frombuffer(b'"[]{}', np.uint8))  # and where one within brackets does


@compiled
def senders(data: Any, starts: Any, spans: Any) -> None:
    """Find the principal of N objects.

    Only the outermost fields are looked at; whether the rest is JSON is for the reader to say.

    Parameters
    ----------
    data : (size,) u1, all objects one after another
    starts : (N + 1,) i8 where each begins and the last ends
    spans : out (N, 2) i8 where the principal begins and ends; ``NOBODY`` where no field has that name, ``ODD`` where
        it takes more patience to say
    """
    for i in range(len(spans)):
        begin, end = _sender(data, starts[i], starts[i + 1])
        spans[i, 0] = begin
        spans[i, 1] = end


@compiled
def _sender(data: Any, at: int, end: int) -> Any:  # noqa: PLR0911  # each says that it is odd
    found, ends = NOBODY, NOBODY
    at = blank(data, at, end)
    if at >= end or data[at] != 123:
        return ODD, ODD
    at += 1
    while True:
        begin, after = text(data, blank(data, at, end), end)
        if after < 0:
            return ODD, ODD
        named = after - 1 - begin == len(NAME) and _same(data, begin)
        at = blank(data, after, end)
        if at >= end or data[at] != 58:
            return ODD, ODD
        at = blank(data, at + 1, end)
        if named:
            begin, after = text(data, at, end)
            if found != NOBODY or after < 0 or not 0 < after - 1 - begin <= LONGEST:
                return ODD, ODD
            found, ends, at = begin, after - 1, after
        else:
            at = passed(data, at, end)
            if at < 0:
                return ODD, ODD
        at = blank(data, at, end)
        if at >= end or (data[at] != 44 and data[at] != 125):
            return ODD, ODD
        at += 1
        if data[at - 1] == 125:
            return (found, ends) if blank(data, at, end) == end else (ODD, ODD)


@compiled
def _same(data: Any, begin: int) -> bool:
    same = True
    for k in range(len(NAME)):
        same &= data[begin + k] == NAME[k]
    return same


@compiled
def _next(data: Any, at: int, end: int, told: Any) -> int:
    while at < end and not told[data[at]]:
        at += 1
    return at


@compiled
def passed(data: Any, at: int, end: int) -> int:
    """Where a value ends, by its quotes and brackets alone; -1 if that is nowhere."""
    depth = 0
    while at < end:
        at = _next(data, at, end, WITHIN if depth else TELLS)
        if at >= end:
            return -1
        c = data[at]
        if c == 34:
            at += 1
            while at < end and data[at] != 34:
                at += 2 if data[at] == 92 else 1
            if at >= end:
                return -1
        elif c in (123, 91):
            depth += 1
        elif c in (125, 93):
            if depth == 0:
                return at
            depth -= 1
        elif c == 44:
            return at
        at += 1
        if depth == 0 and c in (34, 125, 93):
            return at
    return -1
