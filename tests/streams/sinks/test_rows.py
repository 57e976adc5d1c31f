import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.coverage import CoverageRow
from schemas.alert import Alert, Frameworks, Severity, Verdict, Why
from schemas.columns import batches
from schemas.record import Record
from streams.sinks import rows
from streams.sinks.api import rows_of
from streams.sinks.blocks import token

ALERT = Alert(
    id="0" * 32, time=1767700000.1, first_time=1767699990.0, last_time=1767700000.123456, verdict=Verdict.ATTACK,
    threat="extraction", severity=Severity.HIGH, detector="unusual_profile", model="fraud", version="3.2.1",
    principal="u-1'; --", principals=["u-1'; --", "u-2"], record_ids=["a", "b"], count=412, score=5.1, threshold=3.9,
    why=[Why(name="distance", value=0.31, typical=0.02, text="far")], frameworks=Frameworks(atlas=["AML.T0024.002"]),
    drill=True,
)  # fmt: skip


@given(st.lists(st.floats()))
def test_any_number_is_a_moment(seconds):
    ticks = rows.moments(seconds).view(np.int64)
    assert ((ticks >= 0) & (ticks <= rows.LAST_SECOND * 10**6)).all()


@given(st.floats(0, rows.LAST_SECOND))
def test_a_moment_keeps_its_microsecond(seconds):
    assert rows.moments([seconds]).view(np.int64)[0] == pytest.approx(seconds * 1e6, abs=0.51)


def test_an_alert_comes_back_to_the_last_digit(database):
    columns = rows.alerts([ALERT])
    database.write("alerts", columns, token("alerts", columns))
    row = database.execute("SELECT * FROM tidegate.alerts")[0]
    assert msgspec.json.decode(row["body"], type=Alert) == ALERT
    assert row["time"] == "2026-01-06T11:46:40.100000Z"
    assert row["last_time"] == "2026-01-06T11:46:40.123456Z"
    assert (row["principals"], row["atlas"], row["drill"]) == (ALERT.principals, ["AML.T0024.002"], 1)


def test_every_column_of_an_alert_is_written(database):
    kept = {row["name"] for row in database.execute("DESCRIBE TABLE tidegate.alerts")}
    assert kept - set(rows.alerts([ALERT])) == {"ingest_time"}


def test_an_analysts_word_survives_a_replay(database):
    judged = msgspec.structs.replace(ALERT, status="false-positive")
    for columns in (rows.alerts([ALERT]), rows.alerts([judged], revision=rows.ANALYSTS), rows.alerts([ALERT, ALERT])):
        database.write("alerts", columns, token("alerts", columns))
    assert database.execute("SELECT status FROM tidegate.alerts FINAL") == [{"status": "false-positive"}]


def test_the_latest_word_stays_whatever_groups_a_replay_writes(database):
    """A group that was written before is dropped as a repeat: what is older must not win by being written last."""
    later = msgspec.structs.replace(ALERT, last_time=ALERT.last_time + 60.0, threat="membership")
    other = msgspec.structs.replace(ALERT, id="f" * 32)
    for group in ([ALERT], [later], [ALERT, other], [later]):
        columns = rows.alerts(group)
        database.write("alerts", columns, token("alerts", columns))
    found = database.execute(f"SELECT threat FROM tidegate.alerts FINAL WHERE id = '{ALERT.id}'")
    assert found == [{"threat": "membership"}]


def test_text_that_no_encoding_holds_does_not_raise(database):
    hostile = msgspec.structs.replace(ALERT, principal="\ud800", title="\udfff\0")
    columns = rows.alerts([hostile])
    database.write("alerts", columns, token("alerts", columns))
    assert database.execute("SELECT principal FROM tidegate.alerts") == [{"principal": "\\ud800"}]


def test_coverage_of_a_bucket_replaces_itself(database):
    early = CoverageRow(7, "fraud", "3", 490_000, records=5, scored=5)
    late = CoverageRow(7, "fraud", "3", 490_000, records=9, scored=8, rejected=1, not_watched={"flood": "no time"})
    for row in (early, late, early):
        columns = rows.coverage([row], topic="traffic", partition=3)
        database.write("coverage", columns, token("coverage", columns))
    assert database.execute("SELECT * FROM tidegate.v_coverage") == [
        {"hour": "2025-11-24T16:00:00Z", "model": "fraud", "version": "3", "records": 9, "scored": 8, "rejected": 1,
         "unpaired": 0, "shed": 0, "unnamed": 0, "not_watched": ["flood: no time"]}
    ]  # fmt: skip


RECORDS = [
    Record(id="a", time=1767700000.5, model="fraud", version="3", principal="u-1", features=[0.0],
           probabilities=[0.9, 0.1], latency_ms=2.5, client_ip="198.51.100.7", status=200, tokens_in=3),
    Record(time=1767700001.0, model="fraud", version="3", features=[1.0], probabilities=[0.2, 0.8], status=10**12),
]  # fmt: skip


def test_records_keep_who_and_when(database):
    (batch,) = batches(RECORDS, np.array([10, 11]))
    computed = {"input_hash": np.array([1, 2**64 - 1], np.uint64), "margin": np.zeros(2, np.float32)}
    columns = rows.records(batch, topic="traffic", partition=3, columns=computed)
    database.write("records", columns, token("records", columns))
    first, second = database.execute("SELECT * FROM tidegate.records ORDER BY offset")
    assert (first["time"], first["latency_ms"], first["client_ip"]) == ("2026-01-06T11:46:40.500Z", 2.5, "198.51.100.7")
    assert (first["status"], first["tokens_in"], first["payload"]) == (200, 3, "")
    assert (second["principal"], second["latency_ms"], second["status"]) == ("", None, -1)
    assert second["input_hash"] == 2**64 - 1


def test_records_in_full_keep_what_was_asked(database):
    (batch,) = batches(RECORDS, np.array([10, 11]))
    columns = rows.records(batch, topic="traffic", partition=3, full=True)
    database.write("records", columns, token("records", columns))
    payload = database.execute("SELECT payload FROM tidegate.records ORDER BY offset LIMIT 1")[0]["payload"]
    assert msgspec.json.decode(payload, type=Record) == RECORDS[0]


def test_every_column_of_a_record_is_written(database):
    (batch,) = batches(RECORDS, np.array([10, 11]))
    computed = {"input_hash": np.zeros(2, np.uint64), "margin": np.zeros(2, "f4"), "confidence": np.zeros(2, "f4")}
    kept = {row["name"] for row in database.execute("DESCRIBE TABLE tidegate.records")}
    assert kept - set(rows.records(batch, topic="t", partition=0, columns=computed, full=True)) == {"ingest_time"}


def test_nothing_makes_no_rows():
    assert rows_of(rows.alerts([])) == 0
    assert rows_of(rows.coverage([], topic="t", partition=0)) == 0
