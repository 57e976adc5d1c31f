"""Whoever gives labels that do not fit is named by his records; nobody else is, and no cut of the stream matters."""

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.pipeline import Pipeline
from schemas.record import FEEDBACK
from streams.scan import drive


def run(plan, records, cuts=(), *, reborn=False):
    """Alerts as bytes, and the pipeline; with ``reborn`` the state goes through bytes at every cut."""
    pipeline, alerts, scores = Pipeline(plan), [], []
    offsets = np.arange(len(records), dtype=np.int64)
    for a, b in itertools.pairwise([0, *sorted(cuts), len(records)]):
        out = drive(pipeline, records[a:b], offsets[a:b])
        alerts += [msgspec.json.encode(alert) for alert in out.findings.alerts]
        scores += [v for one in out.findings.judged for v in one.scores["feedback"].tolist()]
        if reborn:
            pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes())
    return alerts, pipeline, scores


@pytest.fixture(scope="module")
def undisturbed(plan, feedback):
    return run(plan, feedback)


def test_who_flips_labels_is_named_within_thirty_of_his_records_and_nobody_else(undisturbed, feedback):
    (alert,) = [msgspec.json.decode(one) for one in undisturbed[0]]
    assert (alert["principal"], alert["threat"], alert["verdict"]) == ("flipper", "poisoning", "attack")
    until = next(i for i, r in enumerate(feedback) if r.id == alert["trigger"])
    assert sum(r.principal == "flipper" for r in feedback[: until + 1]) <= 30


def test_the_alert_shows_the_records_that_say_it_best(undisturbed, feedback):
    (alert,) = [msgspec.json.decode(one) for one in undisturbed[0]]
    whose = {r.id: r.principal for r in feedback}
    assert {whose[one] for one in alert["record_ids"]} == {"flipper"}
    assert all(one in alert["message"] for one in alert["record_ids"][:3])
    assert "Normal for who alone sees inputs of a kind" in alert["message"]
    assert {why["name"] for why in alert["why"]} >= {"inconsistent_labels"}


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_alerts_do_not_depend_on_where_the_stream_was_cut(plan, feedback, undisturbed, data):
    cuts = data.draw(st.sets(st.integers(1, len(feedback) - 1), max_size=9))
    again = run(plan, feedback, cuts)
    assert again[0] == undisturbed[0]
    assert again[1].to_bytes() == undisturbed[1].to_bytes()


def test_a_state_that_went_through_bytes_goes_on_as_if_nothing_had_happened(plan, feedback, undisturbed):
    cuts = [40, 200, 256, 257, 700, 1500, 2400]
    assert run(plan, feedback, cuts, reborn=True)[0] == undisturbed[0]


def test_feedback_is_counted_and_is_no_traffic(plan, feedback):
    pipeline = Pipeline(plan)
    out = drive(pipeline, feedback, np.arange(len(feedback), dtype=np.int64))
    assert sum(row.records for row in out.coverage) == sum(row.scored for row in out.coverage) == len(feedback)
    assert not pipeline.watches
    assert not out.heard
    assert out.now == feedback[-1].time


def test_feedback_between_requests_changes_no_alert_about_them(plan, feedback):
    rng = np.random.default_rng(0)
    asked = [msgspec.structs.replace(r, phase="", principal=f"u{i % 30}", label=None, id=f"q{i}",
                                     probabilities=rng.dirichlet([5, 1, 1]).tolist())
             for i, r in enumerate(feedback)]  # fmt: skip
    alone = Pipeline(plan)
    drive(alone, asked, 2 * np.arange(len(asked), dtype=np.int64))
    both = [r for pair in zip(asked, feedback, strict=True) for r in pair]
    mixed = Pipeline(plan)
    drive(mixed, both, np.arange(len(both), dtype=np.int64))
    assert alone.watches["shop", ""].to_bytes() == mixed.watches["shop", ""].to_bytes()


def test_records_without_a_label_or_of_another_form_are_counted_as_not_judged(plan, feedback):
    odd = [msgspec.structs.replace(feedback[0], label=None, id="a"),
           msgspec.structs.replace(feedback[0], features=[1.0], id="b")]  # fmt: skip
    out = drive(Pipeline(plan), [feedback[1], *odd], np.arange(3, dtype=np.int64))
    assert [(row.records, row.scored) for row in out.coverage] == [(3, 1)]
    assert "feedback" in out.coverage[0].not_watched


def test_inputs_with_names_are_judged_alike(plan, feedback):
    named = [msgspec.structs.replace(r, features=dict(zip("abcd", r.features, strict=True))) for r in feedback]
    alerts = [msgspec.json.decode(one) for one in run(plan, named, [100, 300, 1000], reborn=True)[0]]
    assert [alert["principal"] for alert in alerts] == ["flipper"]
    assert all(r.phase == FEEDBACK for r in named)
