"""What is looked at before a worker starts, on the embedded engine."""

import pytest

from streams.preflight import CannotStart, tables, writable
from streams.settings import ClickHouse
from streams.sinks.embedded import Embedded
from streams.sinks.lifetimes import written
from streams.sinks.memory import Memory

DAY = 86_400


@pytest.fixture
def engine(tmp_path):
    sink = Embedded(tmp_path / "db")
    yield sink
    sink.close()


def test_an_embedded_database_gets_its_tables_and_keeps_rows_as_long_as_configured(engine):
    tables(engine, ClickHouse(records_ttl="7d", alerts_ttl="90d").lifetimes)
    kept = written(engine)
    assert (kept["records"], kept["scores"], kept["alerts"], kept["incidents"]) == (
        7 * DAY,
        7 * DAY,
        90 * DAY,
        90 * DAY,
    )
    tables(engine, ClickHouse(alerts_ttl="91d").lifetimes)
    assert (written(engine)["records"], written(engine)["alerts"]) == (30 * DAY, 91 * DAY)


def test_rows_in_memory_need_no_tables():
    sink = Memory()
    tables(sink, ClickHouse().lifetimes)
    assert sink.tables == {}


def test_a_directory_that_cannot_be_written_is_said_with_the_cure(tmp_path):
    (tmp_path / "file").write_text("")
    writable(tmp_path / "new" / "snapshots")
    with pytest.raises(CannotStart, match=r"Not a directory; correct \[state\] snapshots"):
        writable(tmp_path / "file" / "snapshots")
