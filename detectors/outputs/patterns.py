"""Patterns of RE2: time grows with the text and never with what somebody wrote into it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

MEMORY = 64 << 20  # bytes that one automaton may take
LETTERS = 50_000  # of words that one automaton looks for


def _options(*, case: bool, literal: bool = False) -> Any:
    made = re2.Options()
    made.case_sensitive, made.literal = case, literal
    made.encoding = re2.Options.Encoding.LATIN1
    made.max_mem, made.log_errors = MEMORY, False
    return made


@cache
def pattern(text: str, *, case: bool = True) -> Any:
    """``text`` compiled at its first use, for bytes; ``case`` is whether capitals matter."""
    return re2.compile(text.encode("latin-1"), _options(case=case))


def matches(text: str, data: bytes, *, case: bool = True) -> Iterator[tuple[int, int]]:
    """Where the first group of a pattern lies in ``data``: [start, end), from left to right."""
    return (found.span(1) for found in pattern(text, case=case).finditer(data))


class Words:
    """Many words that are looked for at once, capitals or not; in as many automata as their letters need."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self._sets: list[tuple[int, Any]] = []
        room = 0
        for place, word in enumerate(words):
            if room <= 0:
                self._sets.append((place, re2.Set.SearchSet(_options(case=False, literal=True))))
                room = LETTERS
            data = word.encode("utf-8", "replace")
            self._sets[-1][1].Add(data)
            room -= len(data)
        for _, one in self._sets:
            one.Compile()

    def among(self, data: bytes) -> list[int]:
        """Places in the list of those that occur in ``data``."""
        return [first + place for first, one in self._sets for place in one.Match(data) or ()]
