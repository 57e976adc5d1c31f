"""How long rows are kept, where the configuration says another time than the migrations."""

import re
from collections.abc import Mapping

from streams.sinks.migrations import Database

TABLES = ("records", "scores", "alerts", "incidents")
SHORTEST, LONGEST = 3600.0, 50 * 365 * 86_400.0  # s; times in tables end in 2106
_WRITTEN = re.compile(
    r"TTL toDateTime\(ingest_time\) \+ (?:INTERVAL (\d+) (\w+)|toInterval(\w+)\((\d+)\))", re.IGNORECASE
)
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def keep(database: Database, seconds: Mapping[str, float], *, dry_run: bool = False) -> list[str]:
    """Set lifetimes by table, counted from when rows were written, and return the statements that were needed.

    Only what differs is altered, since altering makes the server look at all parts. It needs a user that may. With
    ``dry_run`` nothing is altered.

    Raises
    ------
    ValueError
        a table whose rows have no lifetime, or one under an hour or over 50 years
    Unavailable, Refused
        from the database
    """
    for table, length in seconds.items():
        if table not in TABLES or not SHORTEST <= length <= LONGEST:
            raise ValueError(
                f"rows of {table} cannot be kept for {length:g} s: an hour to 50 years, in {', '.join(TABLES)}"
            )
    present = written(database)
    wanted = {table: int(length) for table, length in seconds.items()}
    made = [
        f"ALTER TABLE tidegate.{table} MODIFY TTL toDateTime(ingest_time) + INTERVAL {length} SECOND DELETE"
        for table, length in wanted.items()
        if present.get(table) != length
    ]
    for statement in () if dry_run else made:
        database.execute(statement)
    return made


def written(database: Database) -> dict[str, int]:
    """Lifetimes that the tables have now, s; without tables that keep rows for ever."""
    asked = "SELECT name, create_table_query AS made FROM system.tables WHERE database = 'tidegate'"
    found = {row["name"]: _WRITTEN.search(row["made"]) for row in database.execute(asked)}
    return {name: _seconds(match) for name, match in found.items() if match}


def _seconds(match: re.Match[str]) -> int:
    number, unit = match[1] or match[4], match[2] or match[3]
    return int(number) * _UNITS[unit.lower()]
