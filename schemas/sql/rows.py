"""Rows: alerts as columns of table ``alerts``."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.alert import Alert
from schemas.exports import jsonl

_FRAMEWORKS = ("atlas", "owasp_ml", "owasp_llm", "nist")
_TIMES = ("time", "first_time", "last_time")
_PLAIN = tuple(name for name in Alert.__struct_fields__ if name not in {*_TIMES, "why", "coverage", "frameworks"})


def alert_columns(alerts: Sequence[Alert], *, revision: int = 0) -> dict[str, Any]:
    """Return N alerts as columns of N values, times as (N,) ``datetime64[us]``.

    Parameters
    ----------
    revision : 0 is the worker's; a higher one replaces rows with the same id
    """
    columns: dict[str, Any] = {name: [_plain(getattr(alert, name)) for alert in alerts] for name in _PLAIN}
    columns |= {name: _times([getattr(alert, name) for alert in alerts]) for name in _TIMES}
    columns |= {name: [list(getattr(alert.frameworks, name)) for alert in alerts] for name in _FRAMEWORKS}
    columns["revision"] = np.full(len(alerts), revision, dtype=np.uint64)
    columns["body"] = [jsonl.encode(alert).decode() for alert in alerts]
    return columns


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _times(seconds: Sequence[float]) -> npt.NDArray[np.datetime64]:
    return np.round(np.array(seconds, dtype=np.float64) * 1e6).astype("datetime64[us]")
