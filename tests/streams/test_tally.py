from schemas.alert import Alert, Severity, Verdict
from streams.tally import MODELS, OTHER, Tally


def alert(*, last=0.0, model="m") -> Alert:
    return Alert(
        id="a", time=0.0, first_time=0.0, last_time=last, verdict=Verdict.ATTACK, threat="extraction",
        severity=Severity.HIGH, detector="cohort", model=model,
    )  # fmt: skip


def test_an_alert_that_grows_is_counted_once():
    tally = Tally()
    for last in (0.0, 60.0, 120.0):
        tally.alert(alert(last=last))
    assert tally.alerts == {("extraction", "m"): 1}
    assert tally.detections == {("cohort", "m"): 1}


def test_models_beyond_a_bound_are_counted_together():
    tally = Tally()
    for number in range(MODELS + 5):
        tally.alert(alert(model=f"m{number}"))
    assert len(tally.alerts) == MODELS + 1
    assert tally.alerts["extraction", OTHER] == 5
