"""Logs that are rows: Databricks, SageMaker, Vertex, BentoML, Ray Serve, flat tables, and any JSON by a mapping."""

import json
from base64 import b64encode
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import FORMATS, Source, named, recognise
from schemas.record import Record, Reject

CHAT = {"messages": [{"role": "user", "content": "hi"}]}
SAID = {"choices": [{"message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2}}  # fmt: skip
FRAME = {"dataframe_split": {"columns": ["age", "city"], "data": [[31, "x"], [40, "y"]]}}
LEGACY = {
    "databricks_request_id": "d-1", "client_request_id": None, "timestamp_ms": 1767571245525, "status_code": "200",
    "execution_time_ms": 33, "request": json.dumps(FRAME), "response": json.dumps({"predictions": [0, 1]}),
    "sampling_fraction": 0.5, "request_metadata": {"endpoint_name": "fraud", "model_name": "m", "model_version": "3"},
}  # fmt: skip
GATEWAY = {
    "databricks_request_id": "g-1", "request_time": "2026-01-05T00:00:45.525Z", "status_code": 200,
    "sampling_fraction": 1, "execution_duration_ms": 412, "request": json.dumps(CHAT), "response": json.dumps(SAID),
    "served_entity_id": "e-9", "logging_error_codes": [], "requester": "ann",
}  # fmt: skip
NEWEST = {
    "invocation_id": "i-1", "event_time": "2026-01-05T00:00:45Z", "latency_ms": 12, "status_code": 200,
    "request": None, "response": None, "logging_error_codes": ["MAX_REQUEST_SIZE_EXCEEDED"], "endpoint_name": "chat",
    "requester": "svc",
}  # fmt: skip
CAPTURED = {
    "captureData": {
        "endpointInput": {"mode": "INPUT", "data": "0.1,0.2\n1,2\n", "encoding": "CSV"},
        "endpointOutput": {"mode": "OUTPUT", "data": "0.01\n0.98\n", "encoding": "CSV"},
    },
    "eventMetadata": {"eventId": "e-1", "inferenceTime": "2026-01-05T00:00:45Z"}, "eventVersion": "0",
}  # fmt: skip
ENCODED = {
    "captureData": {
        "endpointInput": {"encoding": "BASE64", "data": b64encode(b'{"instances": [[1,2]]}').decode()},
        "endpointOutput": {"mode": "OUTPUT", "encoding": "JSON", "data": '{"predictions": [[0.2, 0.8]]}'},
    },
    "eventMetadata": {"eventId": "e", "inferenceId": "mine", "inferenceTime": "2026-01-05T00:00:46Z"},
}  # fmt: skip
VERTEX = {
    "endpoint": "e", "deployed_model_id": "9", "logging_time": "2026-01-05T00:00:45Z", "request_id": "12345.67",
    "request_payload": ["one", "two"], "response_payload": ['{"scores": [0.1, 0.9]}', "b"], "model": "gemini",
    "model_version": "1", "api_method": "generateContent", "metadata": '{"user_id": "u-1"}',
    "full_request": json.dumps({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
    "full_response": json.dumps({"candidates": [{"content": {"parts": [{"text": "hello"}]}, "finishReason": "STOP"}]}),
}  # fmt: skip
BENTO = {
    "sepal": 5.1,
    "petal": 1.4,
    "pred": 0,
    "timestamp": "2026-01-05T00:00:45.5",
    "request_id": "None",
    "trace_id": "0",
}
PROXY = {
    "asctime": "2026-01-05 00:00:45,525", "levelname": "INFO", "message": "POST /iris 200 24.2ms",
    "component_name": "proxy", "route": "/iris", "request_id": "r-1", "timestamp_ns": 1767571245525000000,
}  # fmt: skip
REPLICA = PROXY | {"component_name": "replica", "deployment": "app_Iris", "replica": "x", "application": "app"}
ROW = {"timestamp": "2026-01-05T00:00:45Z", "user_id": "u-1", "amount": 3.5, "country": "DE", "prediction": 1}
MAPPED = {
    "meta": {"ts": 1767571245525, "who": {"id": "u-1"}},
    "in": {"amount": "3.5", "geo": "DE"},
    "out": {"p": [0.1, 0.9]},
}
FIELDS = Source(
    fields=(
        ("time", "meta.ts as ms"),
        ("principal", "meta.who.id"),
        ("model", "const:fraud"),
        ("probabilities", "out.p"),
    ),
    features=(("amount", "in.amount as number"), ("country", "in.geo as category"), ("age", "in.age as number")),
)
GOOD = {
    "databricks": [LEGACY, GATEWAY, NEWEST], "sagemaker": [CAPTURED, ENCODED], "vertex": [VERTEX], "bentoml": [BENTO],
    "ray_serve": [PROXY], "ray_serve_replica": [REPLICA], "columns": [ROW], "mapping": [MAPPED],
}  # fmt: skip
ALL = [(name, json.dumps(entry).encode()) for name, entries in GOOD.items() for entry in entries]


def reading(name, *entries, source=None, **more):
    values = [entry if isinstance(entry, bytes) else json.dumps(entry).encode() for entry in entries]
    told = source or (FIELDS if name == "mapping" else Source())
    return named(name).read_many(values, range(len(values)), topic="some/topic", source=told, **more)


def only(name, entry, **more):
    found = reading(name, entry, **more)
    assert not found.rejects
    (one,) = found.records
    return one


@pytest.mark.parametrize("name", [name for name in GOOD if name != "mapping"])
def test_each_log_is_recognised_without_a_rival(name):
    values = [json.dumps(entry).encode() for entry in GOOD[name]]
    found = recognise(values)
    assert (found.name, found.share, found.tied) == (name, 1.0, ())


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


def test_what_bentoml_writes_for_nothing_is_nothing():
    one = only("bentoml", BENTO)
    assert (one.features, one.label, one.trace_id) == ({"sepal": 5.1, "petal": 1.4}, 0, "")
    assert one.id != "None"
    warnings = reading("bentoml", BENTO).warnings
    assert "$.timestamp: local time without a zone, read as UTC" in warnings
    assert "$.pred: taken for label" in warnings


def test_sequences_of_bentoml_are_columns_and_one_that_was_answered_the_probabilities():
    row = {"pixels": [1, 2], "size": 4, "probs": [0.25, 0.75], "timestamp": "2026-01-05T00:00:45", "request_id": "7"}
    one = only("bentoml", row)
    assert one.features == {"pixels.0": 1.0, "pixels.1": 2.0, "size": 4.0}
    assert one.probabilities == [0.25, 0.75]
    assert recognise([json.dumps(row).encode()]).name == "bentoml"


@pytest.mark.parametrize(
    "body", [{"examples": [{"x": 1}], "signature_name": "s"}, {"results": [0.5]}, {"result": [0.5]}, {"outputs": [[1]]}]
)
def test_classify_regress_and_columns_are_bodies_of_tensorflow(body):
    assert recognise([json.dumps(body).encode()], Source(model="m")).name == "tf_v1"


def test_bentomls_schema_is_refused_with_what_it_says():
    schema = {"meta_data": {}, "columns": [{"name": "a", "role": "feature", "type": "numerical"}]}
    (reject,) = reading("bentoml", schema).rejects
    assert (reject.path, "feature: a" in reject.reason) == ("$.columns", True)
    assert recognise([json.dumps(schema).encode()]).name == "bentoml"


def test_a_request_that_ray_writes_twice_counts_once():
    assert [one.status for one in reading("ray_serve", PROXY, REPLICA).records] == [200]
    one = only("ray_serve_replica", REPLICA)
    assert (one.model, one.latency_ms) == ("app_Iris", 24.2)
    assert only("ray_serve", PROXY | {"message": "GET  404 2.0ms", "route": "", "request_id": ""}).status == 404


@pytest.mark.parametrize(
    ("line", "name", "model", "id_"),
    [
        (b"INFO 2026-01-05 00:00:45,500 proxy 192.0.2.1 r-1 -- POST /iris 200 24.2ms", "ray_serve", "/iris", "r-1"),
        (b"(ServeReplica:default:A pid=7) INFO 2026-01-05 00:00:45,500 default_my_model x8c r-1 -- CALL f OK 24.2ms",
         "ray_serve_replica", "my_model", "r-1:my_model:x8c"),
        ({"log": "INFO 2026-01-05 00:00:45,500 proxy 192.0.2.1 r-1 -- GET / 200 24.2ms\n"}, "ray_serve", "/", "r-1"),
        ({"asctime": "2026-01-05 00:00:45,500", "deployment": "d", "replica": "d#x", "request_id": "r-1",
          "message": "replica.py:691 - __CALL__ OK 24.2ms"}, "ray_serve_replica", "d", "r-1:d:d#x"),
    ],
)  # fmt: skip
def test_lines_of_ray_as_text_and_of_its_earlier_versions(line, name, model, id_):
    one = only(name, line)
    assert (one.id, one.time, one.model, one.latency_ms, one.status) == (id_, 1767571245.5, model, 24.2, 200)
    value = line if isinstance(line, bytes) else json.dumps(line).encode()
    found = recognise([value])
    assert (found.name, found.tied) == (name, ())


def test_where_proxies_and_replicas_write_one_log_it_is_the_proxies():
    lines = [f"INFO 2026-01-05 00:00:45,500 {who} x r-1 -- GET / 200 4.2ms".encode() for who in ("proxy", "default_A")]
    found = recognise(lines)
    assert (found.name, found.tied) == ("ray_serve", ())


def test_other_lines_of_ray_are_counted_and_no_refusals():
    found = reading("ray_serve", b"INFO 2026-01-05 00:00:45,500 proxy 192.0.2.1 -- Got updated endpoints: {}.")
    assert (found.records, found.rejects, dict(found.warnings)) == ([], [], {"lines of other kinds": 1})


def test_a_flat_row_says_what_it_was_taken_for():
    found = reading("columns", ROW)
    (one,) = found.records
    assert (one.principal, one.features, one.label) == ("u-1", {"amount": 3.5, "country": "DE"}, 1)
    assert "$.user_id: taken for principal" in found.warnings
    assert "$.model: the row names no model, the name of the topic or file stands for it" in found.warnings
    assert one.model == "topic"


def test_a_column_of_what_was_true_is_no_input():
    one = only("columns", ROW | {"ground_truth": 0})
    assert one.features == {"amount": 3.5, "country": "DE"}


def test_fields_and_features_stand_where_the_configuration_says():
    found = reading("mapping", MAPPED)
    (one,) = found.records
    assert (one.time, one.principal, one.model, one.probabilities) == (1767571245.525, "u-1", "fraud", [0.1, 0.9])
    assert one.features == {"amount": 3.5, "country": "DE", "age": None}
    assert not found.warnings


def test_what_is_of_another_type_is_missing_and_said():
    found = reading("mapping", MAPPED | {"in": {"amount": [1], "geo": "DE"}})
    assert found.records[0].features["amount"] is None
    assert dict(found.warnings) == {"$.in.amount: a list is no number": 1}


def test_json_in_text_lists_and_rows_are_looked_into():
    source = Source(model="m", fields=(
        ("rows", "body.rows"), ("time", "at"), ("features", "row.x, row.y"), ("label", "row.z.1"),
    ))  # fmt: skip
    entry = {"at": 5, "body": '{"rows": [{"x": 1, "y": 2, "z": ["a", "b"]}, {"x": 3, "y": 4, "z": []}]}'}
    found = reading("mapping", entry, source=source)
    assert [(one.features, one.label) for one in found.records] == [([1.0, 2.0], "b"), ([3.0, 4.0], None)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"tim": "a"}, "'time'"), ({"time": "a as hours"}, "no type"), ({"id": ""}, "no path")],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_would_be_right(fields, said):
    from schemas.formats.mapped import compiled

    with pytest.raises(ValueError, match=said):
        compiled(tuple(fields.items()), ())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_an_entry_raises_or_is_lost(data):
    name, good = data.draw(st.sampled_from(ALL))
    other = data.draw(st.sampled_from(ALL))[1]
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(good))] * 2)))
    cut = data.draw(
        st.sampled_from([b"", other[: b - a], b"null", b'"', b"[[", b"1e999", b"\xff\x00", b"{}", b'"\\ud800"'])
    )
    value = good[:a] + cut + good[b:]
    raw = SimpleNamespace(timestamp=5000, key=b"k", headers=[("content-type", b"text/csv")])
    found = reading(name, value, raws=[raw])
    assert all(isinstance(one, Record) for one in found.records)
    assert all(isinstance(one, Reject) and one.reason.isprintable() for one in found.rejects)
    assert len(found.rejects) <= 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_values_of_any_type_in_any_field_raise_nothing(data):
    name, good = data.draw(st.sampled_from(ALL))
    entry = json.loads(good)
    inner = entry
    while isinstance(inner, dict) and inner:
        key = data.draw(st.sampled_from(sorted(inner)))
        if isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        inner[key] = data.draw(st.sampled_from(
            [None, True, -1, 2**64, 1e308, "", "x" * 300, "é\u202e", [], [[]], {}, {"a": [{}]}, [None, "a"], "{", "["]
        ))  # fmt: skip
        break
    found = reading(name, entry)
    assert len(found.rejects) <= 1


def test_every_format_that_is_listed_can_be_loaded_and_named():
    for name in FORMATS:
        assert hasattr(named(name), "read_many")
