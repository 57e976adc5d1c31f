"""Logs of BentoML, TensorFlow Serving and Ray Serve."""

import json

import pytest

from schemas.formats import Source, recognise
from tests.schemas.formats.rows import BENTO, PROXY, REPLICA, only, reading


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
