"""What the tables of ``schemas/sql`` hold, from the things that workers make: one function a table."""

import json
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.coverage import CoverageRow
from schemas.alert import Alert
from schemas.batch import Batch, Doubles
from streams.sinks.api import Coded, Column, Columns

LAST_SECOND = 2**32 - 1  # 2106: what lifetimes in the tables can still be computed from
ABSENT = -1
ANALYSTS = 1 << 63  # revisions of alerts from here on are an analyst's
Moments = npt.NDArray[np.datetime64]


def moments(seconds: Sequence[float] | Doubles) -> Moments:
    """Seconds since the epoch as ``datetime64[us]``, UTC; what lies outside 1970 to 2106 is moved to its edge."""
    values = np.nan_to_num(np.asarray(seconds, dtype=np.float64), nan=0.0, posinf=LAST_SECOND, neginf=0.0)
    return np.rint(np.clip(values, 0.0, LAST_SECOND) * 1e6).astype(np.int64).astype("datetime64[us]")


def alerts(found: Sequence[Alert], *, revision: int | None = None) -> Columns:
    """Rows of table ``alerts``; ``body`` is the alert as JSON, to the last digit.

    Parameters
    ----------
    revision : None for the worker's words: each one's is its ``last_time``, so that the latest stays whatever a replay
        writes again, and in whatever groups; an analyst's is ``ANALYSTS`` or more and stays
    """
    texts = (
        "id", "threat", "detector", "tenant", "model", "version", "principal", "trigger", "title", "message", "unit",
        "gate", "calibration", "recommendation", "runbook", "incident", "status", "release",
    )  # fmt: skip
    numbers = ("score", "threshold", "budget_paid", "confidence")
    columns: dict[str, Column] = {name: [getattr(alert, name) for alert in found] for name in texts}
    columns |= {name: np.array([getattr(alert, name) for alert in found], np.float64) for name in numbers}
    columns |= {
        name: moments([getattr(alert, name) for alert in found]) for name in ("time", "first_time", "last_time")
    }
    columns |= {name: [getattr(alert, name) for alert in found] for name in ("principals", "record_ids")}
    columns |= {
        name: [getattr(a.frameworks, name) for a in found] for name in ("atlas", "owasp_ml", "owasp_llm", "nist")
    }
    return columns | {
        "revision": np.array([_revision(a) if revision is None else revision for a in found], np.uint64),
        "verdict": [alert.verdict.value for alert in found],
        "severity": [alert.severity.value for alert in found],
        "count": np.array([max(0, alert.count) for alert in found], np.uint64),
        "drill": np.array([alert.drill for alert in found], np.uint8),
        "body": [_json(alert) for alert in found],
    }


def coverage(counted: Sequence[CoverageRow], *, topic: str, partition: int) -> Columns:
    """Rows of table ``coverage`` for one partition; a row of the same bucket, model and hour replaces the last."""
    n = len(counted)
    counts = ("bucket", "records", "scored", "rejected", "unpaired", "unnamed")
    columns: dict[str, Column] = {name: np.array([getattr(row, name) for row in counted], np.uint64) for name in counts}
    return columns | {
        "topic": same(topic, n),
        "partition": np.full(n, partition, np.int32),
        "model": [row.model for row in counted],
        "version": [row.version for row in counted],
        "hour": moments([row.hour * 3600.0 for row in counted]),
        "not_watched": [[f"{name}: {why}" for name, why in sorted(row.not_watched.items())] for row in counted],
    }


def records(batch: Batch, *, topic: str, partition: int, columns: Columns | None = None, full: bool = False) -> Columns:
    """Rows of table ``records`` for the N records of a batch.

    Parameters
    ----------
    columns : what was computed of each record: ``input_hash`` (N,) u8, ``margin`` and ``confidence`` (N,) f4
    full : whether to keep what was asked and answered too, as JSON
    """
    n, rows = len(batch), batch.records
    texts = ("id", "client_ip", "user_agent", "session", "trace_id")
    made: dict[str, Column] = {name: [getattr(record, name) for record in rows] for name in texts}
    made |= {
        "time": moments(batch.time),
        "tenant": [record.tenant for record in rows],
        "model": same(batch.model, n),
        "version": same(batch.version, n),
        "principal": Coded(batch.principals, batch.principal),
        "topic": same(topic, n),
        "partition": np.full(n, partition, np.int32),
        "offset": batch.offsets.astype(np.uint64),
        "label": batch.labels,
        "latency_ms": batch.latency * np.float32(1000.0),
        "tokens_in": np.ascontiguousarray(batch.tokens[:, 0]),
        "tokens_out": np.ascontiguousarray(batch.tokens[:, 1]),
        "status": np.array([_status(record.status) for record in rows], np.int32),
    }
    if full:
        made["payload"] = [_json(record) for record in rows]
    return made | dict(columns or {})


def _revision(alert: Alert) -> int:
    """Microseconds since the epoch until its last record, below ``ANALYSTS``."""
    return int(min(max(alert.last_time, 0.0), LAST_SECOND) * 1e6)


def same(value: str, n: int) -> Coded:
    """One string in every of n rows."""
    return Coded([value], np.zeros(n, np.int32))


def _status(status: int | None) -> int:
    return status if status is not None and abs(status) < 2**31 else ABSENT


def _json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can only say in ASCII
        return json.dumps(msgspec.to_builtins(value))
