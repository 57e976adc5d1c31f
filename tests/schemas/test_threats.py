"""Every threat has a name, a page, and ids that the published lists know."""

import re
from pathlib import Path

import pytest

from schemas.alert import Verdict
from schemas.threats import STEPS, THREATS, frameworks, runbook

PUBLISHED = frozenset(Path(__file__).with_name("atlas_2026_09_ids.txt").read_text().split())
PROMISED = [
    "evasion", "query_evasion", "patch", "extraction", "inversion", "membership", "backdoor", "poisoning",
    "prompt_injection", "jailbreak", "hidden_text", "image_injection", "prompt_extraction", "data_leak",
    "distillation", "flood", "cost_abuse", "probing", "account_anomaly", "fuzzing", "drift_input", "drift_output",
    "drift_concept", "drift_performance", "schema_change", "model_change", "source_silent", "coverage_loss",
]  # fmt: skip
NIST = re.compile(r"NISTAML\.(0[1-5]|01[1-58]|02[1-7]|03[1-9]|051)")


def test_every_promised_threat_is_there_and_no_other():
    assert sorted(THREATS) == sorted(PROMISED)


@pytest.mark.parametrize("threat", PROMISED)
def test_every_id_is_on_the_published_list(threat):
    ids = frameworks(threat)
    assert set(ids.atlas) <= PUBLISHED
    assert all(re.fullmatch(r"ML(0[1-9]|10)", one) for one in ids.owasp_ml)
    assert all(re.fullmatch(r"LLM(0[1-9]|10)", one) for one in ids.owasp_llm)
    assert all(NIST.fullmatch(one) for one in ids.nist)


@pytest.mark.parametrize("threat", PROMISED)
def test_every_attack_has_a_technique_and_no_id_twice(threat):
    ids = frameworks(threat)
    assert ids.atlas or THREATS[threat].verdict != Verdict.ATTACK
    for several in (ids.atlas, ids.owasp_ml, ids.owasp_llm, ids.nist):
        assert len(set(several)) == len(several)


def test_copying_a_model_is_what_the_contract_says_it_is():
    ids = frameworks("extraction")
    assert ids.atlas[0] == "AML.T0024.002"
    assert (ids.owasp_ml, ids.owasp_llm, ids.nist) == (["ML05"], [], ["NISTAML.031"])
    assert runbook("extraction") == "docs/runbooks/extraction.md"


def test_every_recommendation_is_said_in_words_that_need_no_learning_and_no_other_is():
    assert {threat.recommendation for threat in THREATS.values()} == set(STEPS)


def test_an_alert_may_change_its_ids_without_changing_the_table():
    frameworks("flood").atlas.clear()
    assert frameworks("flood").atlas


def test_a_threat_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        frameworks("bad_weather")
