"""A new model version is judged by its predecessor's settlement until it has its own."""

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import scorer
from detectors.heir import Bequest
from detectors.pipeline import Pipeline
from streams.scan import drive

DAY = 86_400.0


@pytest.fixture(scope="module")
def deployed(history):
    """The history, whose second half of day two and day three are answered by version 2."""
    change = history[0].time + 1.5 * DAY
    return [msgspec.structs.replace(r, version="2") if r.time >= change else r for r in history]


@pytest.fixture(scope="module")
def canary(history):
    """From the second day on every third principal is answered by version 2."""
    begin = history[0].time + 1.2 * DAY
    return [
        msgspec.structs.replace(r, version="2") if r.time >= begin and len(r.principal) % 3 == 0 else r for r in history
    ]


def run(plan, some, offsets, cuts=(), *, reborn=False):
    """What is found, and coverage by (bucket, version, hour)."""
    pipeline, found, coverage, ledger = Pipeline(plan), [], {}, []
    for a, b in itertools.pairwise([0, *sorted(cuts), len(some)]):
        out = drive(pipeline, some[a:b], offsets[a:b])
        found += [msgspec.json.encode(alert) for alert in out.findings.alerts]
        coverage |= {(r.bucket, r.version, r.hour): (r.records, r.scored, r.not_watched) for r in out.coverage}
        ledger += [tuple(sorted((k, str(v)) for k, v in row.items())) for row in out.ledger]
        if reborn:
            pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes())
    return sorted(found), coverage, sorted(ledger), pipeline


@pytest.fixture(scope="module")
def whole(plan, deployed, offsets):
    return run(plan, deployed, offsets)


def test_a_new_version_is_scored_from_its_first_record_and_coverage_says_by_whose_reference(whole, deployed):
    rows = [row for (_, version, _), row in whole[1].items() if version == "2"]
    assert sum(scored for _, scored, _ in rows) == sum(n for n, _, _ in rows) == sum(r.version == "2" for r in deployed)
    inherited = [row for row in rows if "reference" in row[2]]
    assert inherited
    assert all("version 1's" in why["reference"] for _, _, why in inherited)


def test_an_attacker_does_not_get_a_free_day_by_a_deployment(whole):
    alerts = [msgspec.json.decode(alert) for alert in whole[0]]
    new = [alert for alert in alerts if alert["version"] == "2" and alert["verdict"] == "attack"]
    assert {"fuzzer", "flooder"} & {alert["principal"] for alert in new}
    early = [a for a in new if any("version 1's" in one for one in a["coverage"]["not_watched"])]
    assert early


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_what_an_heir_finds_does_not_depend_on_cuts(plan, deployed, offsets, whole, data):
    cuts = data.draw(st.sets(st.integers(1, len(deployed) - 1), max_size=8))
    assert run(plan, deployed, offsets, cuts, reborn=data.draw(st.booleans()))[:3] == whole[:3]


@settings(max_examples=3, deadline=None)
@given(st.data())
def test_two_versions_at_a_time_are_no_matter_of_cuts_either(plan, canary, offsets, data):
    cuts = data.draw(st.sets(st.integers(1, len(canary) - 1), max_size=8))
    assert run(plan, canary, offsets, cuts)[:3] == run(plan, canary, offsets)[:3]


def test_a_version_that_comes_before_its_elder_is_settled_inherits_nothing(plan, history, offsets):
    begin = history[0].time + 0.9 * DAY
    early = [
        msgspec.structs.replace(r, version="2") if r.time >= begin and len(r.principal) % 2 else r for r in history
    ]
    one, other = (run(plan, early, offsets, cuts) for cuts in ((), range(300, len(early), 300)))
    assert one[:3] == other[:3]
    assert not any("reference" in why for _, _, why in one[1].values())


def test_an_heir_shares_the_budget_with_all_versions_and_the_ledger_has_it(whole):
    promised = {}
    for row in map(dict, whole[2]):
        if row["epoch"] == "1":
            promised[row["version"]] = promised.get(row["version"], 0.0) + float(row["promised"])
    assert 0 < promised["2"] <= 5.0 / 2 + 1e-9


def test_requests_of_another_form_are_not_judged_by_what_was_inherited(plan, deployed, offsets):
    wider = [msgspec.structs.replace(r, features=[*r.features, 1.0]) if r.version == "2" else r for r in deployed]
    half = next(k for k, r in enumerate(wider) if r.version == "2") + 100
    found, coverage, _, _ = run(plan, wider[:half], offsets[:half])
    assert not [alert for alert in found if msgspec.json.decode(alert)["threat"] == "schema_change"]
    assert sum(scored for (_, version, _), (_, scored, _) in coverage.items() if version == "2") == 0


def test_a_bequest_survives_bytes(whole):
    left = whole[3].watches["loan", "1"].left
    again = Bequest.from_bytes(left.to_bytes())
    assert again.to_bytes() == left.to_bytes()
    assert (again.offset, again.calibration.kind) == (left.offset, "frozen")
    assert np.isclose(again.share, 1.0)


def test_what_an_heir_has_paid_so_far_is_in_the_running_ledger(plan, deployed, offsets):
    half = next(k for k, r in enumerate(deployed) if r.version == "2") + 300
    pipeline = run(plan, deployed[:half], offsets[:half])[3]
    running = [row for row in pipeline.running() if row["version"] == "2"]
    assert {row["detector"] for row in running} == set(pipeline.watches["loan", "2"].heir.judge.meters)
    assert sum(row["paid"] for row in running) > 0


def test_whom_an_heir_tells_of_teaches_the_next_reference_nothing(plan, deployed, offsets):
    later = next(k for k, r in enumerate(deployed) if r.version == "2" and r.time >= deployed[-1].time - 0.6 * DAY)
    found, _, _, pipeline = run(plan, deployed[:later], offsets[:later])
    heir = pipeline.watches["loan", "2"].heir
    told = {
        alert["principal"]
        for alert in map(msgspec.json.decode, found)
        if alert["version"] == "2" and alert["detector"] == "attack_profile"
    }
    assert told
    assert told <= set(heir.accused()) <= {r.principal for r in deployed if r.version == "2"}


def test_an_heir_who_could_score_nobody_accuses_nobody_and_is_not_asked(plan, deployed, offsets):
    wider = [msgspec.structs.replace(r, features=[*r.features, 1.0]) if r.version == "2" else r for r in deployed]
    half = next(k for k, r in enumerate(wider) if r.version == "2") + 100
    assert run(plan, wider[:half], offsets[:half])[3].watches["loan", "2"].heir.accused() is None


def test_whom_an_heir_told_of_is_not_told_of_again_on_the_next_day(whole):
    alerts = [msgspec.json.decode(alert) for alert in whole[0]]
    new = [a for a in alerts if a["version"] == "2" and a["detector"] == "attack_profile" and a["principal"]]
    early = {
        a["principal"]: a["score"] for a in new if any("version 1's" in one for one in a["coverage"]["not_watched"])
    }
    own = [a for a in new if not any("version 1's" in one for one in a["coverage"]["not_watched"])]
    assert early
    assert all(a["score"] > early.get(a["principal"], -np.inf) for a in own)


@pytest.fixture(scope="module")
def late(history):
    """The history, whose third day is answered by version 2."""
    change = history[0].time + 2.2 * DAY
    return [msgspec.structs.replace(r, version="2") if r.time >= change else r for r in history]


@pytest.fixture(scope="module")
def afterwards(plan, late, offsets):
    return run(plan, late, offsets)


def test_whom_the_version_before_told_of_rests_at_the_next_one(afterwards):
    pipeline = afterwards[3]
    told = pipeline.watches["loan", "1"].told
    assert {"fuzzer", "flooder"} & {one.principal for one in told}
    before = {(one.principal, one.detector): one.loudest for one in told}
    alerts = [msgspec.json.decode(alert) for alert in afterwards[0]]
    again = [a for a in alerts if a["version"] == "2" and (a["principal"], a["detector"]) in before]
    assert all(a["score"] > before[a["principal"], a["detector"]] for a in again)
    heir = pipeline.watches["loan", "2"].heir
    table = heir.judge.table
    for one in told:
        row = table[scorer.GATE + one.detector][table.slot_of[one.principal]]
        assert row["told"] != 0


def test_who_rests_is_not_accused_of_anything_new(afterwards):
    pipeline = afterwards[3]
    new = {a["principal"] for a in map(msgspec.json.decode, afterwards[0]) if a["version"] == "2"}
    assert set(pipeline.watches["loan", "2"].heir.accused()) <= new


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_who_rests_at_the_next_version_does_not_depend_on_cuts(plan, late, offsets, afterwards, data):
    cuts = data.draw(st.sets(st.integers(1, len(late) - 1), max_size=6))
    assert run(plan, late, offsets, cuts, reborn=data.draw(st.booleans()))[:3] == afterwards[:3]
