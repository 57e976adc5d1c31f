"""KServe's inference logger: events in Kafka's headers, in one object, of version 0.2, and as blobs."""

import base64
import json
import struct
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.formats import named, recognise
from schemas.formats.exchange import joined
from schemas.formats.reading import Half, Reading
from schemas.formats.rules import Source

FORM = named("kserve")
TYPE = "org.kubeflow.serving.inference."
ASKED = {"instances": [[6.8, 2.8], [6.0, 3.4]]}
EVENT = {
    "specversion": "1.0", "type": TYPE + "request", "source": "http://localhost:9081/", "id": "id-1",
    "time": "2026-04-10T00:23:26.0789529Z", "inferenceservicename": "iris", "namespace": "shop",
    "component": "predictor", "endpoint": "default", "traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01",
    "metadata": json.dumps({"X-User-Id": ["u-7"], "X-Forwarded-For": ["203.0.113.9"]}),
}  # fmt: skip


def binary(body: Any, *, mark: str = "ce_", more: dict[str, str] | None = None, **event: Any) -> Reading:
    value = body if isinstance(body, bytes) else json.dumps(body).encode()
    written = {mark + name: said for name, said in (EVENT | event).items() if said is not None} | (more or {})
    headers = [(name, said.encode()) for name, said in written.items()]
    raw = SimpleNamespace(timestamp=1_775_780_700_000, key=None, headers=headers)
    return FORM.read_many([value], [0], raws=[raw])


def structured(event: Any) -> Reading:
    return FORM.read_many([json.dumps(event).encode()], [0])


def half(reading: Reading) -> Half:
    assert not reading.rejects, reading.rejects
    (found,) = reading.halves
    return found


def test_an_event_in_headers_is_a_half_with_everything_that_it_says() -> None:
    found = half(binary(ASKED))
    call = found.exchange
    assert call.common == {
        "id": "id-1", "time": pytest.approx(1775780606.078952), "tenant": "shop", "trace_id": "ab" * 16,
        "model": "iris",
    }  # fmt: skip
    assert list(call.rows) == [{"features": [6.8, 2.8]}, {"features": [6.0, 3.4]}]
    assert (call.phase, call.key, call.clock, found.who) == ("request", "shop/iris/predictor/id-1", "payload", "u-7")


def test_answers_share_the_key_whatever_their_trace() -> None:
    asked = half(binary(ASKED))
    answer = {"predictions": [1, 0]}
    other = half(binary(answer, type=TYPE + "response", traceparent=f"00-{'ef' * 16}-{'cd' * 8}-01",
                        time="2026-04-10T00:23:26.0889529Z"))  # fmt: skip
    assert asked.exchange.key == other.exchange.key
    call = joined(asked.exchange, other.exchange)
    assert [row["label"] for row in call.rows] == [1, 0]
    assert (call.common["status"], call.common["trace_id"]) == (200, "ab" * 16)
    assert call.common["latency_ms"] == pytest.approx(10.0, abs=0.01)


def test_ids_are_the_clients_word_so_the_service_is_in_the_key() -> None:
    keys = {half(binary(ASKED, **one)).exchange.key for one in ({}, {"namespace": "b"}, {"inferenceservicename": "b"})}
    assert len(keys) == 3


def test_extensions_of_version_0_2_are_in_json_quotes() -> None:
    quoted = {"inferenceservice": '"iris"', "namespace": '"shop"', "metadata": json.dumps(EVENT["metadata"])}
    old = {"specversion": "0.2", "inferenceservicename": None, "component": None}
    found = half(binary(ASKED, mark="ce-", **quoted, **old))
    assert (found.exchange.key, found.exchange.common["model"], found.who) == ("shop/iris//id-1", "iris", "u-7")


def test_a_structured_event_reads_as_one_in_headers() -> None:
    assert half(structured(EVENT | {"data": ASKED})).exchange == half(binary(ASKED)).exchange
    encoded = base64.b64encode(json.dumps(ASKED).encode()).decode()
    for data in ({"data_base64": encoded}, {"data": json.dumps(ASKED)}):
        assert half(structured(EVENT | data)).exchange == half(binary(ASKED)).exchange
    listed = structured([EVENT | {"data": ASKED}, EVENT | {"id": "id-2", "data": ASKED}])
    assert [one.exchange.common["id"] for one in listed.halves] == ["id-1", "id-2"]


@pytest.mark.parametrize("kind", ["request", TYPE + "request"])
def test_blobs_are_objects_of_another_spelling(kind: str) -> None:
    blob = {
        "url": {"Scheme": "s3", "Host": "bucket"}, "bytes": base64.b64encode(json.dumps(ASKED).encode()).decode(),
        "contentType": "application/json", "reqType": kind, "id": "id-1", "sourceUri": {"Host": "localhost"},
        "inferenceService": "iris", "namespace": "shop", "component": "predictor", "endpoint": "default",
        "metadata": {"X-User-Id": ["u-7"]}, "annotations": None, "occurrenceTime": EVENT["time"],
    }  # fmt: skip
    one, other = half(structured(blob)), half(structured([blob]))
    assert (one.exchange.key, one.exchange.rows, one.who) == (other.exchange.key, other.exchange.rows, "u-7")
    assert one.exchange.key == half(binary(ASKED)).exchange.key


def test_a_content_type_is_only_the_clients_word() -> None:
    wrong = {"content-type": "application/x-www-form-urlencoded"}
    assert half(binary(ASKED, more=wrong)).exchange.rows == half(binary(ASKED)).exchange.rows


def test_binary_tensors_are_read_though_the_length_of_their_head_is_lost() -> None:
    head = {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]}
    value = json.dumps(head).encode() + struct.pack("<2f", 1.5, 2.5)
    assert list(half(binary(value)).exchange.rows) == [{"features": [1.5, 2.5]}]
    kept = {"inference-header-content-length": str(len(value) - 8)}
    assert list(half(binary(value, more=kept)).exchange.rows) == [{"features": [1.5, 2.5]}]
    raw = half(binary(b"\x00\x01", more={"inference-header-content-length": "0"}))
    assert "raw tensor" in raw.exchange.warnings[0]


def test_a_body_that_cannot_be_read_leaves_its_half_and_says_why() -> None:
    found = half(binary(b'{"inputs": [0., 0.]}')).exchange
    assert (found.common["id"], list(found.rows)) == ("id-1", [])
    assert list(found.warnings) == ["body $: no JSON: Expecting ',' delimiter at character 13"]


def test_without_a_time_kafkas_counts_and_that_is_said() -> None:
    found = half(binary(ASKED, time="yesterday")).exchange
    assert (found.common["time"], found.clock) == (1_775_780_700.0, "broker")
    assert list(found.warnings) == ["ce_time: there is none, or no time; Kafka's counts"]


@pytest.mark.parametrize("metadata", ["", "no", "[]", '{"X-User-Id": []}', '{"X-User-Id": null}', "{" * 5000])
def test_metadata_that_say_nothing_leave_the_caller_unknown(metadata: str) -> None:
    assert half(binary(ASKED, metadata=metadata)).who == "unknown"


def test_other_events_and_other_objects_are_refused_with_the_place() -> None:
    assert [one.path for one in binary(ASKED, type="com.example.some").rejects] == ["ce_type"]
    assert structured({"a": 1}).rejects[0].path == "$.specversion"
    assert structured([3]).rejects[0].path == "$[0]"
    assert FORM.read_many([None], [0]).rejects[0].reason == "the message is empty"


def test_it_is_recognised_in_each_form() -> None:
    source = Source(model="m")
    for entry in (EVENT | {"data": ASKED}, {"reqType": "request", "inferenceService": "i", "id": "1", "bytes": "e30="}):
        found = recognise([json.dumps(entry).encode()], source)
        assert found is not None
        assert (found.name, found.tied) == ("kserve", ())


def test_a_list_without_events_is_refused() -> None:
    (reject,) = structured([]).rejects
    assert (reject.reason, reject.path) == ("a list without an event in it", "$")


def test_rows_of_a_table_of_blobs_are_told_from_any_other_table() -> None:
    row = {
        "bytes": base64.b64encode(json.dumps(ASKED).encode()).decode(), "reqType": "request", "id": "id-1",
        "inferenceService": "iris", "namespace": "shop", "occurrenceTime": "2026-04-10T00:23:26Z",
    }  # fmt: skip
    raws = [SimpleNamespace(timestamp=None, key=None, headers=[("content-type", b"text/csv")])] * 3
    found = recognise([json.dumps(row).encode()] * 3, raws=raws)
    assert found is not None
    assert (found.name, found.tied) == ("kserve", ())
