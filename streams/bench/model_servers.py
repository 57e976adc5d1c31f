"""Entries of logs of model servers, made by hand, to measure their readers with."""

import json
import random
import struct
from collections.abc import Sequence

FEATURES, CLASSES = 32, 10
_KSERVE = "org.kubeflow.serving.inference."
_TOPIC = "seldon.default.model.fraud."


Headers = Sequence[tuple[str, bytes]]


def cases() -> list[tuple[str, str, bytes, int, Headers, str]]:
    """What is measured: what it is, its format, an entry, its goal in entries/s on one core, headers and topic."""
    asked, answered = kserve("request"), kserve("response")
    inputs, outputs = _TOPIC + "inputs", _TOPIC + "outputs"
    return [
        ("KServe, V2 JSON, request", "kserve", json_request(), 60_000, asked, "events"),
        ("KServe, V2 JSON, answer", "kserve", json_answer(), 60_000, answered, "events"),
        ("KServe, V2 binary, request", "kserve", binary_request(), 60_000, asked, "events"),
        ("V2 binary, request", "oip_v2", binary_request(), 100_000, [("x-request-id", b"call-1")], "bodies"),
        ("Seldon 2, protobuf, request", "seldon2", protobuf_request(), 100_000, seldon(), inputs),
        ("Seldon 2, protobuf, answer", "seldon2", protobuf_answer(), 100_000, seldon(), outputs),
    ]


def _features() -> list[float]:
    draw = random.Random(7)  # noqa: S311  # nothing secret
    return [round(draw.gauss(0.0, 1.0), 4) for _ in range(FEATURES)]


def _probabilities() -> list[float]:
    return [0.55, *[0.05] * (CLASSES - 1)]


def kserve(half: str) -> Headers:
    """Headers of an event as a Knative broker writes them."""
    written = {
        "ce_specversion": "1.0", "ce_type": _KSERVE + half, "ce_source": "http://localhost:9081/",
        "ce_id": "0009174a-24a8-4603-b098-000000000001", "ce_time": "2026-04-10T00:23:26.078952900Z",
        "ce_inferenceservicename": "fraud", "ce_namespace": "default", "ce_component": "predictor",
        "ce_endpoint": "default", "ce_metadata": '{"X-User-Id":["u-1"]}',
        "ce_traceparent": f"00-{'ab' * 16}-{'cd' * 8}-00", "content-type": "application/json",
    }  # fmt: skip
    return [(name, said.encode()) for name, said in written.items()]


def seldon() -> Headers:
    """Headers of an entry as Seldon's gateway writes them."""
    return [
        ("x-request-id", b"cg5g6ogfh5ss00000001"), ("pipeline", b"fraud"), ("x-forwarded-proto", b"http"),
        ("traceparent", f"00-{'ab' * 16}-{'cd' * 8}-00".encode()), ("x-user-id", b"u-1"),
    ]  # fmt: skip


def json_request() -> bytes:
    """One input of 32 numbers, 0.4 kB."""
    tensor = {"name": "input-0", "shape": [1, FEATURES], "datatype": "FP32", "data": [_features()]}
    return json.dumps({"inputs": [tensor]}).encode()


def json_answer() -> bytes:
    """Ten probabilities."""
    tensor = {"name": "predict_proba", "shape": [1, CLASSES], "datatype": "FP32", "data": _probabilities()}
    return json.dumps({"model_name": "fraud", "model_version": "3", "outputs": [tensor]}).encode()


def binary_request() -> bytes:
    """One input of 32 numbers behind its JSON."""
    size = {"binary_data_size": 4 * FEATURES}
    tensor = {"name": "input-0", "shape": [1, FEATURES], "datatype": "FP32", "parameters": size}
    return json.dumps({"inputs": [tensor]}).encode() + struct.pack(f"<{FEATURES}f", *_features())


def protobuf_request() -> bytes:
    """One input of 32 numbers in raw contents."""
    return _tensor("input-0", FEATURES) + _held(7, struct.pack(f"<{FEATURES}f", *_features()))


def protobuf_answer() -> bytes:
    """Ten probabilities in raw contents."""
    names = _held(1, b"fraud_1") + _held(2, b"1")
    return names + _tensor("predict_proba", CLASSES) + _held(6, struct.pack(f"<{CLASSES}f", *_probabilities()))


def _tensor(name: str, width: int) -> bytes:
    return _held(5, _held(1, name.encode()) + _held(2, b"FP32") + _held(3, bytes([1, width])))


def _held(number: int, data: bytes) -> bytes:
    """A field of bytes; a length of 128 takes two."""
    length = bytes([len(data)]) if len(data) < 128 else bytes([len(data) & 0x7F | 0x80, len(data) >> 7])
    return bytes([number << 3 | 2]) + length + data
