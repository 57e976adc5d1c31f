"""Every query of ``docs/forensics.md`` is the named one, and gives what the page shows."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from detectors.coverage import CoverageRow
from schemas import sql
from schemas.alert import Alert, Severity, Verdict, alert_id
from schemas.columns import batches
from schemas.record import Record
from streams.batches import TopicPartition
from streams.rows import ledger
from streams.sinks import rows
from streams.sinks.blocks import token

PAGE = Path(__file__).parents[3] / "docs" / "forensics.md"
BLOCK = re.compile(r"<!-- (\w+) (\{.*?\}) -->\n\n```sql\n(.*?)\n```\n\n```text\n(.*?)\n```", re.DOTALL)
SHOWN = BLOCK.findall(PAGE.read_text())
NOTHING = (None, "", -1, [])

DAY = 1767571200.0  # 2026-01-05
# When (s after midnight), who, which input, what the model answered, how sure it was, from where.
TRAFFIC = [
    (28_800.0, "u-clean", 11, "legitimate", 0.97, "198.51.100.7"),
    (28_801.5, "u-thief", 21, "legitimate", 0.625, "203.0.113.9"),
    (28_802.0, "u-thief", 22, "fraud", 0.5625, "203.0.113.9"),
    (28_802.5, "u-thief", 23, "fraud", 0.515625, "203.0.113.9"),
    (28_803.0, "u-thief", 24, "legitimate", 0.53125, "203.0.113.9"),
    (28_860.0, "u-clean", 12, "legitimate", 0.99, "198.51.100.7"),
    (30_000.0, "u-ally", 23, "fraud", 0.515625, "192.0.2.44"),
    (30_001.0, "u-ally", 23, "fraud", 0.515625, "192.0.2.45"),
    (32_400.0, "u-thief", 25, "legitimate", 0.90, "203.0.113.9"),
]


def alert(principal, trigger, first, last, count, status="new"):
    when = {"time": DAY + last, "first_time": DAY + first, "last_time": DAY + last}
    return Alert(
        id=alert_id("unusual_profile", principal, trigger), verdict=Verdict.ATTACK, threat="extraction",
        severity=Severity.HIGH, detector="unusual_profile", model="fraud", version="3.2.1", principal=principal,
        principals=[principal], trigger=trigger, count=count, status=status, score=5.1, threshold=3.9,
        title=f"{principal} is copying model fraud", budget_paid=0.002, **when,
    )  # fmt: skip


@pytest.fixture(scope="module")
def story(migrated):
    """A thief, an ally who sends one of his inputs, an innocent, and a false alarm."""
    made = [
        Record(id=f"r{place}", time=DAY + at, model="fraud", version="3.2.1", principal=who, features=[0.0],
               probabilities=[sure, 1 - sure], label=label, client_ip=address, latency_ms=2.0, status=200)
        for place, (at, who, _, label, sure, address) in enumerate(TRAFFIC)
    ]  # fmt: skip
    (batch,) = batches(made, np.arange(len(made)))
    sure = np.array([row[4] for row in TRAFFIC], np.float32)
    computed = {
        "input_hash": np.array([row[2] for row in TRAFFIC], np.uint64), "confidence": sure, "margin": 2 * sure - 1,
    }  # fmt: skip
    counted = [
        CoverageRow(0, "fraud", "3.2.1", 491_000, records=8, scored=8, not_watched={"flood": "no tokens in the log"}),
        CoverageRow(0, "fraud", "3.2.1", 491_001, records=2, scored=1, rejected=1),
    ]
    spent = [
        {"model": "fraud", "version": "3.2.1", "detector": name, "calibration": "c-1", "epoch": 0, "start": DAY,
         "seconds": 86_400.0, "promised": promised, "paid": paid, "units": units, "alerts": alerts,
             "note": "2 a day, from 144 principal-days: 0.6 to 4.1"}
        for name, promised, paid, units, alerts in (("flood", 0.5, 0.125, 9, 0), ("unusual_profile", 1.5, 0.75, 3, 2))
    ]  # fmt: skip
    found = [
        alert("u-thief", "r4", 28_801.5, 28_803.0, 4),
        alert("u-clean", "r0", 28_800.0, 28_800.0, 1, "false-positive"),
    ]
    written = {
        "records": rows.records(batch, topic="traffic", partition=0, columns=computed),
        "alerts": rows.alerts(found),
        "coverage": rows.coverage(counted, topic="traffic", partition=0),
        "ledger": ledger(spent, TopicPartition("traffic", 0)),
    }
    for table, columns in written.items():
        for _ in range(2):  # delivered twice, answered once
            migrated.write(table, columns, token(table, columns))
    return migrated


def table(answer):
    """Rows as the page shows them: a column a width, without columns in which no row holds anything."""
    names = [name for name in answer[0] if any(row[name] not in NOTHING for row in answer)]
    lines = [names, *([shown(row[name]) for name in names] for row in answer)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def shown(value):
    if value in NOTHING:
        return "-"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def test_five_questions_are_answered():
    assert [name for name, *_ in SHOWN] == [
        "principal_history", "same_input", "alert_records", "not_watched", "budget",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "parameters", "statement", "answer"), SHOWN, ids=[name for name, *_ in SHOWN])
def test_a_query_of_the_page_is_the_named_one_and_gives_what_is_shown(story, name, parameters, statement, answer):
    assert statement == sql.query(name)
    assert answer == table(story.query(name, json.loads(parameters)))
