"""Feedback worlds as files."""

import msgspec
import pytest
import typer

from schemas.record import Record
from streams import feedback_laboratory
from streams.trials import traces
from streams.truth import read


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("worlds")
    feedback_laboratory.main(
        out, name=["wines-network"], seed=1, records=600, contributors=30, noise=0.05, poison=["flip", "trigger=0.5"]
    )
    return out


def test_a_world_is_a_trace_whose_records_are_all_feedback(folder):
    (trace,) = traces(folder)
    records = [msgspec.json.decode(line, type=Record) for line in trace.log.read_bytes().splitlines()]
    assert {one.phase for one in records} == {"feedback"}
    assert all(one.label is not None and one.probabilities for one in records)
    assert [one.time for one in records] == sorted(one.time for one in records)
    assert len(records) == len(trace.truth.read_text().splitlines())


def test_the_truth_names_poisoners_and_what_they_poisoned(folder):
    (trace,) = traces(folder)
    known = read(trace.truth.read_text().splitlines(), msgspec.json.decode(trace.manifest.read_bytes()))
    assert {one.variant for one in known.campaigns} == {"flip", "trigger"}
    assert {one.threat for one in known.campaigns} == {"poisoning"}
    lines = trace.truth.read_text().splitlines()
    half = [line for line in lines if line.endswith(known.campaigns[1].id)]
    assert 0 < sum(",poisoning," in line for line in half) < len(half)


def test_a_way_to_poison_that_is_none_is_refused(tmp_path):
    with pytest.raises(typer.BadParameter):
        feedback_laboratory.main(tmp_path, name=["wines-network"], poison=["sorcery"])
