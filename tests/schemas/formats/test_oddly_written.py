"""Entries that are written as documentation shows them, but not as most writers write them."""

import json
from base64 import b64encode
from typing import Any

import pytest

from schemas.formats import Source, named
from schemas.formats.lenient import seconds
from schemas.record import Record

SOURCE = Source(model="m")
TIMED = [type("Around", (), {"timestamp": 1767571245000, "key": None, "headers": ()})()]


def records(format_: str, entry: object) -> list[Record]:
    reading = named(format_).read_many([json.dumps(entry).encode()], [0], source=SOURCE, raws=TIMED)
    assert not reading.rejects
    return list(reading.records)


def test_lists_of_words_and_of_numbers_of_one_length_are_the_columns_of_a_table() -> None:
    inputs = [
        {"name": "age", "shape": [2], "datatype": "INT32", "data": [31, 42]},
        {"name": "job", "shape": [2], "datatype": "BYTES", "data": ["cook", "nurse"]},
    ]
    found = records("oip_v2", {"model_name": "t", "inputs": inputs})
    assert [one.features for one in found] == [{"age": 31.0, "job": "cook"}, {"age": 42.0, "job": "nurse"}]


def test_lists_of_numbers_alone_are_one_input() -> None:
    inputs = [{"name": n, "shape": [2], "datatype": "FP32", "data": [1, 2]} for n in "ab"]
    assert [one.features for one in records("oip_v2", {"model_name": "t", "inputs": inputs})] == [[1.0, 2.0, 1.0, 2.0]]


def capture(**sides: dict[str, str]) -> dict[str, Any]:
    about = {"eventId": "e", "inferenceTime": "2026-01-05T00:00:00Z"}
    return {"captureData": {f"endpoint{k.title()}": v for k, v in sides.items()}, "eventMetadata": about}


PIXELS = b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 80).decode()


def test_a_captured_image_is_what_was_asked() -> None:
    asked = {"observedContentType": "image/png", "data": PIXELS, "encoding": "BASE64"}
    said = {"observedContentType": "application/json", "data": "[0.25, 0.75]", "encoding": "JSON"}
    (found,) = records("sagemaker", capture(input=asked, output=said))
    assert found.image_b64 == PIXELS
    assert found.probabilities == [0.25, 0.75]


def test_a_list_that_sums_to_nothing_in_particular_stays_one_number_an_input() -> None:
    asked = {"observedContentType": "application/json", "data": '{"instances": [[1], [2]]}', "encoding": "JSON"}
    said = {"observedContentType": "application/json", "data": "[0.25, 0.75]", "encoding": "JSON"}
    assert [one.value for one in records("sagemaker", capture(input=asked, output=said))] == [0.25, 0.75]


@pytest.mark.parametrize("written", ["2026-01-05 00:00:00.5 UTC", "2026-01-05T00:00:00.5Z", "2026-01-05 00:00:00.5"])
def test_a_time_may_name_its_zone_as_bigquery_does(written: str) -> None:
    assert seconds(written) == 1767571200.5


def test_openllmetry_says_who_asked_in_an_association() -> None:
    def text(name: str, value: str) -> dict[str, Any]:
        return {"key": name, "value": {"stringValue": value}}

    span = {
        "traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1", "startTimeUnixNano": "1767571245000000000",
        "attributes": [
            text("gen_ai.system", "OpenAI"), text("gen_ai.request.model", "g"), text("gen_ai.prompt.0.role", "user"),
            text("gen_ai.prompt.0.content", "hi"), text("traceloop.association.properties.user_id", "u-9"),
        ],
    }  # fmt: skip
    (found,) = records("otel", {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})
    assert found.principal == "u-9"


def test_predictions_that_are_named_shares_are_probabilities() -> None:
    shares = {"0": 0.25, "1": 0.75}
    (found,) = records("tf_v1", {"predictions": [shares]})
    assert found.probabilities == shares


def test_what_a_tap_of_http_put_around_bodies_is_taken_off() -> None:
    request = {
        "headers": {"X-User-Id": "u-3"},
        "body": json.dumps({"model": "g", "messages": [{"role": "user", "content": "hi"}]}),
    }
    response = {
        "status": 200,
        "body": json.dumps({"choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]}),
    }
    (found,) = records("openai", {"id": "t", "started_at": 1767571245123, "request": request, "response": response})
    assert (found.principal, found.completion, found.status) == ("u-3", "hello", 200)
    assert found.time == 1767571245.123


def test_an_answer_of_another_api_is_said_not_to_be_read() -> None:
    entry = {"id": "t", "time": 1767571245, "request": {"model": "g", "prompt": "hi"}, "response": {"said": "hello"}}
    reading = named("openai").read_many([json.dumps(entry).encode()], [0])
    assert [warning for warning in reading.warnings if "not read" in warning]


def test_tritons_generate_is_words_inside_of_an_envelope() -> None:
    headers = [
        ("ce_specversion", b"1.0"), ("ce_type", b"org.kubeflow.serving.inference.request"), ("ce_id", b"i"),
        ("ce_source", b"s"), ("ce_time", b"2026-01-05T00:00:00Z"), ("ce_inferenceservicename", b"llm"),
    ]  # fmt: skip
    around = [type("Around", (), {"timestamp": 1, "key": None, "headers": headers})()]
    (half,) = named("kserve").read_many([b'{"text_input": "hi", "max_tokens": 5}'], [0], raws=around).halves
    assert half.exchange.rows[0]["prompt"] == "hi"


def test_a_line_of_ray_that_is_no_utf_8_is_read_nevertheless() -> None:
    line = (
        b'{"levelname": "INFO", "asctime": "2026-01-05 00:00:45,123", "component_name": "proxy", "timestamp_ns": '
        b'1767571245123000000, "route": "/x\xff", "request_id": "q", "message": "GET /x 200 5.0ms"}'
    )
    (record,) = named("ray_serve").read_many([line], [0]).records
    assert (record.model, record.status, record.latency_ms) == ("/x\ufffd", 200, 5.0)
