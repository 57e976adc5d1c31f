"""Oddities: what readers of logs found odd and read nevertheless, counted, and each kind said once."""

from collections import Counter
from collections.abc import Mapping

import structlog

log = structlog.get_logger()

KINDS = 200  # that are told apart; a writer who invents more gains nothing
OTHER = "other"


class Oddities:
    """What was odd in one topic.

    Attributes
    ----------
    counts : by what was odd, as the reader says it
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note(self, topic: str, warnings: Mapping[str, int]) -> None:
        """Count, and say what was not met before."""
        for warning in add(self.counts, warnings):
            log.warning("odd", topic=topic, what=warning, times=warnings[warning])

    @property
    def total(self) -> int:
        """How many there were."""
        return self.counts.total()


def add(counts: Counter[str], warnings: Mapping[str, int]) -> list[str]:
    """Add to counts what was odd, in bounded room; return what they did not know before."""
    new = []
    for warning, count in warnings.items():
        known = warning in counts
        if not known and len(counts) < KINDS:
            new.append(warning)
            known = True
        counts[warning if known else OTHER] += count
    return new
