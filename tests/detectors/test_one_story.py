"""One story: what another detector finds about somebody within a day is told in the first alert."""

from detectors.one_story import SHOWN, joined
from schemas.alert import Alert, Example, Severity, Verdict


def alert(detector, *requests, time=1.0):
    return Alert(
        id=detector, time=time, first_time=0.0, last_time=time, message=f"{detector} saw it.", verdict=Verdict.ATTACK,
        threat="account_anomaly", severity=Severity.LOW, detector=detector, model="m", principal="eve",
        examples=[Example(id=request, time=time) for request in requests],
    )  # fmt: skip


def shown(*alerts):
    first, *others = alerts
    for other in others:
        first = joined(first, other)
    return [one.id for one in first.examples]


def test_the_request_that_crossed_the_other_detectors_line_is_shown_too():
    assert shown(alert("unusual_profile", "a", "b"), alert("flood", "c", "d", time=2.0)) == ["a", "b", "c"]


def test_no_story_shows_more_requests_than_one_alert_and_the_first_detectors_best_stay():
    assert shown(alert("unusual_profile", "a", "b", "c"), alert("flood", "d", "e", time=2.0)) == ["a", "b", "d"]
    assert len(shown(*(alert(f"d{k}", f"r{k}", f"s{k}", f"t{k}") for k in range(5)))) == SHOWN


def test_a_request_that_both_show_is_shown_once():
    assert shown(alert("unusual_profile", "a", "b"), alert("flood", "b", "a", time=2.0)) == ["a", "b"]
