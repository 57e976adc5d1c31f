"""Measures: what an evaluation comes to, in numbers that can be held against a promise."""

from collections.abc import Sequence
from math import ceil, floor
from statistics import median
from typing import NamedTuple

from detectors.gates import interval
from streams.aims import named_right
from streams.evaluation import Evaluation, Outcome


def false_interval(found: Evaluation) -> tuple[float, float] | None:
    """Where the mean of the false attack alerts a day lies (90 %, Poisson); None where no length is known.

    Attempts watch the same honest records, so that they count as one: their mean is what was seen in the length of the
    log, rounded down for the lower end and up for the upper one.
    """
    if not found.days:
        return None
    length, mean = found.days / found.attempts, len(found.false) / found.attempts
    return interval.poisson(floor(mean))[0] / length, interval.poisson(ceil(mean))[1] / length


class Named(NamedTuple):
    """How many caught campaigns were named right, of those whose aim is known.

    Attributes
    ----------
    at_once : by the first alert, as it was first written
    first : by the first alert, as it was written in the end
    most : by most of its alerts, as they were written in the end
    last : by the last alert
    of : caught campaigns whose aim is known
    """

    at_once: int
    first: int
    most: int
    last: int
    of: int


def named(outcomes: Sequence[Outcome]) -> Named:
    """Count the caught campaigns that were named right."""
    known = [one for one in outcomes if one.alert and one.last and one.campaign.threat]
    first = sum(named_right(one.alert.threat, one.campaign.threat) for one in known if one.alert)
    last = sum(named_right(one.last.threat, one.campaign.threat) for one in known if one.last)
    at_once = sum(named_right(one.at_once, one.campaign.threat) for one in known)
    most = sum(named_right(one.mostly, one.campaign.threat) for one in known)
    return Named(at_once, first, most, last, len(known))


def thieves(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Campaigns that copy the model and whose copies were measured."""
    return [one for one in outcomes if one.campaign.fidelity]


def final(thief: Outcome) -> float:
    """Agreement of the copy with the model at the campaign's end."""
    return thief.campaign.fidelity[max(thief.campaign.fidelity)]


def stopped(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Count thieves whose copy was under half of its final agreement at the alert: surely, and probably.

    Before the first measured point the copy surely was no better than there; probably it grew from nothing on a
    straight line.
    """
    surely = probably = 0
    for one in thieves(outcomes):
        if one.queries is None or one.fidelity is None:
            continue
        first = min(one.campaign.fidelity)
        share = min(1.0, one.queries / first) if first else 1.0
        surely += one.fidelity < final(one) / 2.0
        probably += one.fidelity * share < final(one) / 2.0
    return surely, probably


def middle(outcomes: Sequence[Outcome]) -> float | None:
    """Median queries to the first alert over those that were caught."""
    queries = [one.queries for one in outcomes if one.queries is not None]
    return float(median(queries)) if queries else None


def adaptive(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Campaigns of attackers who know of detectors."""
    return [one for one in outcomes if one.campaign.adaptive]


def days(one: Outcome) -> float | None:
    """How many days a campaign took; None where the manifest does not say."""
    campaign = one.campaign
    return (
        (campaign.end - campaign.start) / 86_400.0 if campaign.start is not None and campaign.end is not None else None
    )
