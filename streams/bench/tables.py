"""Entries of logs that are rows, made by hand, to measure their readers with."""

import json

from schemas.formats import Source

NUMBERS = [round(((i * 37) % 101) / 50 - 1, 3) for i in range(32)]
MAPPED = Source(
    fields=(
        ("id", "meta.request_id"), ("time", "meta.ts as ms"), ("model", "meta.model"), ("principal", "meta.caller.id"),
        ("features", "features"), ("probabilities", "out.probabilities"), ("latency_ms", "out.ms"), ("client_ip", "ip"),
    ),
)  # fmt: skip


def cases() -> list[tuple[str, str, bytes, int]]:
    """What is measured, each as (what it is, name of the format, one entry, goal in records/s on one core or 0)."""
    return [
        ("native JSON, 32 features", "native", native(), 200_000),
        ("mapping, 32 features", "mapping", mapped(), 40_000),
        ("flat row, 12 columns", "columns", row(), 0),
        ("Databricks", "databricks", databricks(), 0),
        ("SageMaker", "sagemaker", sagemaker(), 0),
        ("Ray Serve", "ray_serve", ray(), 0),
    ]


def native() -> bytes:
    """A record of our own, as ``tidegate bench`` streams them."""
    record = {
        "id": "0000002a", "time": 1767571245.525, "model": "bench", "version": "1", "principal": "p-0042",
        "features": NUMBERS, "probabilities": [0.1] * 10, "latency_ms": 2.5,
    }  # fmt: skip
    return json.dumps(record, separators=(",", ":")).encode()


def mapped() -> bytes:
    """Somebody's own log: nested, with fields that nobody asked for."""
    entry = {
        "meta": {"request_id": "r-0001", "ts": 1767571245525, "model": "fraud", "caller": {"id": "u-1", "tier": "g"}},
        "features": NUMBERS, "out": {"probabilities": [0.9, 0.1], "ms": 2.5}, "ip": "192.0.2.4",
        "extra": {"note": "x" * 200},
    }  # fmt: skip
    return json.dumps(entry).encode()


def row() -> bytes:
    """A row of a table."""
    columns = {f"column_{i}": number for i, number in enumerate(NUMBERS[:8])}
    return json.dumps(
        {"timestamp": 1767571245.5, "user_id": "u-1", **columns, "prediction": 1, "request_id": "r"}
    ).encode()


def databricks() -> bytes:
    """A row of an inference table with one input."""
    asked = {"dataframe_split": {"columns": [f"c{i}" for i in range(16)], "data": [NUMBERS[:16]]}}
    entry = {
        "databricks_request_id": "d-1", "client_request_id": None, "timestamp_ms": 1767571245525, "status_code": 200,
        "execution_time_ms": 33, "request": json.dumps(asked), "response": '{"predictions": [1]}',
        "sampling_fraction": 1.0,
        "request_metadata": {"endpoint_name": "fraud", "model_name": "m", "model_version": "3"},
    }  # fmt: skip
    return json.dumps(entry).encode()


def sagemaker() -> bytes:
    """A captured call with one line of CSV."""
    sides = (("endpointInput", ",".join(map(str, NUMBERS))), ("endpointOutput", "0.013"))
    captured = {
        side: {"observedContentType": "text/csv", "encoding": "CSV", "data": text + "\n"} for side, text in sides
    }
    about = {"eventId": "e-1", "inferenceTime": "2026-01-05T00:00:45Z"}
    return json.dumps({"captureData": captured, "eventMetadata": about, "eventVersion": "0"}).encode()


def ray() -> bytes:
    """A line of a proxy."""
    entry = {
        "asctime": "2026-01-05 00:00:45,525", "levelname": "INFO", "message": "POST /iris 200 24.2ms",
        "filename": "proxy.py", "lineno": 491, "worker_id": "f" * 56, "node_id": "5" * 56, "component_name": "proxy",
        "route": "/iris", "request_id": "r-1", "timestamp_ns": 1767571245525000000,
    }  # fmt: skip
    return json.dumps(entry).encode()
