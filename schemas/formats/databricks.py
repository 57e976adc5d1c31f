"""Databricks inference tables: rows of whole calls, request and answer as JSON text, in three generations of columns.

The oldest has ``timestamp_ms`` and ``request_metadata``, that of the AI Gateway ``request_time`` and ``requester``, the
newest ``event_time`` and ``invocation_id``. Bodies that were too large are null, and ``logging_error_codes`` says so.

References
----------
https://docs.databricks.com/aws/en/machine-learning/model-serving/inference-tables
https://docs.databricks.com/aws/en/ai-gateway/inference-tables
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.decoded import json_of, object_of
from schemas.formats.exchange import Exchange
from schemas.formats.lenient import Refused
from schemas.formats.logged import ASKED
from schemas.formats.message import Message
from schemas.formats.pairs import called
from schemas.formats.rules import Limits, Source

TITLE = "Databricks inference tables"
PRINCIPALS = ("requester", "client_id", "client_ip", *ASKED)
_TIMES = ("timestamp_ms", "request_time", "event_time", "request_date", "date")
_IDS = ("databricks_request_id", "invocation_id", "client_request_id")
_LATENCIES = ("execution_time_ms", "execution_duration_ms", "latency_ms")


def signs(one: Message) -> float:
    """The names of its columns."""
    value = one.value
    named = b'"databricks_request_id"' in value or b'"invocation_id"' in value
    bodies = b'"request"' in value and b'"response"' in value
    times = any(f'"{name}"'.encode() in value for name in _TIMES)
    more = any(f'"{name}"'.encode() in value for name in ("sampling_fraction", "served_entity_id", "request_metadata"))
    return 0.5 * named + 0.2 * bodies + 0.1 * times + 0.2 * more


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The call of one row."""
    row = object_of(one.value, limits)
    if not any(name in row for name in (*_IDS, *_TIMES)):
        raise Refused("there is neither an id nor a time of Databricks' in the row")
    about = row.get("request_metadata")
    if isinstance(about, str) and about.startswith("{"):
        about = json_of(about, limits, "$.request_metadata")
    about = about if isinstance(about, dict) else {}
    endpoint = about.get("endpoint_name") or row.get("endpoint_name")
    model = endpoint or about.get("model_name") or row.get("served_entity_name") or row.get("served_entity_id")
    common = {
        "id": _first(row, _IDS),
        "time": _first(row, _TIMES),
        "model": model,
        "version": about.get("model_version") or row.get("served_entity_version"),
        "status": row.get("status_code"),
        "latency_ms": _first(row, _LATENCIES),
        "trace_id": row.get("client_request_id"),
    }
    return [called(common, row.get("request"), row.get("response"), limits, attributes=row, warnings=_odd(row))]


def _first(row: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _odd(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a body is missing, and that the log is a sample."""
    odd = []
    codes = row.get("logging_error_codes")
    if codes and not row.get("request"):
        odd.append("$.request: too large to be logged")
    if codes and not row.get("response"):
        odd.append("$.response: too large to be logged")
    fraction = row.get("sampling_fraction")
    if isinstance(fraction, int | float) and 0 <= fraction < 1:
        odd.append("$.sampling_fraction: the log is a sample, rates are higher than they look")
    return tuple(odd)
