"""Threats are named by what a profile shows."""

import re

import numpy as np
import pytest

from detectors.statistics import NAMES, TIMING
from detectors.threat_naming import OTHERWISE, RULES, TITLES, name_threat, normal_for
from schemas.threats import THREATS


def named(**shown):
    z, nats = np.zeros(64, np.float32), np.zeros(64, np.float32)
    for name, value in shown.items():
        k = NAMES.index(name if name in NAMES else f"{name}/32")
        z[k], nats[k] = np.sign(value), abs(value)
    return name_threat(z, nats)


@pytest.mark.parametrize(
    ("threat", "shown"),
    [
        ("query_evasion", {"nearest": -4, "step": -5, "nearest_spread": 8, "record_low": 3}),
        ("query_evasion", {"flip": 5, "near_boundary": 4}),
        ("inversion", {"nearest": -3, "record_high": 5, "off_manifold": 6}),
        ("extraction", {"distribution_distance": 6, "far_from_known": 7}),
        ("extraction", {"nearest": 5, "same_label": -3}),
        ("evasion", {"odd_combination": 6, "off_manifold": 4}),
        ("backdoor", {"trigger": 12, "between_classes": 7, "odd_combination": 4}),
        ("evasion", {"trigger": 12, "between_classes": 5, "rare_values": 7}),
        ("probing", {"near_boundary": 6, "low_margin": 5}),
        ("account_anomaly", {"same_label": 5}),
        ("account_anomaly", {}),
    ],
)
def test_a_threat_is_named_by_its_marks(threat, shown):
    assert named(**shown) == threat


def test_of_two_memories_the_one_that_deviates_more_speaks():
    z, nats = np.zeros(64, np.float32), np.zeros(64, np.float32)
    short, long = NAMES.index("nearest/32"), NAMES.index("nearest/256")
    z[[short, long]], nats[[short, long]] = [1, -1], [1, 4]
    assert name_threat(z, nats) == "query_evasion"


def test_every_threat_is_known_and_has_a_title_and_every_mark_exists():
    threats = {r.threat for r in RULES} | {OTHERWISE}
    assert threats == set(TITLES) <= set(THREATS)
    behaviour = {n.split("/")[0] for k, n in enumerate(NAMES) if k not in TIMING}
    assert all(name in behaviour for r in RULES for marks in (r.every, r.some, r.none) for name, _ in marks)


def test_for_every_threat_an_alert_says_for_whom_it_is_normal_and_for_whom_not():
    for threat in TITLES:
        said = normal_for(threat)
        assert said.startswith("Normal ")
        assert re.search(r"[;,] (but .*)?not |; not ", said), said
    assert normal_for("flood") == ""
