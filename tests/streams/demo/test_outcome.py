import pytest

from detectors.training.traffic import traffic
from schemas.alert import Alert, Severity, Verdict
from streams.demo.outcome import Scorer


@pytest.fixture(scope="module")
def scorer():
    return Scorer(traffic(2, records=4000, attacks=("fuzzing", "extraction", "drift")))


def alert(scorer, *, trigger, principal, verdict=Verdict.ATTACK, model="fraud", time=0.0):
    return Alert(
        id=trigger, time=time, first_time=0, last_time=0, verdict=verdict, threat="fuzzing", severity=Severity.LOW,
        detector="d", model=model, principal=principal, principals=[principal], trigger=trigger,
    )  # fmt: skip


def own(scorer, name):
    """The campaign, and the ids of its records."""
    made = scorer.traffic
    (index,) = [index for index, one in enumerate(made.campaigns) if one.name == name]
    return made.campaigns[index], [made.ids[place] for place in (made.campaign == index).nonzero()[0]]


def test_an_attack_is_caught_after_its_own_queries(scorer):
    campaign, ids = own(scorer, "extraction")
    found = alert(scorer, trigger=ids[59], principal=campaign.principals[0])
    assert scorer.meaning(found) == "extraction"
    line = next(line for line in scorer.lines([found]) if line.name == "extraction")
    assert line.found
    assert line.after == f"after 60 of {campaign.records:,} queries"
    assert line.gain == f"a copy that agrees in {campaign.fidelity[60]:.0%}"


def test_what_was_missed_says_what_the_attacker_got(scorer):
    lines = {line.name: line for line in scorer.lines([])}
    assert set(lines) == {"fuzzing", "extraction", "drift"}
    assert not any(line.found for line in lines.values())
    assert lines["extraction"].after == "not caught"
    assert lines["extraction"].gain == own(scorer, "extraction")[0].gain


def test_drift_is_noticed_on_its_own_model_and_after_it_began(scorer):
    moved = next(one for one in scorer.traffic.campaigns if one.name == "drift")

    def noticed(model, time):
        return alert(scorer, trigger="x", principal="", verdict=Verdict.DRIFT, model=model, time=time)

    right = noticed("credit", moved.first + 7200)
    assert scorer.meaning(right) == "drift"
    assert "after 2.0 hours" in [line.after for line in scorer.lines([right])]
    assert scorer.meaning(noticed("credit", moved.first - 1)) == ""
    assert scorer.meaning(noticed("fraud", moved.first + 7200)) == ""


def test_an_alert_about_a_customer_means_nobody(scorer):
    who = next(iter(scorer.traffic.personas))
    trigger = scorer.traffic.ids[scorer.traffic.principal.tolist().index(who)]
    assert scorer.meaning(alert(scorer, trigger=trigger, principal=who)) == ""
    assert len(scorer.evaluate([alert(scorer, trigger=trigger, principal=who)]).false) == 1
