"""Requests in numbers that got no answer: their inputs are watched, and nothing is learnt of answers from them."""

import dataclasses
import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import answered, library, scenarios, scorer, settlement, stage
from detectors.burn_in import BurnIn
from detectors.collector import Collector
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.columns import batches
from schemas.pairing import REQUEST, RESPONSE
from schemas.record import Record
from streams.scan import drive


def unanswered(record: Record) -> Record:
    """The same request, of which only its own half is known."""
    return msgspec.structs.replace(record, probabilities=None, phase=REQUEST)


def records(number: int, cast: list[tuple[str, scenarios.Behaviour]], *, outage: bool = False) -> list[Record]:
    """A day as records; what the stage leaves without an answer has none, and one honest request in fifty."""
    day, made = stage.day(number, cast, outage=outage), []
    for i in range(len(day.time)):
        one = Record(
            id=f"{number}-{i}", time=float(day.time[i]), model="loan", version="1", principal=day.names[day.code[i]],
            features=day.features[i].astype(float).tolist(), probabilities=day.probabilities[i].astype(float).tolist(),
        )  # fmt: skip
        made.append(unanswered(one) if day.lone[i] or i % 50 == 0 else one)
    return made


@pytest.fixture(scope="module")
def log() -> list[Record]:
    """A clean day; then one with an outage, somebody who breaks the server, and a fuzzer who gets no answers."""
    crashing = [("crasher", scenarios.crashing_requests), ("fuzzer", scenarios.fuzzing)]
    second = records(1, [*stage.customers(4), *crashing], outage=True)
    second = [unanswered(one) if one.principal == "fuzzer" else one for one in second]
    return [*records(0, stage.customers()), *second]


def watched(
    plan: Plan, log: list[Record], cuts: list[int]
) -> tuple[list[bytes], dict[tuple[object, ...], object], bytes]:
    """Alerts, coverage and state of a log cut into slices."""
    pipeline, alerts, coverage = Pipeline(plan), [], {}
    for a, b in itertools.pairwise([0, *cuts, len(log)]):
        out = drive(pipeline, log[a:b], np.arange(a, b, dtype=np.int64))
        alerts += out.findings.alerts
        coverage |= {(row.bucket, row.hour): (row.records, row.scored, row.unpaired) for row in out.coverage}
    return alerts, coverage, pipeline.to_bytes()


@pytest.fixture(scope="module")
def seen(plan: Plan, log: list[Record]):
    return watched(plan, log, list(range(500, len(log), 500)))


def test_requests_without_an_answer_are_scored(seen, log):
    later = sum(one.time >= log[0].time + stage.DAY for one in log)
    assert sum(scored for _, scored, _ in seen[1].values()) == later
    assert sum(lone for _, _, lone in seen[1].values()) == sum(one.phase == REQUEST for one in log)


def test_a_fuzzer_who_never_gets_an_answer_is_found_by_its_inputs(seen):
    told = [one for one in seen[0] if one.principal == "fuzzer"]
    assert any(one.detector == "input_consistency" or "(input_consistency)" in one.message for one in told)


def test_who_alone_gets_no_answers_is_told_of_and_nobody_for_an_outage(seen):
    told = {one.principal for one in seen[0] if one.detector == "unanswered"}
    assert "crasher" in told
    assert told <= {"crasher", "fuzzer"}
    (alert,) = [one for one in seen[0] if one.detector == "unanswered" and one.principal == "crasher"]
    assert "without an answer" in alert.message


def test_requests_without_an_answer_are_no_other_model_and_no_other_form(seen):
    assert not {one.detector for one in seen[0]} & {"model_change", "form", "output_confidence"}


@settings(max_examples=3, deadline=None)
@given(st.sets(st.floats(0, 1), max_size=12))
def test_cuts_change_nothing_where_answers_are_missing(plan, log, seen, places):
    cuts = sorted({1 + int(place * (len(log) - 2)) for place in places})
    again = watched(plan, log, cuts)
    assert [*map(msgspec.json.encode, again[0])] == [*map(msgspec.json.encode, seen[0])]
    assert again[1:] == seen[1:]


def collected(some: list[Record], cuts: list[int]) -> BurnIn:
    made = Collector("loan", "1")
    for a, b in itertools.pairwise([0, *cuts, len(some)]):
        for batch in batches(some[a:b], np.arange(a, b, dtype=np.int64)):
            made.add(batch)
    return made.burn_in()


@pytest.mark.parametrize("cuts", [[], [1], [40], [1, 2, 3, 200]])
def test_a_first_request_without_an_answer_does_not_decide_the_form_of_all(log, cuts):
    some = [unanswered(one) for one in log[:40]] + [one for one in log[40:400] if one.phase != REQUEST]
    sample = collected(some, cuts)
    assert sample.shape[:2] == (16, 4)
    assert len(sample) == len(some)
    assert sample.lone.sum() == 40
    assert np.isnan(sample.probabilities[sample.lone > 0]).all()
    assert not np.isnan(sample.probabilities[sample.lone == 0]).any()


def test_a_log_of_requests_alone_is_learnt_from_as_it_is(log, plan):
    sample = collected([unanswered(one) for one in log[:1500]], [])
    made = answered.taught(sample, plan)
    assert made.whole is None
    assert made.reference.classes == 0
    assert len(made.sample) == 1500


def test_answers_alone_are_no_requests_without_one(log, plan):
    some = [
        msgspec.structs.replace(one, features=None, phase=RESPONSE) if i % 3 == 0 and one.probabilities else one
        for i, one in enumerate(log[:900])
    ]
    assert collected(some, []).shape[0] == 16


def test_what_is_learnt_is_what_is_learnt_without_them(log, plan):
    some = log[:2000]
    whole = [one for one in some if one.phase != REQUEST]
    nobody = list[str]()  # is left out: who would be hangs on the order of principals, where they are this few
    made = answered.taught(dataclasses.replace(collected(some, []), accused=nobody), plan)
    assert made.whole is not None
    alone = answered.taught(dataclasses.replace(collected(whole, []), accused=nobody), plan).reference
    assert made.reference.answers.prior == pytest.approx(alone.answers.prior, abs=1e-6)
    assert made.reference.usual.median == pytest.approx(alone.usual.median, abs=0.3)


def test_logs_of_whole_calls_do_not_pay_for_who_gets_no_answers(plan, log):
    """A need that is met by the log's form, or by a burn-in in which requests stayed without an answer."""

    def running(plan, some):
        reference = settlement.settle([collected(some, []).to_bytes()], plan).reference
        return [name for name, one in library.build({}).items() if not scorer.missing(one, reference)]

    whole = [one for one in log if one.phase != REQUEST][:3000]
    assert "unanswered" not in running(plan, whole)
    assert "unanswered" in running(dataclasses.replace(plan, halves=True), whole)
    assert "unanswered" in running(plan, [unanswered(one) if i == 7 else one for i, one in enumerate(whole)])
