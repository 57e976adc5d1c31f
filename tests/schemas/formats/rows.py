"""Rows as table-like logs have them, and how tests read them."""

import json
from base64 import b64encode

from schemas.formats import Source, named

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
