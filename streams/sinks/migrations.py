"""Bring the tables up to date: numbered files, each applied once, none changed afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from schemas import sql
from streams.sinks.api import Columns

_EXISTS = "SELECT count() AS found FROM system.tables WHERE database = 'tidegate' AND name = 'schema_version'"


class Database(Protocol):
    """A sink that runs SQL, ``embedded`` or not; an embedded one has no users and no roles."""

    embedded: bool

    def execute(self, statement: str) -> list[dict[str, Any]]:
        """Run one SQL statement and return its rows."""
        ...

    def write(self, table: str, columns: Columns, token: str) -> None:
        """Insert rows; see ``streams.sinks.api.Sink``."""
        ...


class Unfit(Exception):
    """The database and this tidegate do not go together; the message says which of them to change."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration that was applied, or would be.

    Attributes
    ----------
    statements : as they are sent
    """

    name: str
    statements: tuple[str, ...]


def migrate(
    database: Database,
    *,
    dry_run: bool = False,
    roles: bool = True,
    adapted: Callable[[str], str] = str,
) -> list[Step]:
    """Apply what is missing, in order, and return it; with ``dry_run`` only say what it would be.

    Running it again does no harm, nor twice at a time, nor after it was cut off: every statement may come again.

    Parameters
    ----------
    roles : whether to make roles and grants too, which needs a user that may; the embedded engine never does
    adapted : changes a statement for another dialect; one that becomes empty is left out

    Raises
    ------
    Unfit
        a file was changed after it was applied, or the database is newer than this tidegate
    Unavailable, Refused
        from the database; what was applied until then stays
    """
    done = applied(database)
    steps = []
    for migration in _wanted(done, roles=roles and not database.embedded):
        step = Step(migration.name, tuple(filter(None, map(adapted, migration.statements))))
        steps.append(step)
        if dry_run:
            continue
        for statement in step.statements:
            database.execute(statement)
        row: Columns = {"number": [migration.number], "name": [migration.name], "checksum": [migration.checksum]}
        database.write("schema_version", row, migration.checksum)
    return steps


def applied(database: Database) -> dict[int, str]:
    """Checksums of the migrations that the database has had, by number; empty before the first."""
    if not database.execute(_EXISTS)[0]["found"]:
        return {}
    return {int(row["number"]): str(row["checksum"]) for row in database.execute(sql.query("schema_versions"))}


def _wanted(done: dict[int, str], *, roles: bool) -> Iterator[sql.Migration]:
    known = sql.migrations()
    if unknown := sorted(set(done) - {migration.number for migration in known}):
        raise Unfit(f"the database has migration {unknown[0]:04d}, which this tidegate does not know: upgrade tidegate")
    for migration in known:
        if migration.number not in done:
            if roles or not migration.server_only:
                yield migration
        elif done[migration.number] != migration.checksum:
            raise Unfit(
                f"migration {migration.name} is not the one that was applied to this database: "
                "a change belongs in a new migration"
            )
