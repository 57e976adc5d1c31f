import numpy as np
import pytest

from schemas.alert import Alert, Severity, Verdict
from streams import tables
from streams.evaluation import Evaluation, Outcome
from streams.truth import Campaign


def alert(threat="extraction", detector="d"):
    return Alert(
        id="a", time=0.0, first_time=0.0, last_time=0.0, verdict=Verdict.ATTACK, threat=threat,
        severity=Severity.LOW, detector=detector, model="m",
    )  # fmt: skip


def outcome(label, variant, queries=None, **more):
    campaign = Campaign(f"{label}-{variant}", label, np.arange(100), variant, threat="extraction", **more)
    fidelity = campaign.fidelity_after(queries) if queries else None
    hit = alert() if queries else None
    return Outcome(campaign, hit, queries, fidelity, None, hit)


@pytest.fixture
def found():
    return Evaluation(
        [
            outcome("steal", "fast", 7, fidelity={10: 0.2, 100: 0.8}),
            outcome("steal", "slow"),
            outcome("walk", "fast", 5),
            outcome("walk", "fast", 9),
            outcome("walk", "fast"),
            outcome("hide", "fast", 50, adaptive=("grid",), start=0.0, end=86_400.0, success=0.5),
        ],
        false=[alert(detector="e")],
        days=4.0,
        attempts=2,
    )


def test_one_campaign_says_queries_and_name_and_several_how_many(found):
    lines = tables.campaigns(found).splitlines()
    assert lines[0] == "| attack | fast | slow |"
    assert lines[2] == "| steal | 7 of 100, extraction | - |"
    assert lines[3] == "| walk | 2 of 3, 7 |  |"


def test_adaptive_attackers_have_a_table_of_their_own(found):
    assert "hide" not in tables.campaigns(found)
    assert tables.adaptive(found).splitlines()[2] == "| grid | 1 of 1 | 50 | 100 | 1 | 0 | 0.5 |"
    assert not tables.adaptive(Evaluation([]))


def test_thieves_have_their_copies_then_and_in_the_end(found):
    lines = tables.thieves(found).splitlines()
    assert lines[2:] == ["| steal | 0.20 of 0.80 |"]
    assert "walk" not in tables.thieves(found)


def test_the_overview_holds_what_came_against_what_was_promised(found):
    (line,) = tables.overview({"demo": found}, 2.0).splitlines()[2:]
    assert line == "| demo | 4 of 6 | 8 | 0.25 (0.00 to 2.37) | 2 | 1 to 1 of 1 | 0%, 100%, 0%, 100% |"


def test_peers_stand_beside(found):
    lines = tables.beside(found, {"other | one": Evaluation([], days=1.0)}).splitlines()
    assert lines[2].startswith("| tidegate | 4 of 6 |")
    assert lines[3].startswith("| other \\| one | 0 of 0 | - | 0.00 (0.00 to 3.00) |")


def test_shares_by_pacing_and_by_detector(found):
    lines = tables.by(found, "variant", lambda one: one.campaign.variant).splitlines()
    assert lines[2:] == ["| fast | 3 of 4 | 7 | 0%, 100%, 0%, 100% |", "| slow | 0 of 1 | - | -, -, -, - |"]
    assert tables.detectors(found).splitlines()[2:] == ["| e | 0 | 0 | 1 |"]


def test_false_alerts_by_kind_of_customer_begin_with_the_most(found):
    assert not tables.personas(found)
    found.false_by_persona.update(camera=1, batch=3)
    assert tables.personas(found).splitlines()[2:] == ["| batch | 3 | 75% |", "| camera | 1 | 25% |"]
