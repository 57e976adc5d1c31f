"""Findings in a model's answer: what was found where, so that whoever reads of it does not read it."""

from bisect import bisect_left
from dataclasses import dataclass

SHOWN = 2  # characters at each end that may be seen
SHORTEST = 9  # what is shorter is hidden entirely, since four characters would be half of it
LIMIT = 256  # findings of one kind in one answer; more say no more


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in an answer that should not be there.

    Attributes
    ----------
    kind : ``personal.email``, ``secret.github``, ``canary``, ``protected`` and the like
    start, end : characters of the answer
    masked : what may be stored of it: its first and last two characters, or none
    certain : whether it is so by a check digit, a form of its own or a configured list, and not only by the looks
    """

    kind: str
    start: int
    end: int
    masked: str
    certain: bool = False


def masked(text: str) -> str:
    """``text`` with all but its first and last two characters hidden; its length is not told either."""
    return f"{text[:SHOWN]}***{text[-SHOWN:]}" if len(text) >= SHORTEST else "***"


def free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Take [start, end) if nothing of it is taken, and say whether; spans stay in order."""
    place = bisect_left(taken, (end,))
    if place and taken[place - 1][1] > start:
        return False
    taken.insert(place, (start, end))
    return True
