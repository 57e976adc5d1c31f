"""Tables that clouds log calls in: Databricks, SageMaker, Vertex."""

import json

import pytest

from schemas.formats import named
from tests.schemas.formats.rows import CAPTURED, CHAT, ENCODED, GATEWAY, LEGACY, NEWEST, SAID, VERTEX, only, reading


def test_rows_of_one_databricks_call_are_records_of_their_own():
    found = reading("databricks", LEGACY)
    assert [one.id for one in found.records] == ["d-1:0", "d-1:1"]
    assert found.records[1].features == {"age": 40.0, "city": "y"}
    assert (found.records[1].label, found.records[1].status, found.records[1].latency_ms) == (1, 200, 33.0)
    assert found.records[0].model == "fraud"
    assert "$.sampling_fraction: the log is a sample, rates are higher than they look" in found.warnings


def test_a_chat_of_databricks_gateway_has_its_requester_and_words():
    one = only("databricks", GATEWAY)
    assert (one.principal, one.completion, one.tokens_in, one.model) == ("ann", "hello", 3, "e-9")


def test_bodies_and_metadata_of_databricks_may_be_decoded_or_text():
    about = json.dumps(LEGACY["request_metadata"])
    one = only("databricks", GATEWAY | {"request": CHAT, "response": SAID, "request_metadata": about})
    assert (one.model, one.version, one.messages, one.completion) == ("fraud", "3", CHAT["messages"], "hello")


@pytest.mark.parametrize(
    ("asked", "answered", "features", "more"),
    [
        ('{"age": 3, "city": "x"}', '{"label": "yes"}', {"age": 3.0, "city": "x"}, {"label": "yes"}),
        (
            '{"inputs": "x"}',
            '[{"label": "a", "score": 0.75}, {"label": "b", "score": 0.25}]',
            None,
            {"prompt": "x", "probabilities": {"a": 0.75, "b": 0.25}},
        ),
        ("[[1, 2]]", "[[0.1, 0.9]]", [1.0, 2.0], {"probabilities": [0.1, 0.9]}),
        ('{"features": [1, 2]}\n', '{"score": 0.75}\n', [1.0, 2.0], {"probabilities": [0.25, 0.75]}),
    ],
)
def test_bodies_of_sagemaker_may_be_of_any_names_lists_and_lines(asked, answered, features, more):
    sides = (("endpointInput", asked), ("endpointOutput", answered))
    held = {side: {"encoding": "JSON", "data": data} for side, data in sides}
    (record,) = reading("sagemaker", CAPTURED | {"captureData": held}).records
    assert record.features == features
    assert {name: getattr(record, name) for name in more} == more


def test_lines_of_json_in_sagemakers_bodies_are_inputs_of_their_own():
    sides = (("endpointInput", '{"features": [1]}\n{"features": [2]}'), ("endpointOutput", "[0.5]\n[0.25]"))
    held = {side: {"encoding": "JSON", "data": data} for side, data in sides}
    found = reading("sagemaker", CAPTURED | {"captureData": held}).records
    assert [(one.features, one.value) for one in found] == [([1.0], 0.5), ([2.0], 0.25)]


def test_a_body_that_was_too_large_is_said_and_the_call_kept():
    found = reading("databricks", NEWEST)
    assert found.records[0].id == "i-1"
    assert set(found.warnings) == {"$.request: too large to be logged", "$.response: too large to be logged"}


def test_a_body_that_is_no_json_is_said_with_the_byte():
    found = reading("databricks", LEGACY | {"request": "blah", "response": ""})
    assert len(found.records) == 1
    assert any("no JSON" in warning and "character 0" in warning for warning in found.warnings)


def test_lines_of_csv_are_inputs_and_sagemakers_path_names_the_endpoint():
    values = [json.dumps(CAPTURED).encode()]
    path = "s3/fraud/blue/2026/01/05/00/x.jsonl"
    found = named("sagemaker").read_many(values, [0], topic=path)
    assert [(one.features, one.value) for one in found.records] == [([0.1, 0.2], 0.01), ([1.0, 2.0], 0.98)]
    assert (found.records[0].model, found.records[0].version) == ("fraud", "blue")
    assert only("sagemaker", ENCODED).probabilities == [0.2, 0.8]


def test_gemini_bodies_are_chats_and_a_broken_one_falls_back_to_its_parts():
    one = only("vertex", VERTEX)
    assert (one.principal, one.completion, one.finish_reason) == ("u-1", "hello", "STOP")
    assert one.messages == [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]
    found = reading("vertex", VERTEX | {"full_request": "{oops"})
    assert found.records[0].prompt == "one"
    assert any(warning.startswith("body $.full_request: no JSON") for warning in found.warnings)
