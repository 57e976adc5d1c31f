"""Incidents: alerts about the same accounts are one incident, whichever way they were put together.

A campaign over many accounts may be found as a pool of odd newcomers (:mod:`detectors.young_pool`) and, later and
better named, as a cohort (:mod:`detectors.cohorts`). Of an alert half of whose principals are in an incident already,
that is the incident.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from schemas.alert import Alert

MOST = 4096  # principals of a model version that are remembered, the latest


class Incidents:
    """The incident that each of the principals of one model version is in, in the order in which they were named."""

    def __init__(self, of: Iterable[Sequence[str]] = ()) -> None:
        self.of = {str(who): str(incident) for who, incident in of}

    def join(self, alert: Alert) -> Alert:
        """The alert in the incident that half of its principals are in, or in its own."""
        within = Counter(self.of[who] for who in alert.principals if who in self.of)
        incident, held = max(within.items(), key=lambda item: (item[1], item[0]), default=(alert.incident, 0))
        if 2 * held < len(alert.principals):
            incident = alert.incident
        for who in alert.principals:
            self.of.setdefault(who, incident)
        while len(self.of) > MOST:
            del self.of[next(iter(self.of))]
        return replace(alert, incident=incident)

    def plain(self) -> list[list[str]]:
        """All of it as plain data, for :class:`Incidents`."""
        return [list(item) for item in self.of.items()]
