"""Whichever detector spoke, the name is found the same way, and alerts may be named again."""

import re

import msgspec
import numpy as np
import pytest

from detectors import threat_naming, trail
from detectors.library import discover
from detectors.network import Network
from detectors.threat_naming import (
    Likeness,
    likeness,
    likeness_of_many,
    may_be_named,
    named,
    named_again,
    normal_for,
)
from schemas.alert import Alert, Severity, Verdict
from schemas.threats import THREATS, runbook


def alert(**some):
    return Alert(
        **{
            "id": "a", "time": 10.0, "first_time": 1.0, "last_time": 10.0, "verdict": Verdict.ATTACK,
            "threat": "account_anomaly", "severity": Severity.MEDIUM, "detector": "attack_profile", "model": "loan",
            "principal": "eve", "count": 4, "message": f"eve does much. {normal_for('account_anomaly')} So it is.",
        } | some
    )  # fmt: skip


def like(**shares):
    return Likeness(tuple(shares), np.array(list(shares.values())))


def test_the_model_fits_what_it_is_given_and_knows_every_name_that_it_says():
    assert threat_naming.MODEL.network.first.shape[0] == threat_naming.WIDTH
    assert set(threat_naming.MODEL.threats) <= set(THREATS) & set(threat_naming.TITLES) & set(threat_naming.NORMAL_FOR)
    assert set(discover()) >= threat_naming.NAMED


def test_shares_add_up_to_one_whatever_was_seen():
    z = np.full(64, 8.0, np.float32)
    for scores in ({}, {"flood": 500.0, "input_consistency": float("nan")}, {"unusual_profile": -3.0}):
        found = likeness(z, scores, 1024, np.full(trail.WIDTH, 5.0, np.float32))
        assert found.share.sum() == pytest.approx(1)
        assert np.isfinite(found.share).all()


def test_a_name_changes_the_words_and_keeps_what_was_seen():
    made = named(alert(), like(extraction=0.7, query_evasion=0.25, flood=0.05))
    assert (made.threat, made.runbook, made.severity) == ("extraction", runbook("extraction"), Severity.HIGH)
    assert made.title == "eve seems to be copying model loan"
    assert made.message.startswith(f"eve does much. {normal_for('extraction')} So it is.")
    assert made.message.endswith(": copying the model (70%), then search for an adversarial input (25%).")
    assert (made.id, made.time, made.last_time) == ("a", 10.0, 10.0)


def test_an_alert_never_becomes_milder_by_its_name():
    assert named(alert(severity=Severity.CRITICAL), like(probing=1.0)).severity is Severity.CRITICAL


def test_named_again_an_alert_is_the_same_one_grown():
    first = alert()
    before = named(first, like(extraction=1.0))
    after = named_again(first, before, like(query_evasion=1.0), time=20.0, since=8)
    assert (after.id, after.last_time, after.count, after.threat) == ("a", 20.0, 12, "query_evasion")
    assert after.grown
    assert "That is the opinion after 8 more requests; at first it looked like: copying the model." in after.message
    assert after.message.count("Normal for") == 1


def test_a_flood_keeps_its_own_words():
    known = alert(detector="flood", threat="cost_abuse")
    assert named(known, like(flood=1.0)) is known
    assert named(known, like(extraction=1.0)).threat == "extraction"


def test_faults_and_what_is_certain_keep_their_names():
    assert may_be_named(alert())
    assert not may_be_named(alert(verdict=Verdict.FAULT))
    assert not may_be_named(alert(detector="membership"))
    assert msgspec.json.decode(msgspec.json.encode(alert()), type=Alert) == alert()


def test_for_every_threat_an_alert_says_for_whom_it_is_normal_and_for_whom_not():
    for threat in threat_naming.TITLES:
        said = normal_for(threat)
        assert said.startswith("Normal ")
        assert re.search(r"[;,] (but .*)?not |; not ", said), said
    assert normal_for("data_leak") == ""


def test_accounts_that_are_taken_for_one_are_named_by_what_they_are_together():
    assert threat_naming.MANY.network.first.shape[0] == 64
    assert set(threat_naming.MANY.threats) == set(threat_naming.MODEL.threats)
    for z in (np.zeros(64), np.full(64, 8.0), np.full(64, -8.0)):
        found = likeness_of_many(z)
        assert found.share.sum() == pytest.approx(1)
        assert np.isfinite(found.share).all()
    near = threat_naming.Shipped(Network(np.eye(64, 2), np.zeros(2), np.eye(2), np.zeros(2)), ("flood", "probing"))
    assert likeness_of_many(np.eye(64)[1] * 4, near).threat == "probing"
