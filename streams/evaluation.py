"""Alerts against labels: what was caught, after how many queries, and what was alarmed about for nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import median

from schemas.alert import Alert, Verdict
from streams.truth import Campaign, Truth


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one campaign.

    Attributes
    ----------
    queries : of its records, up to the trigger of the first attack alert; None if never caught
    fidelity : of a copy made from that many answers; None where it is no theft or never caught
    noticed : queries to the first alert of another verdict; None if there is none
    last : the last attack alert that points at it
    at_once : the threat that the first alert named when it was first written
    mostly : the threat that most attack alerts that point at it name in the end
    """

    campaign: Campaign
    alert: Alert | None = None
    queries: int | None = None
    fidelity: float | None = None
    noticed: int | None = None
    last: Alert | None = None
    at_once: str = ""
    mostly: str = ""

    @property
    def caught(self) -> bool:
        """Whether an alert with verdict ``attack`` points at it."""
        return self.queries is not None


@dataclass(slots=True)
class Evaluation:
    """A log's alerts, held against its labels.

    Attributes
    ----------
    false : attack alerts that point at no campaign
    unplaced : alerts whose records the truth does not know; they count as false
    other : alerts by verdict, for the verdicts that blame nobody
    attempts : how often the same honest records were watched, each time with other campaigns
    """

    outcomes: list[Outcome]
    alerts: int = 0
    false: list[Alert] = field(default_factory=list)
    unplaced: int = 0
    other: Counter[str] = field(default_factory=Counter)
    true_by_detector: Counter[str] = field(default_factory=Counter)
    days: float | None = None
    false_by_persona: Counter[str] = field(default_factory=Counter)
    attempts: int = 1

    @property
    def caught(self) -> list[Outcome]:
        """Campaigns that were caught."""
        return [outcome for outcome in self.outcomes if outcome.caught]

    @property
    def median_queries(self) -> float | None:
        """Median queries to detection over the caught campaigns."""
        queries = [outcome.queries for outcome in self.outcomes if outcome.queries is not None]
        return float(median(queries)) if queries else None

    @property
    def false_per_day(self) -> float | None:
        """False attack alerts a day, None where the length of the log is unknown."""
        return len(self.false) / self.days if self.days else None


class Judge:
    """Says which campaigns an alert points at.

    An alert points at a campaign if its trigger or one of its records is the campaign's, or if it names one of the
    campaign's principals, once the campaign has begun.
    """

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._of: dict[str, list[int]] = defaultdict(list)
        for index, campaign in enumerate(truth.campaigns):
            for principal in campaign.principals:
                self._of[principal].append(index)

    def place(self, alert: Alert) -> int:
        """Position of the record that crossed the line; of the last record it names if that one is unknown; else -1."""
        places = self.truth.place
        if alert.trigger in places:
            return places[alert.trigger]
        return max((places[record] for record in alert.record_ids if record in places), default=-1)

    def campaigns(self, alert: Alert) -> set[int]:
        """Indices of the campaigns that the alert points at."""
        truth = self.truth
        records = [truth.place[one] for one in (alert.trigger, *alert.record_ids) if one in truth.place]
        hit = {int(truth.campaign[record]) for record in records} - {-1}
        for principal in {alert.principal, *alert.principals}:
            hit.update(self._of.get(principal, ()))
        place = self.place(alert)
        return {index for index in hit if truth.campaigns[index].records_until(place) > 0}


def evaluate(alerts: Iterable[Alert], truth: Truth, *, days: float | None = None) -> Evaluation:
    """Hold alerts against labels; drills are left out, and of one that was written again the last writing counts.

    Parameters
    ----------
    days : length of the watched log; None takes the manifest's
    """
    found = Evaluation([], days=days or truth.days)
    judge = Judge(truth)
    first: dict[int, tuple[int, Alert]] = {}
    noticed: dict[int, int] = {}
    last: dict[int, tuple[int, Alert]] = {}
    said: dict[int, Counter[str]] = defaultdict(Counter)
    writings = sorted(alerts, key=lambda one: one.last_time)
    written = {alert.id: alert for alert in writings}
    at_once = {alert.id: alert.threat for alert in reversed(writings)}
    for alert in sorted(written.values(), key=lambda one: (one.time, one.id)):
        if alert.drill:
            continue
        found.alerts += 1
        place, hit = judge.place(alert), judge.campaigns(alert)
        if alert.verdict is not Verdict.ATTACK:
            found.other[alert.verdict.value] += 1
            for index in hit:
                noticed[index] = min(noticed.get(index, place), place)
            continue
        if not hit:
            _count_false(found, alert, place, truth)
            continue
        found.true_by_detector[alert.detector] += 1
        for index in hit:
            said[index][alert.threat] += 1
            if index not in first or place < first[index][0]:
                first[index] = (place, alert)
            if index not in last or place >= last[index][0]:
                last[index] = (place, alert)
    for index, campaign in enumerate(truth.campaigns):
        one = _outcome(index, campaign, first, noticed, last)
        if one.alert is not None:
            one = replace(one, at_once=at_once[one.alert.id], mostly=said[index].most_common(1)[0][0])
        found.outcomes.append(one)
    return found


def _count_false(found: Evaluation, alert: Alert, place: int, truth: Truth) -> None:
    found.false.append(alert)
    found.unplaced += place < 0
    if truth.personas:
        named = alert.principals or [alert.principal]
        known = Counter(truth.personas[name] for name in named if name in truth.personas)
        found.false_by_persona[known.most_common(1)[0][0] if known else "unknown"] += 1


_Alerts = dict[int, tuple[int, Alert]]


def _outcome(index: int, campaign: Campaign, first: _Alerts, noticed: dict[int, int], last: _Alerts) -> Outcome:
    seen = campaign.records_until(noticed[index]) if index in noticed else None
    if index not in first:
        return Outcome(campaign, noticed=seen)
    place, alert = first[index]
    queries = campaign.records_until(place)
    return Outcome(campaign, alert, queries, campaign.fidelity_after(queries), seen, last[index][1])
