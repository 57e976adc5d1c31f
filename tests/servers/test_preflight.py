"""What is looked at before a worker starts, on a real server, an old one."""

import pytest

from schemas.sql.dialect import for_old_server
from streams.log import configure
from streams.preflight import CannotStart, tables
from streams.settings import ClickHouse
from streams.sinks.lifetimes import written
from streams.sinks.migrations import migrate

pytestmark = pytest.mark.servers


def test_what_an_old_server_cannot_do_is_said_at_the_start(sink, capsys):
    migrate(sink, roles=False, adapted=for_old_server)
    configure("info", "json")
    tables(sink, ClickHouse().lifetimes)
    said = capsys.readouterr().err
    assert "18.16.1 does not know insert_deduplication_token" in said
    assert said.count("the database is old") == 1


def test_the_tables_of_a_server_are_left_as_they_are(sink):
    with pytest.raises(CannotStart, match="lacks 0001_database: run tidegate migrate"):
        tables(sink, ClickHouse().lifetimes)
    migrate(sink, roles=False, adapted=for_old_server)
    tables(sink, ClickHouse(records_ttl="7d").lifetimes)
    assert written(sink) == {}
