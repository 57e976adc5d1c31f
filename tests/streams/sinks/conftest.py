import pytest

from streams.sinks.embedded import Embedded
from streams.sinks.migrations import migrate


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """An embedded engine with all tables, one for each test file: chDB knows one directory a process."""
    sink = Embedded(tmp_path_factory.mktemp("migrated"))
    migrate(sink)
    yield sink
    sink.close()


@pytest.fixture
def database(migrated):
    """The same with empty tables."""
    for row in migrated.execute("SELECT name FROM system.tables WHERE database = 'tidegate' AND engine != 'View'"):
        if row["name"] != "schema_version":
            migrated.execute(f"TRUNCATE TABLE tidegate.{row['name']}")
    return migrated
