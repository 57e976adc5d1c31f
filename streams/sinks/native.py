"""Columns <-> the plain lists that clickhouse-driver packs, by the types that the server's table really has."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from clickhouse_driver import Client

from streams.sinks.api import Coded, Column

_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_SCALE = re.compile(r"DateTime64\((\d+)")
LAST_SECOND = 2**32 - 1


def described(client: Client, table: str) -> dict[str, str]:
    """Column types of ``database.table`` by name.

    Raises
    ------
    ValueError
        if that is no name of a table of ours
    """
    if not _NAME.fullmatch(table):
        raise ValueError(f"{table!r} is no name of a table of ours")
    return {row[0]: row[1] for row in client.execute(f"DESCRIBE TABLE {table}")}


def values(column: Column, kind: str) -> list[Any]:
    """One column as a list of its own, since the driver writes into what it is given.

    Times become ticks of the column's own scale, which spares it a ``datetime`` a row.
    """
    if isinstance(column, Coded):
        return column.expanded()
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "M":
            return _ticks(column.astype("datetime64[us]").view(np.int64), kind)
        return column.tolist()  # type: ignore[no-any-return]
    listed = list(column)
    return values(np.array(listed), kind) if listed and isinstance(listed[0], np.generic) else listed


def _ticks(microseconds: Any, kind: str) -> list[Any]:
    found = _SCALE.search(kind)
    if found is None:
        return np.clip(microseconds // 1_000_000, 0, LAST_SECOND).tolist()  # type: ignore[no-any-return]
    scale = int(found[1])
    ticks = microseconds // 10 ** (6 - scale) if scale <= 6 else microseconds * 10 ** (scale - 6)
    return ticks.tolist()  # type: ignore[no-any-return]


def valid_text(column: Sequence[Any]) -> list[Any]:
    r"""Return the same with lone surrogates, which UTF-8 cannot hold, written as ``\udc80``."""
    return [_valid(value) for value in column]


def _valid(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list | tuple):
        return [_valid(each) for each in value]
    return value


def plain_row(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """One row of an answer as JSON could hold it, in the form that the embedded engine gives."""
    return {name: _plain(value) for name, value in zip(names, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return str(value)
