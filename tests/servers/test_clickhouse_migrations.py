"""All tables and the whole write path on a real server, an old one, through the dialect."""

import asyncio

import numpy as np
import pytest

from schemas import sql
from schemas.alert import Alert, Severity, Verdict
from schemas.columns import batches
from schemas.record import Record
from schemas.sql.dialect import for_old_server
from streams.dead_letters import DeadLetters
from streams.sinks import rows
from streams.sinks.migrations import applied, migrate
from streams.writer import Writer, WriteSet

pytestmark = pytest.mark.servers


def alert(number):
    moment = 1767700000.0 + number
    return Alert(
        id=f"{number:032x}", time=moment, first_time=moment, last_time=moment, verdict=Verdict.ATTACK, threat="flood",
        severity=Severity.HIGH, detector="flood", model="fraud", principal=f"u-{number}", principals=[f"u-{number}"],
    )  # fmt: skip


def records(start, count):
    made = [
        Record(id=f"r{n}", time=1767700000.0 + n / 100, model="fraud", version="3", principal=f"u-{n % 7}",
               features=[0.5], probabilities=[0.9, 0.1])
        for n in range(start, start + count)
    ]  # fmt: skip
    (batch,) = batches(made, np.arange(start, start + count))
    return rows.records(batch, topic="traffic", partition=0)


def test_every_table_and_view_is_made_and_made_once(server, sink):
    steps = migrate(sink, roles=False, adapted=for_old_server)
    assert len(steps) == len([each for each in sql.migrations() if not each.server_only])
    names = {row[0] for row in server.rows("SELECT name FROM system.tables WHERE database = 'tidegate'")}
    assert {"alerts", "records", "coverage", "ledger", "schema_version", "v_open_alerts", "v_coverage"} <= names
    assert migrate(sink, roles=False, adapted=for_old_server) == []
    assert applied(sink)[1] == sql.migrations()[0].checksum


def test_alerts_and_records_come_back_through_named_queries(sink):
    migrate(sink, roles=False, adapted=for_old_server)
    sink.write("alerts", rows.alerts([alert(3), alert(1)]), "a")
    sink.write("records", records(0, 50), "r")
    everything = {"since": 0, "until": 2**32 - 1, "limit": 100}
    unfiltered = dict.fromkeys(["model", "principal", "threat", "verdict", "severity", "status"], "")
    listed = sink.query("alerts_list", everything | unfiltered)
    assert [row["principal"] for row in listed] == ["u-1", "u-3"]
    assert listed[0]["time"] == "2026-01-06T11:46:41Z"
    history = sink.query("principal_history", everything | {"principal": "u-3"})
    assert [row["what"] for row in history].count("record") == 7


async def test_a_server_that_dies_costs_no_row_and_doubles_none(server, sink):
    """Each set is said durable once, in order, and is in the tables; three ends are kills, the last a clean stop."""
    migrate(sink, roles=False, adapted=for_old_server)
    writer = Writer(sink, dead_letters=DeadLetters(None), rows=2000, seconds=0.02, capacity=5000)
    writer.start()
    durable = []

    async def produce():
        for step in range(60):
            tables = {"records": records(200 * step, 200), "alerts": rows.alerts([alert(step)])}
            await writer.put(WriteSet(tables), lambda step=step: durable.append(step))
            await asyncio.sleep(0.01)

    async def disturb():
        for end in (server.kill, server.kill, server.kill, server.stop):
            await asyncio.sleep(0.2)
            await asyncio.to_thread(end)
            await asyncio.to_thread(server.start)

    await asyncio.gather(produce(), disturb())
    assert await writer.drain(60)
    await writer.close()
    assert durable == list(range(60))
    assert writer.refused == {}
    distinct = "SELECT count() FROM (SELECT 1 FROM tidegate.records LIMIT 1 BY topic, partition, offset)"
    assert server.rows(distinct) == [(12_000,)]
    assert server.rows("SELECT count(), uniqExact(id) FROM tidegate.alerts FINAL") == [(60, 60)]


async def test_a_server_that_is_away_for_a_while_is_waited_for(server, sink):
    migrate(sink, roles=False, adapted=for_old_server)
    writer = Writer(sink, dead_letters=DeadLetters(None), seconds=0.01)
    writer.start()
    server.kill()
    durable = asyncio.Event()
    await writer.put(WriteSet({"alerts": rows.alerts([alert(1)])}), durable.set)
    await asyncio.sleep(0.5)
    assert "does not answer" in writer.problem
    assert not durable.is_set()
    await asyncio.to_thread(server.start)
    await asyncio.wait_for(durable.wait(), 30)
    assert writer.problem == ""
    await writer.close()
