"""Tally: what a process counts of its slices and alerts. No label names a principal."""

from collections import Counter

from schemas.alert import Alert
from streams.passage import Handled

MODELS = 200  # names in a label, which come from the traffic; further models are counted together
OTHER = "other"
COUNTED = {
    "records": "records read, each of them scored, collected in a burn-in, or rejected",
    "records_scored": "records that at least one detector scored",
    "records_rejected": "records that could not be read",
    "records_clamped": "records whose time was too far ahead of Kafka's and was set to that",
    "records_rebuilt": "records read again after a restart or a rebalance, only to rebuild state",
}


class Tally:
    """What a worker counts of its slices.

    Attributes
    ----------
    counts : by name in ``COUNTED``
    alerts, detections : alerts by threat and model, and by detector and model
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.alerts: Counter[tuple[str, str]] = Counter()
        self.detections: Counter[tuple[str, str]] = Counter()
        self._models: set[str] = set()

    def handled(self, handled: Handled) -> None:
        """Count a slice and what came of it."""
        if handled.muted:
            self.counts["records_rebuilt"] += handled.records
            return
        self.counts["records"] += handled.records
        self.counts["records_scored"] += sum(len(j.batch) for j in handled.outcome.findings.judged if j.scores)
        self.counts["records_rejected"] += len(handled.rejects)
        self.counts["records_clamped"] += handled.clamped
        for alert in handled.outcome.findings.alerts:
            self.alert(alert)

    def alert(self, alert: Alert) -> None:
        """Count an alert, once if it grows."""
        if alert.grown:
            return
        known = alert.model in self._models or len(self._models) < MODELS
        self._models |= {alert.model} if known else set()
        model = alert.model if known else OTHER
        self.alerts[alert.threat, model] += 1
        self.detections[alert.detector, model] += 1
