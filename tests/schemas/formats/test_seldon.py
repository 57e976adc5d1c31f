"""Seldon Core 2, whose topics say what an entry is, and Seldon Core 1, whose headers do."""

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

TOPIC = "seldon.shop.model.fraud"
KEY = b"3.fraud.call-1"


def field(number: int, value: bytes) -> bytes:
    assert len(value) < 128
    return bytes([number << 3 | 2, len(value)]) + value


def tensor(name: str, numbers: list[float], raw: bool = True) -> bytes:
    typed = b"" if raw else field(5, field(6, struct.pack(f"<{len(numbers)}f", *numbers)))
    made = field(1, name.encode()) + field(2, b"FP32") + field(3, bytes([1, len(numbers)])) + typed
    return field(5, made)


def asked(*numbers: float, raw: bool = True) -> bytes:
    packed = field(7, struct.pack(f"<{len(numbers)}f", *numbers)) if raw else b""
    return field(1, b"fraud") + tensor("x", list(numbers), raw) + packed


def answered(*numbers: float) -> bytes:
    packed = field(6, struct.pack(f"<{len(numbers)}f", *numbers))
    return field(1, b"fraud_1") + field(2, b"1") + tensor("probabilities", list(numbers)) + packed


def read(value: bytes, topic: str = TOPIC + ".inputs", key: bytes = KEY, **headers: str) -> Reading:
    written = [(name.replace("_", "-"), said.encode()) for name, said in headers.items()]
    raw = SimpleNamespace(timestamp=5_000, key=key, headers=written)
    return named("seldon2").read_many([value], [0], topic=topic, raws=[raw])


def half(reading: Reading) -> Half:
    assert not reading.rejects, reading.rejects
    (found,) = reading.halves
    return found


def test_the_topic_says_what_protobuf_cannot() -> None:
    request = half(read(asked(1.5, 2.5), x_request_id="r-1", x_user_id="u-7"))
    response = half(read(answered(0.25, 0.75), TOPIC + ".outputs", x_request_id="r-1"))
    assert list(request.exchange.rows) == [{"features": [1.5, 2.5]}]
    assert list(response.exchange.rows) == [{"probabilities": [0.25, 0.75]}]
    assert request.exchange.key == response.exchange.key == "shop/model/fraud/3.fraud.call-1"
    call = joined(request.exchange, response.exchange)
    assert (call.common["id"], call.common["model"], call.common["version"]) == ("r-1", "fraud", "1")
    assert (call.common["time"], call.clock, call.common["status"], request.who) == (5.0, "broker", 200, "u-7")


def test_typed_contents_and_both_are_read() -> None:
    assert list(half(read(asked(1.0, 2.0, raw=False))).exchange.rows) == [{"features": [1.0, 2.0]}]
    both = asked(1.0, 2.0, raw=False) + field(7, struct.pack("<2f", 5, 6))
    assert list(half(read(both)).exchange.rows) == [{"features": [5.0, 6.0]}]


@pytest.mark.parametrize("indexes", [b"\x00", b"\x02\x00", b"\x04\x02\x00"])
def test_a_schema_registrys_bytes_are_stepped_over(indexes: bytes) -> None:
    framed = b"\x00\x00\x00\x00\x07" + indexes + asked(1.0, 2.0)
    assert half(read(framed)).exchange.rows == half(read(asked(1.0, 2.0))).exchange.rows


@pytest.mark.parametrize(
    "frame", [b"\x00", b"\x00\x00\x00\x00\x07", b"\x00\x00\x00\x00\x07\x03", b"\x00\x00\x00\x00\x07\xff"]
)
def test_a_broken_frame_is_refused_with_the_byte(frame: bytes) -> None:
    assert read(frame).rejects[0].reason == "byte 5: no message index behind the schema's number"


def test_values_may_be_json_on_the_same_topic() -> None:
    raw = base64.b64encode(struct.pack("<2f", 1.0, 2.0)).decode()
    inputs = [{"name": "x", "datatype": "FP32", "shape": ["1", "2"], "contents": {"fp32Contents": [3.0, 4.0]}}]
    for body, row in (({"inputs": inputs}, [3.0, 4.0]), ({"inputs": inputs, "rawInputContents": [raw]}, [1.0, 2.0])):
        assert list(half(read(json.dumps(body).encode())).exchange.rows) == [{"features": row}]


def test_inputs_of_a_later_step_are_the_answers_of_the_one_before() -> None:
    found = half(read(answered(0.25, 0.75), seldon_infer_type="proto/InferModelResponse")).exchange
    assert (found.phase, list(found.rows)) == ("request", [{"features": [0.25, 0.75]}])
    unsaid = half(read(answered(0.25, 0.75))).exchange
    assert (list(unsaid.rows), len(unsaid.warnings)) == ([{"features": [0.25, 0.75]}], 1)
    chained = json.dumps({"modelName": "a_1", "outputs": [{"name": "y", "datatype": "FP32", "shape": ["1", "1"],
                                                           "contents": {"fp32Contents": [3.0]}}]}).encode()  # fmt: skip
    assert list(half(read(chained)).exchange.rows) == [{"features": [3.0]}]


def test_of_two_request_ids_the_last_counts_and_the_key_pairs() -> None:
    headers = [("x-request-id", b"first"), ("X-Request-Id", b"last")]
    raw = SimpleNamespace(timestamp=5_000, key=KEY, headers=headers)
    (found,) = named("seldon2").read_many([asked(1.0, 2.0)], [0], topic=TOPIC + ".inputs", raws=[raw]).halves
    assert (found.exchange.common["id"], found.exchange.key) == ("last", "shop/model/fraud/3.fraud.call-1")


def test_without_a_header_the_keys_last_part_is_the_id_and_without_both_nothing_pairs() -> None:
    assert half(read(asked(1.0, 2.0))).exchange.common["id"] == "call-1"
    assert half(read(asked(1.0, 2.0), key=b"bare")).exchange.key == "shop/model/fraud/bare"
    alone = read(asked(1.0, 2.0), key=b"")
    assert (len(alone.records), len(alone.halves), list(alone.warnings)) == (
        1, 0, ["key: there is none, so that requests and answers cannot be joined"],
    )  # fmt: skip


def test_what_failed_is_an_answer_with_a_status() -> None:
    found = half(read(b"rpc error: code = NotFound", "my.seldon.shop.errors.errors", x_request_id="r-1", pipeline="p",
                      seldon_pipeline_errors="m"))  # fmt: skip
    assert (found.exchange.phase, found.exchange.common["status"], found.exchange.common["model"]) == (
        "response",
        500,
        "p",
    )
    request = half(read(asked(1.0), "my.seldon.shop.pipeline.p.inputs")).exchange
    assert request.key == found.exchange.key
    assert found.exchange.attributes["error"] == "rpc error: code = NotFound"


@pytest.mark.parametrize("topic", ["", "traffic", "seldon.shop.model.fraud", "seldon.shop.thing.fraud.inputs"])
def test_a_topic_that_says_nothing_is_refused_unless_the_source_does(topic: str) -> None:
    assert "ends in neither" in read(asked(1.0), topic).rejects[0].reason
    source = Source(model="fraud", tenant="shop", phase="request")
    raw = SimpleNamespace(timestamp=5_000, key=KEY, headers=())
    (found,) = named("seldon2").read_many([asked(1.0)], [0], topic=topic, source=source, raws=[raw]).halves
    assert found.exchange.key == "shop/model/fraud/3.fraud.call-1"


def test_what_the_command_line_prints_is_read() -> None:
    body = json.dumps(
        {"inputs": [{"name": "x", "datatype": "FP32", "shape": ["1", "1"], "contents": {"fp32Contents": [3]}}]}
    )
    line = f"{TOPIC}.inputs\tkey-1\t{body}\t\tx-request-id=[r-1]\tx-user-id=[u-7]".encode()
    found = half(read(line, topic=""))
    assert (found.exchange.key, found.exchange.common["id"], found.who) == ("shop/model/fraud/key-1", "r-1", "u-7")
    assert recognise([line]).name == "seldon2"  # type: ignore[union-attr]


HEADERS = {
    "type": "io.seldon.serving.inference.request", "modelid": "node", "requestid": "r-1", "namespace": "shop",
    "inferenceservicename": "fraud", "endpoint": "default", "protocol": "seldon", "content-type": "application/json",
}  # fmt: skip


def first(body: Any, **headers: str | None) -> Reading:
    written = {name: said for name, said in (HEADERS | headers).items() if said is not None}
    raw = SimpleNamespace(timestamp=5_000, key=None, headers=[(name, said.encode()) for name, said in written.items()])
    return named("seldon1").read_many([json.dumps(body).encode()], [0], raws=[raw])


def test_the_first_seldon_has_it_all_in_headers() -> None:
    body = {"data": {"names": ["a", "b"], "ndarray": [[0.2, 0.8]]}, "meta": {"puid": "p"}}
    request, response = half(first(body)), half(first(body, type="io.seldon.serving.inference.response"))
    assert request.exchange.key == response.exchange.key == "shop/fraud/default/node/r-1"
    assert list(request.exchange.rows) == [{"features": [0.2, 0.8]}]
    assert list(response.exchange.rows) == [{"probabilities": [0.2, 0.8]}]
    assert (request.exchange.common["time"], request.exchange.clock) == (5.0, "broker")


def test_the_first_seldon_over_http_is_a_cloud_event() -> None:
    event = {f"ce-{name}": said for name, said in HEADERS.items()} | {"ce-time": "2026-04-10T00:23:26Z"}
    raw = SimpleNamespace(timestamp=5_000, key=None, headers=[(name, said.encode()) for name, said in event.items()])
    value = json.dumps({"inputs": [{"name": "x", "datatype": "INT64", "shape": [1, 1], "data": [3]}]}).encode()
    (found,) = named("seldon1").read_many([value], [0], raws=[raw]).halves
    assert (found.exchange.key, found.exchange.clock) == ("shop/fraud/default/node/r-1", "payload")
    assert list(found.exchange.rows) == [{"features": [3]}]


@pytest.mark.parametrize("kind", ["io.seldon.serving.feedback", "io.seldon.serving.inference.outlier", ""])
def test_what_is_no_call_of_the_first_seldon_is_refused(kind: str) -> None:
    assert first({"strData": "x"}, type=kind).rejects[0].path == "headers.type"
