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
        for warning, count in warnings.items():
            known = warning in self.counts
            if not known and len(self.counts) < KINDS:
                log.warning("odd", topic=topic, what=warning, times=count)
                known = True
            self.counts[warning if known else OTHER] += count

    @property
    def total(self) -> int:
        """How many there were."""
        return self.counts.total()
