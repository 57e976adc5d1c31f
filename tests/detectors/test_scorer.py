"""Which detectors can look at a model's log."""

from dataclasses import replace

from detectors.library import discover
from detectors.reference import Reference
from detectors.scorer import missing


def test_a_profile_of_attacks_on_classifiers_is_not_held_against_people_who_talk_to_a_model(known):
    detector, reference = discover()["attack_profile"](), known[1]
    assert isinstance(reference, Reference)
    assert missing(detector, reference) == ""
    assert missing(detector, replace(reference, text=67, classes=0)) == "no classes logged"
    assert missing(detector, replace(reference, text=67)) == ""
    assert missing(discover()["unusual_profile"](), replace(reference, text=67, classes=0)) == ""
