"""Texts, white space and values that nobody looks at, in JSON bytes."""

from typing import Any

from schemas.compiled import compiled
from schemas.scanner.numbers import number

WORDS = (b"true", b"false", b"null")


@compiled
def text(data: Any, at: int, end: int) -> Any:
    """Where a text of printable ASCII without escapes begins, and what follows its closing quote; -1 if it is none."""
    if at >= end or data[at] != 34:
        return at, -1
    at += 1
    begin = at
    while at < end and data[at] != 34:
        if data[at] < 32 or data[at] > 126 or data[at] == 92:
            return begin, -1
        at += 1
    return begin, (at + 1 if at < end else -1)


@compiled
def blank(data: Any, at: int, end: int) -> int:
    """Skip white space."""
    while at < end and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@compiled
def skipped(data: Any, at: int, end: int) -> Any:
    """Skip a plain value that is not looked at; -1 for what is nested or no JSON."""
    if at >= end:
        return -1
    if data[at] == 34:
        return text(data, at, end)[1]
    word = WORDS[0] if data[at] == 116 else WORDS[1] if data[at] == 102 else WORDS[2]
    if data[at] != word[0]:
        return number(data, at, end)[1]
    for k in range(len(word)):
        if at + k >= end or data[at + k] != word[k]:
            return -1
    return at + len(word)
