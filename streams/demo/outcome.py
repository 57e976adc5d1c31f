"""What the demo's alerts mean, held against what the demo knows that it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.training.traffic import CLEAN, Campaign, Traffic
from schemas.alert import Alert, Verdict
from streams import truth
from streams.evaluation import Evaluation, Judge, evaluate

DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Line:
    """One attack, or the drift, and what became of it.

    Attributes
    ----------
    found : whether it was caught, or noticed
    after : when, in words
    gain : what the attacker had by then
    """

    name: str
    title: str
    found: bool
    after: str
    called: str
    gain: str


class Scorer:
    """Holds alerts against the demo's truth."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self.truth = truth.read(traffic.truth(), traffic.manifest(CLEAN))
        self.judge = Judge(self.truth)

    def meaning(self, alert: Alert) -> str:
        """Whom an alert caught: a campaign's name, ``drift``, or empty if nobody."""
        if alert.verdict is Verdict.DRIFT:
            moved = self._drift()
            return DRIFT if moved and alert.model == moved.model and alert.time >= moved.first else ""
        hit = self.judge.campaigns(alert)
        return self.truth.campaigns[min(hit)].label if hit else ""

    def evaluate(self, alerts: Sequence[Alert]) -> Evaluation:
        """Score all alerts."""
        return evaluate(alerts, self.truth)

    def lines(self, alerts: Sequence[Alert]) -> list[Line]:
        """Return one line for each attack that was made, in the order in which they began, and for the drift."""
        outcomes = {one.campaign.label: one for one in self.evaluate(alerts).outcomes}
        lines = []
        for campaign in sorted(self.traffic.campaigns, key=lambda one: one.first):
            if campaign.name == DRIFT:
                lines.append(self._drift_line(alerts))
                continue
            outcome = outcomes[campaign.name]
            after = f"after {outcome.queries:,} of {campaign.records:,} queries" if outcome.caught else "not caught"
            stolen = f"a copy that agrees in {outcome.fidelity:.0%}" if outcome.fidelity is not None else ""
            called = outcome.alert.threat if outcome.alert else ""
            gain = stolen if outcome.caught else campaign.gain
            lines.append(Line(campaign.name, campaign.title, outcome.caught, after, called, gain))
        return lines

    def _drift_line(self, alerts: Sequence[Alert]) -> Line:
        moved = self._drift()
        assert moved is not None
        noticed = [one for one in alerts if one.verdict is Verdict.DRIFT and self.meaning(one) == DRIFT]
        if not noticed:
            return Line(DRIFT, moved.title, found=False, after="not noticed", called="", gain="")
        first = min(noticed, key=lambda one: one.time)
        hours = (first.time - moved.first) / 3600
        return Line(DRIFT, moved.title, found=True, after=f"after {hours:.1f} hours", called=first.threat, gain="")

    def _drift(self) -> Campaign | None:
        return next((one for one in self.traffic.campaigns if one.name == DRIFT), None)
