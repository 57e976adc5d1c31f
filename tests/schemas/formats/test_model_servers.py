"""MLServer's topics, bodies with nothing around them, and hostile entries of all logs of model servers."""

import json
import random
import struct
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import named, recognise
from schemas.formats.exchange import joined
from schemas.formats.reading import Reading
from schemas.formats.rules import Source

SOURCE = Source(model="m")
ASKED = {"id": "i-1", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1.5, 2.5]}]}
ANSWERED = {
    "model_name": "sum",
    "id": "i-1",
    "outputs": [{"name": "y", "shape": [1], "datatype": "FP32", "data": [4.5]}],
}
SPLIT = {"dataframe_split": {"columns": ["a"], "data": [[1]]}}


def read(name: str, body: Any, topic: str = "t", key: bytes | None = None, **headers: str) -> Reading:
    value = body if isinstance(body, bytes) else json.dumps(body).encode()
    written = [(label.replace("_", "-"), said.encode()) for label, said in headers.items()]
    raw = SimpleNamespace(timestamp=5_000, key=key, headers=written)
    return named(name).read_many([value], [0], topic=topic, source=SOURCE, raws=[raw])


def test_mlservers_halves_share_model_and_key() -> None:
    (request,) = read("mlserver", ASKED, "mlserver-input", b"k-1", mlserver_model="sum", mlserver_version="v2").halves
    (response,) = read("mlserver", ANSWERED, "mlserver-output", b"k-1").halves
    assert request.exchange.key == response.exchange.key == "sum/k-1"
    call = joined(request.exchange, response.exchange)
    assert (call.common["model"], call.common["version"], call.common["id"]) == ("sum", "v2", "k-1")
    assert list(call.rows) == [{"features": [1.5, 2.5], "value": 4.5}]


def test_mlserver_takes_the_bodys_id_where_there_is_no_key_and_headers_of_http_from_the_body() -> None:
    carried = {"headers": {"Ce-Namespace": "shop", "X-User-Id": "u-7"}}
    (found,) = read("mlserver", ASKED | {"parameters": carried}, "mlserver-input", mlserver_model="sum").halves
    assert (found.exchange.key, found.exchange.common["tenant"], found.who) == ("sum/i-1", "shop", "u-7")


def test_a_call_of_mlserver_without_headers_will_have_no_answer() -> None:
    assert any("will not answer" in warning for warning in read("mlserver", ASKED, "mlserver-input").warnings)


@pytest.mark.parametrize(
    ("name", "body", "phase", "row"),
    [
        ("oip_v2", ASKED, "request", {"features": [1.5, 2.5]}),
        ("oip_v2", ANSWERED, "response", {"value": 4.5}),
        ("tf_v1", {"instances": [[1, 2]]}, "request", {"features": [1, 2]}),
        ("tf_v1", {"predictions": [[0.5, 0.5]]}, "response", {"probabilities": [0.5, 0.5]}),
        ("mlflow", SPLIT, "request", {"features": {"a": 1}}),
        ("mlflow", [0], "response", {"label": 0}),
        (
            "mlflow",
            {"messages": [{"role": "user", "content": "hi"}]},
            "request",
            {"messages": [{"role": "user", "content": "hi"}]},
        ),
    ],
)
def test_bare_bodies_are_halves_by_their_key(name: str, body: Any, phase: str, row: dict[str, Any]) -> None:
    (found,) = read(name, body, key=b"i-1").halves
    assert (found.exchange.phase, found.exchange.key, list(found.exchange.rows)) == (phase, "m/i-1", [row])
    assert (found.exchange.common["time"], found.exchange.clock) == (5.0, "broker")


def test_a_bare_body_without_any_id_stays_alone_and_that_is_said() -> None:
    alone = read("tf_v1", {"instances": [[1, 2], [3, 4]]})
    assert [one.features for one in alone.records] == [[1.0, 2.0], [3.0, 4.0]]
    assert list(alone.warnings) == ["$.id: there is none, nor a key, so that requests and answers cannot be joined"]


def test_a_header_of_http_gives_the_id_and_the_head_of_binary_tensors() -> None:
    head = {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]}
    value = json.dumps(head).encode()
    (found,) = read(
        "oip_v2",
        value + struct.pack("<2f", 1, 2),
        x_request_id="r-1",
        x_user_id="u-7",
        inference_header_content_length=str(len(value)),
    ).halves
    assert (found.exchange.key, found.who, list(found.exchange.rows)) == ("m/r-1", "u-7", [{"features": [1.0, 2.0]}])
    assert "head is said to have" in read("oip_v2", b"{}", inference_header_content_length="99").rejects[0].reason


@pytest.mark.parametrize(
    ("half", "fields"),
    [
        ({"body": json.dumps(SPLIT), "content_type": "application/json"}, {"features": {"a": 1.0}}),
        (SPLIT, {"features": {"a": 1.0}}),
        (json.dumps(SPLIT), {"features": {"a": 1.0}}),
        ({"body": "a\n1\n", "content_type": "text/csv"}, {"features": {"a": 1.0}}),
    ],
)
def test_both_bodies_of_a_call_in_one_entry_are_a_record(half: Any, fields: dict[str, Any]) -> None:
    answer = {"status": 200, "body": '{"predictions": [7]}'}
    (record,) = read("mlflow", {"request": half, "response": answer}, key=b"k").records
    assert {name: getattr(record, name) for name in fields} == fields
    assert (record.label, record.status, record.latency_ms, record.id) == (7, 200, None, "k")


def test_a_failed_call_keeps_its_status_and_says_what_could_not_be_read() -> None:
    failed = {"status": 400, "body": '{"error_code": "BAD_REQUEST", "message": "no"}'}
    found = read("mlflow", {"request": {"body": "[1, 2]"}, "response": failed}, key=b"k")
    assert (found.records[0].status, found.records[0].finish_reason) == (400, "BAD_REQUEST")
    assert list(found.warnings) == ["body $: there is a response where a request must be"]


def test_they_are_recognised_and_a_tie_is_said() -> None:
    for body, name, tied in (
        (ASKED, "oip_v2", ()),
        ({"instances": [[1]]}, "tf_v1", ()),
        (SPLIT, "mlflow", ()),
        ({"predictions": [1]}, "tf_v1", ("mlflow",)),
    ):
        found = recognise([json.dumps(body).encode()], SOURCE)
        assert found is not None
        assert (found.name, found.tied) == (name, tied)


KSERVE = [("ce_type", b"org.kubeflow.serving.inference.request"), ("ce_id", b"1"), ("ce_time", b"2026-04-10T00:23:26Z")]
SELDON = [("type", b"io.seldon.serving.inference.response"), ("requestid", b"1")]
HEAD = {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]}
PROTOBUF = b"\x0a\x01m\x2a\x0f\x0a\x01x\x12\x04FP32\x1a\x02\x01\x02\x22\x00\x3a\x08" + struct.pack("<2f", 1, 2)
ENTRIES: list[tuple[str, bytes, str, list[tuple[str, bytes]]]] = [
    *(
        (name, json.dumps(body).encode(), "", headers)
        for body in (
            ASKED,
            ANSWERED,
            SPLIT,
            {"instances": [{"b64": "/9j/" + "A" * 64}, [1, "a"]]},
            {"predictions": [{"p": [1]}]},
            {"data": {"tensor": {"shape": [1, 2], "values": [1, 2]}}},
            {"request": SPLIT, "response": [1]},
        )
        for name, headers in (
            ("kserve", KSERVE),
            ("seldon1", SELDON),
            ("oip_v2", []),
            ("tf_v1", []),
            ("mlflow", []),
            ("mlserver", []),
        )
    ),
    ("kserve", json.dumps(HEAD).encode() + struct.pack("<2f", 1, 2), "", KSERVE),
    (
        "kserve",
        json.dumps({"specversion": "1.0", "type": "a.request", "metadata": {"a": ["b"]}, "data": ASKED}).encode(),
        "",
        [],
    ),
    ("seldon2", PROTOBUF, "s.n.model.m.inputs", []),
    ("seldon2", PROTOBUF, "s.n.model.m.outputs", []),
    ("seldon2", b"\0\0\0\0\1\0" + PROTOBUF, "s.n.pipeline.m.inputs", []),
    ("seldon2", json.dumps(ASKED).encode(), "s.n.model.m.inputs", []),
]
ODD = [
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"[]",
    b"{}",
    b'""',
    b"[[[]]]",
    b"9" * 40,
    b"NaN",
    b'{"b64":"A"}',
    b'"\\ud800"',
    b"[" * 3000,
]


def damaged(value: bytes, random_: random.Random) -> bytes:
    kind, at = random_.randrange(6), random_.randrange(len(value))
    if kind == 0:
        return value[:at]
    if kind == 1:
        return value[:at] + bytes([random_.randrange(256)]) + value[at + 1 :]
    if kind == 2:
        return value[:at] + random_.choice(ENTRIES)[1][:40] + value[at:]
    if kind == 3:
        return value[:at] + value[at + random_.randrange(1, 9) :]
    places = [i for i, byte in enumerate(value) if byte in b":[,"]
    if not places:
        return value[::-1]
    at = random_.choice(places) + 1
    return value[:at] + random_.choice(ODD) + value[at + random_.randrange(12) :]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(ENTRIES), st.integers(0, 2**32), st.booleans())
def test_damaged_entries_are_records_halves_or_rejects(entry: Any, seed: int, twice: bool) -> None:
    name, value, topic, headers = entry
    random_ = random.Random(seed)
    value = damaged(value, random_) or b"x"
    value = damaged(value, random_) if twice else value
    raw = SimpleNamespace(timestamp=5_000, key=b"k", headers=headers)
    found = named(name).read_many([value], [7], topic=topic, source=SOURCE, raws=[raw])
    assert found.records or found.halves or found.rejects or value == b""
    assert all(one.reason.isprintable() and one.offset == 7 for one in found.rejects)
    assert all(len(warning) < 400 for warning in found.warnings)
    for one in found.records:
        assert msgspec.json.encode(one)


def test_what_a_tap_writes_beside_a_pair_of_mlflow_is_read() -> None:
    entry = {
        "id": "r-1", "time": 1_767_571_245.5, "model": "fraud", "latency_ms": 5, "headers": {"X-User-Id": "u-1"},
        "request": {"dataframe_records": [{"a": 1, "b": "x"}]}, "response": {"predictions": [1]},
    }  # fmt: skip
    reading = named("mlflow").read_many([json.dumps(entry).encode()], [0])
    (record,) = reading.records
    assert (record.id, record.time, record.model, record.principal) == ("r-1", 1_767_571_245.5, "fraud", "u-1")
    assert (record.features, record.label, record.latency_ms) == ({"a": 1.0, "b": "x"}, 1, 5.0)
    assert reading.clocks == {"payload": 1}
