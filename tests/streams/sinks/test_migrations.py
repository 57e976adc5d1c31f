import pytest

from schemas import sql
from streams.sinks.embedded import Embedded
from streams.sinks.migrations import Unfit, applied, migrate


@pytest.fixture
def empty(tmp_path):
    sink = Embedded(tmp_path)
    yield sink
    sink.close()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(empty):
    steps = migrate(empty, dry_run=True)
    assert steps[0].name == "0001_database"
    assert steps[0].statements[0].startswith("CREATE DATABASE")
    assert applied(empty) == {}
    assert migrate(empty, dry_run=True) == steps


def test_every_migration_is_applied_once_and_remembered(empty):
    names = [step.name for step in migrate(empty)]
    wanted = [migration for migration in sql.migrations() if not migration.server_only]
    assert len(names) == len(wanted)
    assert applied(empty) == {migration.number: migration.checksum for migration in wanted}
    assert migrate(empty) == []


def test_the_embedded_engine_makes_no_roles(empty):
    server_only = {
        f"{migration.number:04d} {migration.name}" for migration in sql.migrations() if migration.server_only
    }
    assert server_only
    assert server_only.isdisjoint(step.name for step in migrate(empty))


def test_a_cut_off_run_is_finished_by_the_next(empty):
    for statement in (*sql.migrations()[0].statements, sql.migrations()[1].statements[0]):
        empty.execute(statement)
    assert len(migrate(empty)) == len([each for each in sql.migrations() if not each.server_only])


def test_a_changed_file_is_refused(empty):
    migrate(empty)
    empty.execute("ALTER TABLE tidegate.schema_version DELETE WHERE number = 2 SETTINGS mutations_sync = 2")
    empty.write("schema_version", {"number": [2], "name": ["traffic"], "checksum": ["other"]}, "changed")
    with pytest.raises(Unfit, match="0002_traffic is not the one that was applied"):
        migrate(empty)


def test_a_newer_database_is_left_alone(empty):
    migrate(empty)
    empty.write("schema_version", {"number": [9999], "name": ["future"], "checksum": ["x"]}, "future")
    with pytest.raises(Unfit, match="9999, which this tidegate does not know: upgrade"):
        migrate(empty)
