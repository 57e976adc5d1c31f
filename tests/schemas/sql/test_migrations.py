"""The tables are those of the contract, can be made twice, and give each role no more than it needs."""

import re

import pytest
from chdb.session import Session

from schemas import sql
from schemas.alert import Alert
from schemas.signal import Block
from schemas.sql.dialect import for_old_server

TABLES = {
    "records", "scores", "alerts", "incidents", "evidence", "sketches", "coverage", "ledger", "calibrations", "signals",
    "triage", "exceptions", "audit", "schema_version", "exposure",
}  # fmt: skip
VIEWS = {"v_open_alerts", "v_alert_timeline", "v_budget_audit", "v_coverage", "v_campaign", "v_exposure"}
TRAFFIC = {"records", "scores", "sketches", "evidence", "calibrations", "signals"}
EVERYTHING = [statement for migration in sql.migrations() for statement in migration.statements]
GRANTS = [statement for statement in EVERYTHING if statement.startswith("GRANT")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    session = Session(str(tmp_path_factory.mktemp("engine")))
    for _ in range(2):
        for migration in sql.migrations():
            for statement in () if migration.server_only else migration.statements:
                session.query(statement)
    yield session
    session.close()


def rows(session, statement):
    return [line.split("\t") for line in str(session.query(statement, "TSV")).splitlines()]


def test_the_tables_and_views_are_those_of_the_contract_however_often_they_are_made(engine):
    found = rows(engine, "SELECT name, engine FROM system.tables WHERE database = 'tidegate'")
    assert {name for name, kind in found if kind != "View"} == TABLES
    assert {name for name, kind in found if kind == "View"} == VIEWS


def test_every_table_remembers_enough_inserts_to_drop_a_repeated_one(engine):
    found = rows(engine, "SELECT name, create_table_query FROM system.tables WHERE database = 'tidegate'")
    kept = {name for name, text in found if "non_replicated_deduplication_window = 10000" in text}
    assert kept == TABLES - {"schema_version"}


def test_whatever_holds_traffic_is_forgotten_some_day(engine):
    found = rows(engine, "SELECT name, create_table_query FROM system.tables WHERE database = 'tidegate'")
    assert {name for name, text in found if " TTL " in text} >= TRAFFIC


def test_no_partition_depends_on_a_time_that_a_client_may_choose_where_rows_are_many(engine):
    found = dict(rows(engine, "SELECT name, partition_key FROM system.tables WHERE database = 'tidegate'"))
    assert {found[name] for name in ("records", "scores", "sketches")} == {"toDate(ingest_time)"}


def test_every_field_of_an_alert_can_be_searched_or_is_in_the_body(engine):
    columns = {name for name, *_ in rows(engine, "DESCRIBE TABLE tidegate.alerts")}
    assert set(Alert.__struct_fields__) - columns == {"why", "examples", "coverage", "frameworks"}
    assert {"body", "atlas", "owasp_ml", "owasp_llm", "nist", "revision"} <= columns


def test_every_field_of_a_block_has_a_column_but_its_sample_and_who_spoke(engine):
    columns = {name for name, *_ in rows(engine, "DESCRIBE TABLE tidegate.signals")}
    assert set(Block.__struct_fields__) - columns == {"sample", "speakers", "counts", "known"}


def test_every_statement_parses_also_those_that_only_a_server_can_run(engine):
    for statement in EVERYTHING:
        assert rows(engine, sql.literals.render("SELECT formatQuery({text:String})", {"text": statement}))


def test_roles_and_grants_are_kept_apart_from_what_the_embedded_engine_runs():
    for migration in sql.migrations():
        text = " ".join(migration.statements)
        assert migration.server_only == ("GRANT" in text)
        assert migration.server_only or "ROLE" not in text


def test_nobody_may_change_or_remove_what_is_there():
    for grant in GRANTS:
        rights = re.match(r"GRANT (.*?) ON ", grant)[1].split(", ")
        assert set(rights) <= {"SELECT", "INSERT", "SHOW TABLES", "SHOW COLUMNS"}


def granted(role, right):
    found = [re.fullmatch(r"GRANT (.*?) ON tidegate\.(\S+) TO (\S+)", grant).groups() for grant in GRANTS]
    return {table for rights, table, to in found if to == role and right in rights.split(", ")}


def test_the_writer_reads_no_traffic_back():
    assert granted("tidegate_writer", "SELECT") == {"calibrations", "audit", "exceptions", "schema_version"}
    assert granted("tidegate_writer", "INSERT") <= TABLES - {"triage", "exceptions", "schema_version"}


def test_the_analyst_writes_only_judgements():
    judgements = {"alerts", "incidents", "triage", "exceptions", "audit"}
    assert granted("tidegate_analyst", "INSERT") == judgements


def test_the_auditor_writes_nothing_and_sees_no_traffic():
    assert granted("tidegate_auditor", "INSERT") == set()
    assert granted("tidegate_auditor", "SELECT") == (TABLES - TRAFFIC) | VIEWS


def test_files_are_numbered_without_gaps_and_keep_their_checksums():
    migrations = sql.migrations()
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))
    assert len({migration.checksum for migration in migrations}) == len(migrations)
    assert migrations == sql.migrations()


def test_a_file_splits_at_semicolons_that_end_a_line():
    text = "-- a comment; with one\nSELECT ';' AS a;\n\nSELECT 2 -- kept; here\n;\n  -- indented\nSELECT 3;\n"
    assert sql.statements(text) == ("SELECT ';' AS a", "SELECT 2 -- kept; here", "SELECT 3")


def test_an_old_server_gets_statements_without_what_it_does_not_know():
    unknown = re.compile(r"CODEC|LowCardinality|DateTime64|now64|^\s*(INDEX|PROJECTION|TTL|SETTINGS)\b", re.MULTILINE)
    for migration in sql.migrations():
        for statement in () if migration.server_only else migration.statements:
            text = for_old_server(statement)
            assert not unknown.search(text)
            assert not re.search(r",\s*\)", text)
            lifetime = statement.startswith("ALTER TABLE") and " MODIFY TTL " in statement
            assert text[:12] == ("" if lifetime else statement[:12])


def test_queries_need_no_translation_for_an_old_server():
    for name in sql.queries():
        assert for_old_server(sql.query(name)) == sql.query(name)


def test_a_query_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        sql.query("../migrations/0001_database")
