"""The pipeline is a pure function of records and settlements: no cut, crash or neighbour changes an alert."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.pipeline import Pipeline
from schemas.record import Reject
from streams.scan import drive


def run(plan, history, offsets, cuts=(), *, reborn=False):
    """Alerts as bytes, coverage rows, blocks; with ``reborn`` the state goes through bytes at every cut."""
    pipeline, alerts, coverage, blocks = Pipeline(plan), [], {}, []
    edges = [0, *sorted(cuts), len(history)]
    for a, b in itertools.pairwise(edges):
        out = drive(pipeline, history[a:b], offsets[a:b])
        alerts += [msgspec.json.encode(alert) for alert in out.findings.alerts]
        coverage |= {(r.bucket, r.model, r.version, r.hour): (r.records, r.scored) for r in out.coverage}
        blocks += [msgspec.json.encode(block) for _, _, block in out.blocks]
        if reborn:
            pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes())
    return alerts, coverage, blocks, pipeline


@pytest.fixture(scope="module")
def undisturbed(plan, history, offsets):
    return run(plan, history, offsets, range(500, len(history), 500))


def test_attackers_are_found_and_customers_mostly_left_alone(undisturbed):
    named = [msgspec.json.decode(alert)["principal"] for alert in undisturbed[0]]
    assert {"fuzzer", "flooder"} <= set(named)
    assert len(set(named) - {"fuzzer", "flooder", "walker"}) <= 10


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_alerts_do_not_depend_on_where_the_stream_was_cut(plan, history, offsets, undisturbed, data):
    cuts = data.draw(st.sets(st.integers(1, len(history) - 1), max_size=12))
    assert run(plan, history, offsets, cuts)[:3] == undisturbed[:3]


def test_a_state_that_went_through_bytes_goes_on_as_if_nothing_had_happened(plan, history, offsets, undisturbed):
    cuts = np.random.default_rng(0).integers(1, len(history), 6).tolist()
    assert run(plan, history, offsets, set(cuts), reborn=True)[:3] == undisturbed[:3]


def test_the_same_state_gives_the_same_bytes(plan, history, offsets):
    one, other = (run(plan, history[:900], offsets[:900], cuts)[3] for cuts in ([], [100, 313]))
    assert one.to_bytes() == other.to_bytes()


def test_every_record_is_counted_once_as_scored_or_not(history, undisturbed):
    records = sum(n for n, _ in undisturbed[1].values())
    scored = sum(n for _, n in undisturbed[1].values())
    clean = sum(r.time < history[0].time + 86_400 for r in history)
    assert records == len(history)
    assert scored == len(history) - clean


def test_rejects_are_counted_at_their_offsets(plan, history, offsets):
    pipeline = Pipeline(plan)
    drive(pipeline, history[:10], offsets[:10])
    out = drive(pipeline, [], np.zeros(0, np.int64), [Reject(offset=5000, topic="t", partition=0, reason="broken")])
    assert [(r.bucket, r.records, r.rejected) for r in out.coverage] == [(1, 1, 1)]
    assert pipeline.next_offset == 5001


def test_two_models_in_one_stream_share_the_budget_whatever_the_cuts(plan, history, undisturbed):
    twin = [msgspec.structs.replace(r, model="twin", id=f"twin{r.id}") for r in history]
    both = [r for pair in zip(history, twin, strict=True) for r in pair]
    places = np.arange(len(both), dtype=np.int64)
    whole, parts = (run(plan, both, places, cuts) for cuts in ((), range(700, len(both), 700)))
    assert sorted(whole[0]) == sorted(parts[0])
    settled = [w.judge.settled for w in whole[3].watches.values()]
    alone = undisturbed[3].watches["loan", "1"].judge.settled
    budgets = [s.calibration.curves["unusual_profile"].budget for s in settled]
    assert budgets == [alone.calibration.curves["unusual_profile"].budget / 2] * 2


def test_before_the_reference_exists_nothing_is_judged_and_coverage_says_so(plan, history, offsets):
    out = drive(Pipeline(plan), history[:300], offsets[:300])
    assert not out.findings.alerts
    until = datetime.fromtimestamp(history[0].time + plan.burn_in, UTC)
    assert {row.not_watched["*"] for row in out.coverage} == {f"burn-in until {until:%Y-%m-%d %H:%M} UTC"}


def test_too_thin_a_burn_in_goes_on_and_says_what_is_missing(plan, history, offsets):
    few = [r for r in history if r.principal == history[0].principal]
    pipeline = Pipeline(plan)
    out = drive(pipeline, few, offsets[: len(few)])
    assert not out.findings.alerts
    why = next(iter(pipeline.watches.values())).why
    assert re.match(
        r"burn-in until 20\d\d-\d\d-\d\d \d\d:\d\d UTC, again because the clean period of model 'loan'", why
    )
    assert "at least 200 records of 8 principals are needed" in why


def test_a_record_from_the_future_ends_no_epoch(plan, history, offsets):
    liar = msgspec.structs.replace(history[50], time=9e9, id="liar")
    pipeline = Pipeline(plan)
    drive(pipeline, [*history[:50], liar, *history[50:200]], np.arange(201, dtype=np.int64))
    assert pipeline.now < history[0].time + 86_400


def test_with_more_principals_than_memory_the_cuts_still_do_not_matter(plan, history, offsets):
    tight = replace(plan, max_principals=12)
    whole, parts = (run(tight, history, offsets, cuts) for cuts in ((), range(611, len(history), 611)))
    assert whole[3].watches["loan", "1"].judge.table.evicted > 20
    assert whole[0] == parts[0]
    assert whole[3].to_bytes() == parts[3].to_bytes()


def test_from_where_the_key_table_is_full_on_coverage_says_so_whatever_the_cuts(plan, history, offsets):
    tight, places = replace(plan, max_principals=12), offsets * 3

    def full(cuts):
        pipeline, rows = Pipeline(tight), {}
        edges = [0, *cuts, len(history)]
        for a, b in itertools.pairwise(edges):
            for row in drive(pipeline, history[a:b], places[a:b]).coverage:
                rows[row.bucket, row.hour] = row.not_watched.get("principals", "")
        return rows

    whole = full(())
    assert set(whole.values()) == {
        "", "key table full: more than 12 principals (state.max_principals); those least suspicious are forgotten and "
        "begin anew",
    }  # fmt: skip
    assert full(range(611, len(history), 611)) == whole
    roomy = Pipeline(plan)
    assert not any("principals" in row.not_watched for row in drive(roomy, history, places).coverage)


def test_what_a_running_day_has_paid_is_known_and_is_at_its_end_what_the_ledger_says(plan, history, offsets):
    pipeline = Pipeline(plan)
    begin = int(np.searchsorted([r.time for r in history], history[0].time + 1.5 * 86_400))
    end = int(np.searchsorted([r.time for r in history], history[0].time + 2 * 86_400))
    drive(pipeline, history[: begin // 2], offsets[: begin // 2])
    assert pipeline.running() == []
    drive(pipeline, history[begin // 2 : begin], offsets[begin // 2 : begin])
    noon = {row["detector"]: row for row in pipeline.running()}
    assert {(row["model"], row["version"], row["epoch"], row["kind"]) for row in noon.values()} == {
        ("loan", "1", 2, "running")
    }
    drive(pipeline, history[begin:end], offsets[begin:end])
    night = {row["detector"]: row for row in pipeline.running()}
    ended = {row["detector"]: row for row in drive(pipeline, history[end : end + 1], offsets[end : end + 1]).ledger}
    for name, row in ended.items():
        assert noon[name]["promised"] == pytest.approx(row["promised"] / 2, rel=0.02)
        assert 0 < noon[name]["paid"] <= night[name]["paid"] == row["paid"]
        assert night[name]["units"] == row["units"]
        assert night[name]["seconds"] == pytest.approx(86_400, rel=0.01)
    assert {row["epoch"] for row in pipeline.running()} == {3}


def test_a_detector_that_fails_is_switched_off_and_the_others_go_on(plan, history, offsets, undisturbed, monkeypatch):
    from detectors.library.flood import Flood

    def broken(self, rows, slots, state):
        raise ZeroDivisionError("no luck")

    pipeline = Pipeline(plan)
    half = len(history) // 2
    drive(pipeline, history[:half], offsets[:half])
    monkeypatch.setattr(Flood, "score", broken)
    out = drive(pipeline, history[half:], offsets[half:])
    assert out.findings.failed == {"loan: flood": "ZeroDivisionError: no luck"}
    [ours] = [a for a in out.findings.alerts if a.threat == "coverage_loss"]
    assert (str(ours.verdict), ours.detector) == ("self", "flood")
    assert "no luck" in ours.message
    assert "switched off" in out.coverage[-1].not_watched["flood"]
    assert {a.detector for a in out.findings.alerts} - {"flood"}


def test_requests_of_another_form_are_told_of_once_and_counted_as_not_scored(plan, history, offsets):
    pipeline = Pipeline(plan)
    half = len(history) // 2
    drive(pipeline, history[:half], offsets[:half])
    wider = [msgspec.structs.replace(r, features=[*r.features, 1.0]) for r in history[half : half + 40]]
    first = drive(pipeline, wider[:20], offsets[half : half + 20])
    then = drive(pipeline, wider[20:], offsets[half + 20 : half + 40])
    assert [(a.threat, str(a.verdict), a.trigger) for a in first.findings.alerts] == [
        ("schema_change", "fault", wider[0].id)
    ]
    assert not then.findings.alerts
    assert sum(row.scored for row in then.coverage) < sum(row.records for row in then.coverage)
    f, c = len(history[0].features), len(history[0].probabilities)
    why = f"requests have {f + 1} features and {c} classes instead of {f} and {c}; a new form needs a new model version"
    assert then.coverage[-1].not_watched["*"] == why


def test_who_holds_how_much_does_not_depend_on_cuts_and_a_new_level_is_told_once(plan, history, offsets):
    def told(cuts, reborn=False):
        pipeline, found = Pipeline(plan), []
        for a, b in itertools.pairwise([0, *cuts, len(history)]):
            found += drive(pipeline, history[a:b], offsets[a:b]).exposed
            if reborn:
                pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes())
        return found

    whole = told([])
    assert whole == told([313, 2000, 2001, 5000], reborn=True)
    assert len({(one.principal, one.level) for _, _, one in whole}) == len(whole) > 0


def test_an_alert_about_somebody_says_what_copy_he_could_make(undisturbed):
    found = [msgspec.json.decode(alert) for alert in undisturbed[0]]
    assert any(alert["principal"] for alert in found)
    assert all(bool(alert["principal"]) == (alert["why"][-1]["name"] == "exposure") for alert in found)
