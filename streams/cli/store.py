"""The configured ClickHouse, opened for a command that looks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from streams.cli.failures import Failed, Wrong

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.sinks.api import Sink

EVER = 4294967295.0  # s, 2106: the last second that a table can hold
ALL = 2**63 - 1  # rows


@contextmanager
def opened(settings: "Settings") -> Iterator["Sink"]:
    """Open the sink that ``clickhouse.url`` names, and close it.

    Raises
    ------
    Wrong
        the URL cannot be used
    Unavailable
        the server does not answer, or another process holds the directory
    """
    from streams.sinks.address import WrongAddress, open_sink

    place = settings.clickhouse
    password = place.password.get_secret_value() if place.password else ""
    try:
        sink = open_sink(place.url, password=password, password_file=place.password_file, timeout=place.timeout)
    except WrongAddress as error:
        raise Wrong(f"clickhouse.url: {error}") from None
    try:
        yield sink
    finally:
        sink.close()


def ask(settings: "Settings", name: str, **parameters: object) -> list[dict[str, Any]]:
    """Rows of one named query.

    Raises
    ------
    Failed
        with the cure where the directory or the tables are not there yet
    """
    from streams.sinks.address import directory
    from streams.sinks.api import Refused

    place = settings.clickhouse.url.rpartition("@")[2]
    if place.startswith("chdb://") and not directory(place).exists():  # opening would make an empty one
        raise Failed(f"{place}: there is no such directory; check [clickhouse] url, or run tidegate migrate")
    with opened(settings) as sink:
        try:
            return sink.query(name, parameters)
        except Refused as error:
            if error.code in (60, 81):  # no such table, no such database
                raise Failed(f"{place}: the tables are not there yet: run tidegate migrate") from None
            raise


def between(since: float | None, until: float | None) -> Mapping[str, float]:
    """Parameters ``since`` and ``until`` of a query, wide open where not given."""
    return {"since": max(0.0, since or 0.0), "until": min(EVER, EVER if until is None else until)}


def day(time: float) -> str:
    """The day of a time, UTC."""
    return datetime.fromtimestamp(time, UTC).date().isoformat()
