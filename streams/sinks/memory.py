"""Rows in lists: for tests, and for a scan that is asked to keep nothing."""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any

from streams.sinks.api import Columns, NotSupported, rows_of
from streams.sinks.blocks import plain_values

Row = dict[str, Any]


class Memory:
    """A sink that forgets when the process ends. Durable means: in the list.

    Attributes
    ----------
    tables : rows by table, in order of writing, times as float seconds since the epoch
    tokens : tokens taken, in order
    """

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {}
        self.tokens: dict[str, None] = {}
        self._lock = Lock()

    def write(self, table: str, columns: Columns, token: str) -> None:
        """Append the rows, once per token."""
        rows = rows_of(columns)
        with self._lock:
            if (key := f"{table}/{token}") in self.tokens:
                return
            self.tokens[key] = None
            plain = {name: plain_values(column) for name, column in columns.items()}
            kept = self.tables.setdefault(table, [])
            kept.extend({name: values[row] for name, values in plain.items()} for row in range(rows))

    def query(self, name: str, parameters: Mapping[str, object]) -> list[Row]:
        """Answer ``alerts_list`` and ``alert_one``; everything else needs SQL.

        Raises
        ------
        NotSupported
            for a query that only ClickHouse or the embedded engine can answer
        """
        answer = ANSWERS.get(name)
        if answer is None:
            raise NotSupported(f"rows kept in memory cannot answer {name}: use chdb:///DIRECTORY or clickhouse://")
        with self._lock:
            newest = {row["id"]: row for row in self.tables.get("alerts", [])}
        return answer(sorted(newest.values(), key=lambda row: (row["time"], row["id"])), parameters)

    def close(self) -> None:
        """Keep the rows: a test looks at them afterwards."""


def _alerts_list(alerts: Iterable[Row], parameters: Mapping[str, object]) -> list[Row]:
    """Alerts that match what is asked, oldest first; an empty or missing parameter asks nothing."""
    wanted = {name: parameters.get(name) for name in ("model", "principal", "threat", "verdict", "severity", "status")}
    since, until = (parameters.get(name) for name in ("since", "until"))
    chosen = [
        row
        for row in alerts
        if all(not value or row.get(name) == value for name, value in wanted.items())
        and (not isinstance(since, int | float) or row["time"] >= since)
        and (not isinstance(until, int | float) or row["time"] < until)
    ]
    limit = parameters.get("limit")
    return chosen[:limit] if isinstance(limit, int) and limit > 0 else chosen


def _alert_one(alerts: Iterable[Row], parameters: Mapping[str, object]) -> list[Row]:
    return [row for row in alerts if row["id"].startswith(str(parameters.get("id", "")))][:2]


ANSWERS: Mapping[str, Callable[[Iterable[Row], Mapping[str, object]], list[Row]]] = {
    "alerts_list": _alerts_list,
    "alert_one": _alert_one,
}
