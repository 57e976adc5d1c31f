"""One alert as a person reads it at night: nothing that sounds surer than it is, and what to do in plain words."""

import pytest

from schemas.alert import Alert, Coverage, Difference, Example, Frameworks, Severity, Verdict
from streams.cli.alert import page
from streams.cli.output import console

PLAIN = {
    "id": "0a", "time": 1_767_700_000.0, "first_time": 1_767_699_000.0, "last_time": 1_767_700_000.0,
    "verdict": Verdict.ATTACK, "threat": "inversion", "severity": Severity.HIGH, "detector": "attack_profile",
    "model": "fraud", "principal": "u-1", "principals": ["u-1"], "title": "t", "message": "m", "count": 3,
    "gate": "conformal", "unit": "logit", "score": 5.0, "threshold": 4.0, "budget_paid": 0.0022,
    "confidence": 0.9978, "recommendation": "coarsen outputs", "runbook": "docs/runbooks/inversion.md",
}  # fmt: skip


@pytest.fixture
def read(capsys):
    """What the page says of an alert, one line a fact."""

    def shown(**other) -> dict[str, str]:
        for part in page(Alert(**(PLAIN | other))):
            console().print(part)
        lines = [line.strip().split(None, 1) for line in capsys.readouterr().out.splitlines()]
        return {line[0]: line[1] for line in lines if len(line) == 2}

    return shown


@pytest.mark.parametrize(
    ("paid", "often"), [(0.0022, "450"), (0.5, "2"), (1.0, "1"), (1.7e-5, "59,000"), (0.013, "77")]
)
def test_what_was_paid_is_said_as_how_often_honest_traffic_comes_this_far(read, paid, often):
    assert read(budget_paid=paid)["chance"] == f"honest traffic comes this far about once in {often} cases"


def test_what_pays_nothing_is_counted_or_has_a_chance_of_its_own(read):
    assert read(budget_paid=0.0, confidence=1.0, gate="deterministic")["chance"].startswith("none: it was counted")
    assert read(budget_paid=0.0, confidence=0.9, gate="gap")["chance"] == "about 10% that it came about by itself"
    assert read(budget_paid=0.0, confidence=0.999, gate="vote")["chance"].startswith("less than 1%")


def test_no_alert_is_called_a_hundred_percent_sure(read):
    for paid in (0.0, 1e-9, 0.0022):
        for gate in ("", "deterministic", "conformal", "vote"):
            assert "100%" not in str({k: v for k, v in read(budget_paid=paid, gate=gate).items() if k != "coverage"})


def test_the_next_step_is_said_in_a_sentence_and_names_the_page(read):
    said = read()["next"]
    assert said.startswith("coarsen outputs: give this caller the answer alone")
    assert said.endswith("docs/runbooks/inversion.md")
    assert read(recommendation="find the leak")["next"] == "find the leak; docs/runbooks/inversion.md"


def test_what_did_not_look_is_gathered_by_reason(read):
    lacks = ["a: no words logged", "b: no manifest", "c: no words logged", "burn-in"]
    said = read(coverage=Coverage(share_scored=0.5, not_watched=lacks))["coverage"]
    assert said == "50% of its records scored; not watched by a, c (no words logged); b (no manifest); burn-in"
    assert read()["coverage"] == "100% of its records scored"


def test_a_vote_that_was_won_below_the_threshold_says_why(read):
    assert "told from 4 on (logit, by drift, vote gate)" in read(detector="drift", gate="vote")["score"]
    assert read(gate="vote", score=3.0)["score"].endswith("below it, since other tests agree)")


def test_what_an_alert_has_beside_is_shown_and_what_it_lacks_takes_no_room(read):
    bare, full = (
        read(),
        read(
            version="3",
            tenant="eu",
            incident="1f",
            calibration="c-1",
            frameworks=Frameworks(atlas=["AML.T0024"], nist=["N1"]),
        ),
    )
    assert (bare["model"], full["model"]) == ("fraud", "fraud 3, tenant eu")
    assert (bare["status"], full["status"]) == ("new", "new, incident 1f")
    assert (bare["threat"], full["threat"]) == ("inversion", "inversion (AML.T0024, N1)")
    assert bare["budget"].endswith("calibration none")
    assert full["budget"].endswith("calibration c-1")


def test_examples_stand_beside_the_nearest_ordinary_request(read):
    one = Example(id="r-1", time=0.0, answer="yes", confidence=0.731, text="crossed", ordinary_answer="no",
                  differs=[Difference(name="age", value=17.0, ordinary=40.0)])  # fmt: skip
    shown = " ".join(read(examples=[one])["r-1"].split())
    assert shown == "1970-01-01 00:00:00 yes (73%); ordinary: no age 17 / 40 crossed"
    unsure = Example(id="r-2", time=0.0, answer="yes", confidence=0.0, text="", ordinary_answer="no", differs=[])
    assert "yes; ordinary: no" in read(examples=[unsure])["r-2"]


def test_many_principals_are_counted_instead_of_named(read):
    assert read(principals=[f"p{n}" for n in range(13)])["who"].endswith("p9 and 3 more")
    assert read(principals=[f"p{n}" for n in range(10)])["who"].endswith("p9")


def test_examples_of_several_principals_say_whose_they_are_and_what_stands_beside_them(read):
    one = Example(id="r-1", time=0.0, principal="u-7", text="alike", ordinary="u-2, a customer",
                  differs=[Difference(name="one prompt in", value=110_000.0, ordinary=2.5)])  # fmt: skip
    shown = " ".join(read(examples=[one])["r-1"].split())
    assert shown == "u-7 1970-01-01 00:00:00 one prompt in 110,000 / 2.5 alike; beside it: u-2, a customer"


def test_what_records_asked_is_shown_where_it_is_kept(capsys):
    for part in page(Alert(**PLAIN), {"r-1": "Ignore \x1b[31m all"}):
        console().print(part)
    out = capsys.readouterr().out
    assert "r-1" in out
    assert "Ignore \\x1b[31m all" in out
    assert "\x1b" not in out
