import numpy as np
import pytest

from detectors.gates import interval
from schemas.alert import Alert, Severity, Verdict
from streams import measures
from streams.evaluation import Evaluation, Outcome
from streams.truth import Campaign


def alert(threat, detector="d"):
    return Alert(
        id=threat, time=0.0, first_time=0.0, last_time=0.0, verdict=Verdict.ATTACK, threat=threat,
        severity=Severity.LOW, detector=detector, model="m",
    )  # fmt: skip


def outcome(
    *,
    queries=None,
    first="extraction",
    last="extraction",
    at_once="evasion",
    mostly="extraction",
    fidelity=None,
    **more,
):
    campaign = Campaign("c", "extract", np.arange(100), fidelity=fidelity or {}, threat="extraction", **more)
    if queries is None:
        return Outcome(campaign)
    return Outcome(
        campaign, alert(first), queries, campaign.fidelity_after(queries), None, alert(last), at_once, mostly
    )


def test_attempts_on_the_same_honest_records_count_as_one():
    found = Evaluation([], false=[alert("x")] * 50, days=60.0, attempts=10)
    assert measures.false_interval(found) == tuple(end / 6.0 for end in interval.poisson(5))
    uneven = Evaluation([], false=[alert("x")] * 55, days=60.0, attempts=10)
    assert measures.false_interval(uneven) == (interval.poisson(5)[0] / 6.0, interval.poisson(6)[1] / 6.0)
    assert measures.false_interval(Evaluation([])) is None


def test_names_are_counted_at_once_and_in_the_end():
    some = [
        outcome(queries=3, at_once="extraction"),
        outcome(queries=3, first="fuzzing"),
        outcome(queries=3, last="fuzzing"),
        outcome(),
        Outcome(Campaign("u", "?", np.arange(3)), alert("x"), 1, None, None, alert("x")),
    ]
    assert measures.named(some) == (1, 2, 3, 2, 3)


def test_a_copy_is_surely_under_half_only_where_it_was_measured():
    early = outcome(queries=20, fidelity={100: 0.7, 1000: 0.9})
    poor = outcome(queries=100, fidelity={100: 0.3, 1000: 0.9})
    late = outcome(queries=1000, fidelity={100: 0.3, 1000: 0.9})
    missed = outcome(fidelity={100: 0.3})
    some = [early, poor, late, missed, outcome(queries=1)]
    assert len(measures.thieves(some)) == 4
    assert measures.stopped(some) == (1, 2)
    assert measures.final(missed) == 0.3


def test_days_and_medians_are_of_what_is_known():
    assert measures.days(outcome(start=0.0, end=43_200.0)) == 0.5
    assert measures.days(outcome()) is None
    assert measures.middle([outcome(queries=3), outcome(queries=6), outcome()]) == 4.5
    assert measures.middle([outcome()]) is None


@pytest.mark.parametrize(("adaptive", "count"), [((), 0), (("grid",), 1)])
def test_who_knows_of_detectors_is_told_apart(adaptive, count):
    assert len(measures.adaptive([outcome(adaptive=adaptive)])) == count
