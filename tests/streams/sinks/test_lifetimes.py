import pytest

from streams.sinks.lifetimes import TABLES, keep, written

DAY = 86_400


def test_the_migrations_say_how_long_by_default(database):
    assert written(database)["records"] == 30 * DAY
    assert set(TABLES) <= set(written(database))


def test_only_what_differs_is_altered(database):
    before = written(database)
    changed = {"records": 7.0 * DAY, "alerts": float(before["alerts"])}
    (statement,) = keep(database, changed)
    assert statement.startswith("ALTER TABLE tidegate.records MODIFY TTL")
    assert written(database) == before | {"records": 7 * DAY}
    assert keep(database, changed) == []
    assert len(keep(database, {"records": float(before["records"])})) == 1
    assert written(database) == before


def test_a_dry_run_says_what_it_would_alter_and_alters_nothing(database):
    before = written(database)
    (statement,) = keep(database, {"alerts": 7.0 * DAY}, dry_run=True)
    assert "tidegate.alerts" in statement
    assert written(database) == before


def test_rows_are_gone_after_their_time(database):
    before = written(database)["records"]
    keep(database, {"records": 3600.0})
    for age in (1, 2):
        database.execute(
            f"INSERT INTO tidegate.records (id, ingest_time) SELECT 'r{age}', now() - INTERVAL {age * 50} MINUTE"
        )
    database.execute("OPTIMIZE TABLE tidegate.records FINAL")
    assert database.execute("SELECT id FROM tidegate.records") == [{"id": "r1"}]
    keep(database, {"records": float(before)})


@pytest.mark.parametrize("wrong", [{"audit": 1e6}, {"records": 10.0}, {"alerts": 100 * 365.0 * DAY}, {"nothing": 1e6}])
def test_what_must_not_be_forgotten_cannot_be(database, wrong):
    with pytest.raises(ValueError, match="cannot be kept"):
        keep(database, wrong)
