"""A Detection Finding has what OCSF class 2004 requires, with ids and captions that agree."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, Difference, Example, Severity, Verdict, Why
from schemas.exports import encoder
from schemas.exports.ocsf import VERSIONS, encode
from schemas.threats import THREATS, frameworks, runbook

REQUIRED = {"activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time", "type_uid"}
CAPTIONS = {
    "activity": ("activity_id", "activity_name", {1: "Create", 2: "Update", 3: "Close"}),
    "severity": ("severity_id", "severity", {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}),
    "confidence": ("confidence_id", "confidence", {1: "Low", 2: "Medium", 3: "High"}),
    "status": ("status_id", "status", {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved"}),
}
ANALYTICS = {1: "Rule", 2: "Behavioral", 3: "Statistical"}
TIMES = ("time", "start_time", "end_time")


def alert(**changes):
    fields = {
        "id": "ab" * 16, "time": 1767700000.1, "first_time": 1767699990.0, "last_time": 1767700000.1, "count": 412,
        "verdict": Verdict.ATTACK, "severity": Severity.HIGH, "threat": "extraction", "detector": "d", "model": "fraud",
    }  # fmt: skip
    return Alert(**fields | changes)


def faults(event):
    """What a validator of the class would say: required fields, captions, units, and one of several."""
    found = [name for name in REQUIRED if name not in event]
    for id_name, caption_name, captions in CAPTIONS.values():
        number = event[id_name]
        if number != 99 and captions.get(number) != event[caption_name]:
            found.append(caption_name)
    if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
        found.append("type_uid")
    found += [name for name in TIMES if type(event[name]) is not int or not 1e11 < event[name] < 1e14]
    info, metadata = event["finding_info"], event["metadata"]
    found += [
        name for name, value in (("uid", info), ("version", metadata), ("product", metadata)) if name not in value
    ]
    if not {"name", "uid"} & set(metadata["product"]):
        found.append("product")
    analytic = info["analytic"]
    if ANALYTICS.get(analytic["type_id"]) != analytic["type"] or not analytic["uid"]:
        found.append("analytic")
    for attack in info.get("attacks", []):
        if not any(attack.get(part, {}).get("uid") for part in ("tactic", "technique", "sub_technique")):
            found.append("attack")
    found += ["tags" for tag in info.get("tags", []) if not (tag["name"] and tag["values"])]
    found += ["resources" for resource in event["resources"] if not resource["uid"]]
    found += ["evidences" for evidence in event["evidences"] if not {"actor", "data"} & set(evidence)]
    found += ["observables" for seen in event.get("observables", []) if type(seen["type_id"]) is not int]
    for analysis in event.get("anomaly_analyses", []):
        if not (analysis["analysis_targets"] and analysis["anomalies"]):
            found.append("anomaly_analyses")
        for part in analysis["anomalies"] + analysis["baselines"]:
            if not (part["observation_parameter"] and isinstance(part["observations"][0]["value"], str)):
                found.append("observations")
    return found


moments = st.floats(1e9, 4e9)
alerts = st.builds(
    Alert,
    id=st.text(min_size=1),
    time=moments,
    first_time=moments,
    last_time=moments,
    verdict=st.sampled_from(Verdict),
    threat=st.sampled_from(sorted(THREATS)),
    severity=st.sampled_from(Severity),
    detector=st.text(min_size=1),
    model=st.text(min_size=1),
    principal=st.text(),
    principals=st.lists(st.text(), max_size=3),
    record_ids=st.lists(st.text(), max_size=3),
    title=st.text(),
    message=st.text(),
    score=st.floats(),
    confidence=st.floats(0, 1),
    gate=st.sampled_from(["conformal", "budget", ""]),
    why=st.lists(
        st.builds(Why, name=st.text(min_size=1), value=st.floats(), typical=st.floats(), text=st.text()), max_size=2
    ),
    status=st.sampled_from(["new", "in_progress", "true-positive", "false-positive", "benign-expected", "odd"]),
    drill=st.booleans(),
)


@given(alerts, st.sampled_from(VERSIONS))
def test_any_alert_is_a_valid_finding(one, version):
    event = json.loads(encode(one, version=version))
    assert faults(event) == []
    assert event["metadata"]["version"] == version


@pytest.mark.parametrize("threat", sorted(THREATS))
def test_every_threat_is_a_valid_finding_with_its_techniques(threat):
    one = alert(threat=threat, frameworks=frameworks(threat), verdict=THREATS[threat].verdict, runbook=runbook(threat))
    event = json.loads(encode(one))
    assert faults(event) == []
    named = [a.get("sub_technique", a["technique"])["uid"] for a in event["finding_info"].get("attacks", [])]
    assert named == one.frameworks.atlas


def test_a_part_of_a_technique_names_the_whole_too():
    event = json.loads(encode(alert(frameworks=frameworks("extraction"))))
    first = event["finding_info"]["attacks"][0]
    assert first == {
        "version": "2026.09",
        "technique": {"uid": "AML.T0024"},
        "sub_technique": {"uid": "AML.T0024.002"},
    }


def test_times_are_milliseconds():
    event = json.loads(encode(alert()))
    assert (event["time"], event["start_time"], event["duration"]) == (1767700000100, 1767699990000, 10100)


def test_an_analysts_word_closes_the_finding():
    event = json.loads(encode(alert(status="false-positive")))
    assert (event["activity_name"], event["status"], event["type_uid"]) == ("Close", "Suppressed", 200403)


def test_the_requests_that_say_it_best_are_evidence_beside_the_ordinary_ones():
    one = Example(id="r-1", time=0.0, principal="u-2", differs=[Difference(name="age", value=17.0, ordinary=40.0)])
    event = json.loads(encode(alert(examples=[one])))
    assert not faults(event)
    first, shown = event["evidences"]
    assert "example" not in first["data"]
    assert shown["actor"]["user"]["uid"] == "u-2"
    assert shown["data"]["example"]["differs"] == [{"name": "age", "value": 17.0, "ordinary": 40.0}]


def test_a_drill_is_marked_and_is_no_alert():
    event = json.loads(encode(alert(drill=True)))
    assert event["is_alert"] is False
    assert event["metadata"]["labels"] == ["drill"]


def test_what_only_later_versions_know_is_left_out_of_earlier_ones():
    assert "role_id" not in json.loads(encode(alert(), version="1.5.0"))["resources"][0]
    assert json.loads(encode(alert(), version="1.8.0"))["resources"][0]["role_id"] == 1


def test_a_campaign_of_thousands_makes_no_finding_of_megabytes():
    event = json.loads(encode(alert(principals=[f"u-{i}" for i in range(5000)])))
    assert len(event["observables"]) == 100
    assert event["evidences"][0]["data"]["principals"] == 5000


def test_a_version_that_has_no_atlas_is_refused():
    with pytest.raises(ValueError, match=r"1\.4\.0"):
        encode(alert(), version="1.4.0")


def test_encoders_are_found_by_name():
    assert encoder("ocsf")(alert()) == encode(alert())
    with pytest.raises(KeyError):
        encoder("carrier_pigeon")
