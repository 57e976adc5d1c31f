"""After an alert a principal is followed for a while, and its alerts are named by what it does then."""

import itertools
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import dossiers
from detectors.api import Scores
from detectors.dossiers import LOOKED, MOST, Dossiers
from detectors.features.constraints import KINDS
from detectors.one_story import DAY
from detectors.packing import Corrupt
from schemas.alert import Alert, Severity, Verdict, Why

N = 1200


def alert(number=0, detector="attack_profile", time=1.0, paid=0.5):
    return Alert(
        id=f"a{number}", time=time, first_time=0.0, last_time=time, message=f"{detector} saw it.", budget_paid=paid,
        why=[Why(name=detector, value=1.0, typical=0.0, text="seen")], verdict=Verdict.ATTACK, threat="account_anomaly",
        severity=Severity.LOW, detector=detector, model="m", principal="eve",
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    """One principal's requests (slot 3), whose profile drifts from one aim to another."""
    chance = np.random.default_rng(0)
    z = (chance.normal(0, 4, (1, 64)) + np.linspace(0, 4, N)[:, None] * chance.normal(0, 1, (1, 64))).astype(np.float32)
    batch = SimpleNamespace(
        features=chance.normal(size=(N, 6)), trusted=np.ones(N, np.bool_), time=np.arange(N, dtype=np.float64),
        worded=False,
    )  # fmt: skip
    shared = {
        "u": chance.integers(-500, 500, (N, 32)).astype(np.int16),
        "label": chance.integers(0, 3, N).astype(np.int32),
        "margin": chance.random(N).astype(np.float32),
    }
    return SimpleNamespace(batch=batch, shared=shared, z=z, reference=SimpleNamespace(classes=3))


SCORES = {
    "attack_profile": Scores(np.ones(N)),
    "input_consistency": Scores(np.ones(N), {"counts": np.ones((N, len(KINDS)), np.uint16)}),
}
SLOTS = np.full(N, 3)


def begun(rows):
    made, own = Dossiers(), np.zeros(8, dossiers.state)
    made.named(alert(), rows, SCORES, 0, own[3:4])
    return made, own


def told(made, own, rows, cuts=(), *, reborn=False):
    found, edges = [], [1, *sorted(cuts), N]
    for a, b in itertools.pairwise(edges):
        found += made.follow(rows, SCORES, slice(a, b), SLOTS, own)
        if reborn:
            made = Dossiers.from_bytes(made.to_bytes())
    return found


def test_callers_of_a_language_model_are_not_named_after_attacks_on_classifiers(rows):
    talk = SimpleNamespace(**vars(rows) | {"batch": SimpleNamespace(**vars(rows.batch) | {"worded": True})})
    made, own = Dossiers(), np.zeros(8, dossiers.state)
    first = alert(detector="flood")
    assert made.named(first, talk, SCORES, 0, own[3:4]) == first
    joined = made.named(alert(1, "unusual_profile", time=2.0), talk, SCORES, 1, own[3:4])
    assert (joined.id, joined.threat) == (first.id, first.threat)
    assert told(made, own, talk) == []
    assert begun(rows)[0].kept[1].said[0].threat != first.threat


def test_alerts_are_written_again_under_another_name_only_when_it_changes(rows):
    found = told(*begun(rows), rows)
    assert found
    assert {one.id for one in found} == {"a0"}
    assert all(one.last_time - 0.0 in [float(k) for k in LOOKED] for one in found)
    names = [one.threat for one in found]
    assert all(a != b for a, b in itertools.pairwise(names))


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(2, N - 1), max_size=6), st.booleans())
def test_cuts_and_a_rest_in_bytes_change_nothing(rows, cuts, reborn):
    assert told(*begun(rows), rows, cuts, reborn=reborn) == told(*begun(rows), rows)


def test_a_dossier_is_closed_after_its_last_look(rows):
    made, own = begun(rows)
    told(made, own, rows)
    assert not made.kept
    assert not own["open"].any()


def test_what_another_detector_finds_within_a_day_is_the_same_alert_written_again(rows):
    made, own = begun(rows)
    made.follow(rows, SCORES, slice(1, 40), SLOTS, own)
    second = made.named(alert(1, "flood", time=40.0, paid=0.25), rows, SCORES, 40, own[3:4])
    assert made.opened == 1
    assert [one.id for one in made.kept[1].said] == ["a0"]
    assert (second.id, second.time, second.last_time, second.detector) == ("a0", 1.0, 40.0, "attack_profile")
    assert second.budget_paid == 0.75
    assert "Besides (flood): flood saw it." in second.message
    assert {one.name for one in second.why} == {"attack_profile", "flood"}


def test_what_was_joined_is_still_said_when_the_name_changes(rows):
    made, own = begun(rows)
    made.named(alert(1, "flood"), rows, SCORES, 0, own[3:4])
    assert all("Besides (flood)" in one.message for one in told(made, own, rows))


def test_another_detector_s_alert_of_another_day_or_the_same_one_s_again_is_an_alert_of_its_own(rows):
    for number, detector, time in ((1, "flood", DAY + 1.0), (2, "attack_profile", 40.0)):
        made, own = begun(rows)
        made.follow(rows, SCORES, slice(1, 40), SLOTS, own)
        second = made.named(alert(number, detector, time=time), rows, SCORES, 40, own[3:4])
        assert second.id == f"a{number}"
        assert made.opened == 1
        assert second.threat == made.kept[1].said[0].threat


@settings(max_examples=10, deadline=None)
@given(st.integers(1, N - 1))
def test_a_joined_story_outlives_a_rest_in_bytes(rows, at):
    ended = []
    for reborn in (False, True):
        made, own = begun(rows)
        found = made.follow(rows, SCORES, slice(1, at), SLOTS, own)
        found.append(made.named(alert(1, "flood", time=float(at)), rows, SCORES, at, own[3:4]))
        made = Dossiers.from_bytes(made.to_bytes()) if reborn else made
        ended.append(found + made.follow(rows, SCORES, slice(at, N), SLOTS, own))
    assert ended[0] == ended[1]


def test_other_detectors_alerts_and_requests_of_others_are_left_alone(rows):
    made, own = Dossiers(), np.zeros(8, dossiers.state)
    certain = alert(2, "membership")
    assert made.named(certain, rows, SCORES, 0, own[3:4]) is certain
    assert made.follow(rows, SCORES, slice(1, N), SLOTS, own) == []
    made, own = begun(rows)
    assert made.follow(rows, SCORES, slice(1, N), np.full(N, 2), own) == []


def test_requests_that_are_not_trusted_say_nothing(rows):
    doubtful = SimpleNamespace(**vars(rows) | {"batch": SimpleNamespace(**vars(rows.batch))})
    doubtful.batch.trusted = np.zeros(N, np.bool_)
    made, own = begun(rows)
    assert told(made, own, doubtful) == []
    assert made.kept[1].since == 0


def test_no_more_than_so_many_are_open(rows):
    made, own = Dossiers(), np.zeros(MOST + 9, dossiers.state)
    for slot in range(MOST + 9):
        made.named(alert(slot), rows, SCORES, 0, own[slot : slot + 1])
    assert len(made.kept) == MOST
    assert min(made.kept) == 10


def test_damaged_bytes_are_refused(rows):
    made, _ = begun(rows)
    data = made.to_bytes()
    assert Dossiers.from_bytes(data).to_bytes() == data
    with pytest.raises(Corrupt):
        Dossiers.from_bytes(data[:-20])
    with pytest.raises(Corrupt):
        Dossiers.from_bytes(data.replace(b'"threat"', b'"throat"'))


def test_who_drives_up_cost_is_not_said_to_have_changed_because_he_also_floods(rows):
    scores, found = SCORES | {"flood": Scores(np.full(N, 90.0))}, []
    for at in [*np.eye(64, dtype=np.float32) * 8, *np.eye(64, dtype=np.float32) * -8]:
        one = SimpleNamespace(**vars(rows) | {"z": np.broadcast_to(at, (N, 64))})
        made, own = Dossiers(), np.zeros(8, dossiers.state)
        made.named(msgspec.structs.replace(alert(detector="flood"), threat="cost_abuse"), one, scores, 0, own[3:4])
        found += made.follow(one, scores, slice(1, 40), SLOTS, own)
    assert found
    assert not [
        one
        for one in found
        if "at first it looked like: driving up cost" in one.message.lower() and one.threat == "cost_abuse"
    ]


def test_many_requests_and_dear_ones_are_one_bill_and_one_alert(rows):
    for first, second in (("flood", "dear_answers"), ("dear_answers", "flood")):
        made, own = Dossiers(), np.zeros(8, dossiers.state)
        made.named(alert(detector=first), rows, SCORES, 0, own[3:4])
        again = made.named(alert(1, second, time=40.0), rows, SCORES, 40, own[3:4])
        assert again.id == "a0"
        assert f"Besides ({second})" in again.message


def test_dear_answers_of_who_also_sends_odd_inputs_are_a_case_of_their_own(rows):
    made, own = Dossiers(), np.zeros(8, dossiers.state)
    made.named(alert(detector="unusual_profile"), rows, SCORES, 0, own[3:4])
    assert made.named(alert(1, "dear_answers", time=40.0), rows, SCORES, 40, own[3:4]).id == "a1"
