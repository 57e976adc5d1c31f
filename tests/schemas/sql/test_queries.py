"""The questions that people ask of the tables, asked of a small story with redeliveries, revisions and drills."""

import json
import re
from time import time

import pytest
from chdb.session import Session

from schemas import sql

NOW = int(time())  # what workers lay down for each other is forgotten after a week
T0 = 1767571200  # 2026-01-05 00:00:00 UTC
DAY = {"since": T0, "until": T0 + 86_400}


def record(n, principal, *, model="fraud", at=0.0, **fields):
    return {
        "time": T0 + at, "tenant": "eu", "model": model, "version": "3", "principal": principal, "id": f"r{n}",
        "topic": "t", "partition": 0, "offset": n, "input_hash": 100 + n,
    } | fields  # fmt: skip


def alert(name, principals, *, first=0.0, last=0.0, **fields):
    return {
        "id": name, "revision": 0, "time": T0 + last, "first_time": T0 + first, "last_time": T0 + last, "tenant": "eu",
        "verdict": "attack", "threat": "extraction", "severity": "high", "detector": "unusual_profile",
        "model": "fraud", "version": "3", "principal": principals[0], "principals": principals, "count": 3,
        "status": "new", "title": f"about {name}", "incident": "", "drill": 0, "body": json.dumps({"id": name}),
    } | fields  # fmt: skip


def covered(bucket, records, *, model="fraud", hour=0, **fields):
    return {
        "topic": "t", "partition": 0, "bucket": bucket, "model": model, "version": "3", "hour": T0 + 3600 * hour,
        "records": records, "scored": records,
    } | fields  # fmt: skip


def burning(partition, bucket, why, *, records=4096, **fields):
    said = {"records": records, "scored": 0, "topic": "burning", "partition": partition, "not_watched": [why]}
    return covered(bucket, records, model="new", hour=48) | said | fields


def running(model, partition, epoch, paid):
    return {"kind": "running", "topic": "t", "partition": partition, "model": model, "version": "3", "epoch": epoch,
            "detector": "unusual_profile", "start": T0 + 86_400 * (epoch - 1), "seconds": 40_000, "promised": 0.25,
            "paid": paid, "units": int(100 * paid), "alerts": 0}  # fmt: skip


def deposit(kind, epoch, partition):
    return {"model": "waits", "version": "3", "epoch": epoch, "kind": kind, "topic": "t", "partition": partition,
            "id": f"{kind}{epoch}{partition}", "blob": "x"}  # fmt: skip


def held(principal, level, agreement, *, model="fraud", version="3", hour=0):
    return {
        "model": model, "version": version, "principal": principal, "reference": "r-1", "level": level, "topic": "t",
        "partition": 0, "time": T0 + 3600 * hour + 30, "first_time": T0, "answers": 100 * level, "inputs": 50 * level,
        "agreement": agreement, "guess": 0.2,
    }  # fmt: skip


STORY = {
    "records": [
        record(1, "eve", at=1), record(2, "eve", at=2, input_hash=7, label="no", client_ip="192.0.2.9"),
        record(3, "bob", at=3, input_hash=7, label="yes", client_ip="192.0.2.3"), record(4, "eve", at=4.5),
        record(5, "eve", at=5, model="other"), record(6, "mal", at=4), record(7, "eve", at=500),
        record(8, "zoe", input_hash=0), record(9, "yan", input_hash=0), record(10, "o'hara; DROP", at=6),
        record(1, "eve", at=1), record(4, "eve", at=4.5),
    ],
    "alerts": [
        alert("a1", ["eve", "mal"], first=1, last=4.5, incident="i1"),
        alert("a2", ["eve"], first=10, last=20, status="new", incident="i1", threat="evasion"),
        alert("a2", ["eve"], first=10, last=20, status="false-positive", incident="i1", threat="evasion", revision=5),
        alert("b1", ["gus"], first=30, last=40, model="other", severity="low"),
        alert("d1", ["drill"], first=30, last=40, drill=1),
        alert("w1", [""], first=50, last=60, verdict="drift", threat="drift_input"),
    ],
    "triage": [{"alert": "a2", "time": T0 + 100, "analyst": "ann", "verdict": "false-positive", "note": "a test",
                "until": T0}],
    "coverage": [
        covered(0, 50), covered(0, 96, scored=90, unpaired=2, shed=3, rejected=1, not_watched=["flood: off"]),
        covered(1, 10, not_watched=["flood: off", "evasion: no probabilities"]), covered(1, 4, hour=1),
        covered(0, 5, model="", scored=0, rejected=5),
        burning(0, 0, "*: burn-in until 2026-01-05 12:00 UTC"),
        burning(0, 1, "*: burn-in until 2026-01-06 00:00 UTC, again because too thin", records=100),
        burning(1, 0, "*: burn-in until 2026-01-05 12:00 UTC"),
        burning(1, 1, "principals: key table full: more than 9", scored=4096),
        burning(2, 0, "*: burn-in until 2026-01-05 12:00 UTC", scored=7),
    ],
    "ledger": [
        {"kind": "budget", "topic": "t", "partition": p, "model": "fraud", "version": "3", "epoch": 1,
         "detector": "unusual_profile", "start": T0, "seconds": 86_400, "promised": 0.5, "paid": 0.25,
         "units": units, "alerts": 1}
        for p, units in ((0, 10), (0, 12), (1, 5))
    ] + [
        running("fraud", 0, 1, 0.1), running("fraud", 0, 9, 0.3),
        running("busy", 1, 1, 0.2), running("busy", 1, 1, 0.4),
    ],
    "exposure": [
        held("eve", level, agreement, hour=hour, version=version)
        for level, agreement, hour, version in ((1, 0.4, 0, "3"), (2, 0.6, 1, "3"), (2, 0.6, 1, "3"), (1, 0.3, 2, "4"))
    ] + [held("o'hara; DROP", 1, 0.5, hour=0), held("gus", 3, 0.9, model="other")],
    "calibrations": [
        {"model": "fraud", "version": "3", "epoch": epoch, "kind": "peaks", "topic": "t", "partition": p,
         "id": f"c{epoch}{p}", "blob": "\\x00{", "created": NOW + epoch} for epoch in (1, 2) for p in (1, 0)
    ] + [deposit("sample.1", 0, 0), deposit("sample", 0, 1), deposit("settlement", 0, 0), deposit("peaks", 4, 3),
         deposit("peaks", 3, 3), deposit("settlement", 3, 0)],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    session = Session(str(tmp_path_factory.mktemp("engine")))
    for migration in sql.migrations():
        for statement in () if migration.server_only else migration.statements:
            session.query(statement)
    for table, told in STORY.items():
        for row in told:  # one insert each, so that nothing is merged on the way in
            session.query(f"INSERT INTO tidegate.{table} FORMAT JSONEachRow {json.dumps(row)}")
    yield session
    session.close()


@pytest.fixture
def ask(engine):
    def answer(name, **parameters):
        text = str(engine.query(sql.render(name, parameters), "JSONEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    return answer


def listed(ask, **filters):
    none = dict.fromkeys(("model", "principal", "threat", "verdict", "severity", "status"), "")
    return [row["id"] for row in ask("alerts_list", **DAY | none | {"limit": 100} | filters)]


def test_alerts_are_listed_oldest_first_each_once(ask):
    assert listed(ask) == ["a1", "a2", "b1", "d1", "w1"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"principal": "mal"}, ["a1"]),
        ({"model": "other"}, ["b1"]),
        ({"threat": "evasion"}, ["a2"]),
        ({"verdict": "drift"}, ["w1"]),
        ({"severity": "low"}, ["b1"]),
        ({"status": "false-positive"}, ["a2"]),
        ({"since": T0 + 30, "until": T0 + 60}, ["b1", "d1"]),
        ({"limit": 1}, ["a1"]),
        ({"principal": "' OR 1 = 1 --"}, []),
        ({"principal": "\\' OR 1 = 1 --"}, []),
    ],
)
def test_alerts_are_found_by_what_is_asked_for(ask, filters, found):
    assert listed(ask, **filters) == found


def test_an_alert_is_found_by_the_beginning_of_its_id_and_two_say_that_it_was_too_short(ask):
    (one,) = ask("alert_one", id="b1")
    assert json.loads(one["body"]) == {"id": "b1"}
    assert [row["id"] for row in ask("alert_one", id="a")] == ["a1", "a2"]
    assert ask("alert_one", id="%") == []


def test_all_requests_of_an_alert_are_those_of_its_principals_model_and_time(ask):
    assert [row["id"] for row in ask("alert_records", id="a1", limit=100)] == ["r1", "r2", "r6", "r4"]


def test_everything_one_principal_did_comes_in_order_with_what_was_thought_of_it(ask):
    rows = ask("principal_history", principal="eve", limit=100, **DAY)
    did = [(row["what"], row["id"]) for row in rows]
    assert did == [
        ("record", "r1"), ("record", "r2"), ("record", "r4"), ("alert", "a1"), ("record", "r5"), ("alert", "a2"),
        ("record", "r7"),
    ]  # fmt: skip
    assert rows[1]["client_ip"] == "192.0.2.9"


def test_a_hostile_name_is_asked_for_like_any_other(ask):
    (row,) = ask("principal_history", principal="o'hara; DROP", limit=100, **DAY)
    assert row["id"] == "r10"


def test_who_else_sent_this_input_is_answered_for_each_principal(ask):
    rows = ask("same_input", id="r2", limit=100, **DAY)
    assert [(row["principal"], int(row["records"]), row["labels"]) for row in rows] == [
        ("bob", 1, ["yes"]),
        ("eve", 1, ["no"]),
    ]


def test_inputs_that_were_not_hashed_are_not_called_the_same(ask):
    assert ask("same_input", id="r8", limit=100, **DAY) == []


def test_coverage_counts_a_bucket_once_however_often_it_was_delivered(ask):
    rows = [row for row in ask("coverage", model="fraud", **DAY) if row["hour"].startswith("2026-01-05 00")]
    (row,) = rows
    assert [int(row[name]) for name in ("records", "scored", "rejected", "unpaired", "shed")] == [106, 100, 1, 2, 3]
    assert row["not_watched"] == ["evasion: no probabilities", "flood: off"]


def test_coverage_says_how_good_the_best_copy_was_by_then(ask):
    rows = ask("coverage", model="", **DAY)
    best = {(row["model"], row["hour"][11:13]): row["exposure"] for row in rows}
    assert best == {("", "00"): 0.0, ("fraud", "00"): 0.5, ("fraud", "01"): 0.6}


def held_by(ask, **filters):
    rows = ask("exposure", **DAY | {"model": "", "principal": "", "limit": 100} | filters)
    return [(row["principal"], row["version"], row["agreement"], int(row["answers"])) for row in rows]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [("gus", "3", 0.9, 300), ("eve", "3", 0.6, 200), ("o'hara; DROP", "3", 0.5, 100), ("eve", "4", 0.3, 100)]),
        ({"model": "other"}, [("gus", "3", 0.9, 300)]),
        ({"principal": "o'hara; DROP"}, [("o'hara; DROP", "3", 0.5, 100)]),
        ({"since": T0 + 3600}, [("eve", "3", 0.6, 200), ("eve", "4", 0.3, 100)]),
        ({"limit": 1}, [("gus", "3", 0.9, 300)]),
    ],
)
def test_who_could_make_which_copy_is_told_once_the_best_first(ask, filters, found):
    assert held_by(ask, **filters) == found


def test_what_was_not_watched_is_counted_by_partition_model_and_reason(ask):
    counted = {
        (row["model"], row["reason"]): (int(row["records"]), int(row["hours"]))
        for row in ask("not_watched", model="", **DAY)
    }
    assert counted == {
        ("fraud", "flood: off"): (106, 1),
        ("fraud", "evasion: no probabilities"): (10, 1),
        ("fraud", "rejected: no record could be read"): (1, 1),
        ("fraud", "unpaired: only one half arrived"): (2, 1),
        ("fraud", "shed: the worker could not keep up"): (3, 1),
        ("", "rejected: no record could be read"): (5, 1),
    }


def test_each_partition_says_why_it_is_not_watched_now_and_what_is_over(ask):
    """A burn-in that went on is one reason, with its last word; it is over once anything was scored."""
    said = {
        (row["partition"], row["reason"]): (row["now"], int(row["records"]))
        for row in ask("not_watched", model="new", since=T0 + 2 * 86_400, until=T0 + 3 * 86_400)
    }
    assert said == {
        (0, "burn-in until 2026-01-06 00:00 UTC, again because too thin"): ("yes", 4196),
        (1, "burn-in until 2026-01-05 12:00 UTC"): ("no", 4096),
        (1, "principals: key table full: more than 9"): ("yes", 4096),
        (2, "burn-in until 2026-01-05 12:00 UTC"): ("no", 4096),
    }


def test_partitions_that_wait_for_others_are_settling_until_the_settlement_is_there(ask):
    found = [(row["partition"], row["reason"]) for row in ask("settling", model="waits")]
    assert [partition for partition, _ in found] == [0, 3]
    assert all(re.match(r"settling since 20\d\d-\d\d-\d\d \d\d:\d\d UTC: waits", said) for _, said in found)
    assert ["burn-in" in said for _, said in found] == [True, False]
    assert ask("settling", model="o'hara") == []


def test_the_budget_shows_what_was_promised_paid_raised_and_wrong(ask):
    rows = {row["model"]: row for row in ask("budget", model="", **DAY)}
    fraud = rows["fraud"]
    assert (fraud["promised"], fraud["paid"]) == (1.0, 0.5)
    assert [int(fraud[name]) for name in ("units", "alerts", "false_alerts")] == [17, 2, 1]
    assert (rows["other"]["promised"], int(rows["other"]["alerts"])) == (0.0, 1)


def test_a_day_that_is_running_is_marked_and_counts_as_far_as_it_has_come(ask):
    """A row is no longer running once its epoch has ended; of two the later counts."""
    days = {"since": T0, "until": T0 + 8 * 86_400}
    rows = {(row["day"], row["model"]): row for row in ask("budget", model="", **days) if row["promised"]}
    found = {key: (row["state"], row["promised"], row["paid"], int(row["units"])) for key, row in rows.items()}
    assert found == {
        ("2026-01-05", "fraud"): ("ended", 1.0, 0.5, 17),
        ("2026-01-05", "busy"): ("running", 0.25, 0.4, 40),
        ("2026-01-13", "fraud"): ("running", 0.25, 0.3, 30),
    }


def test_open_alerts_are_those_that_nobody_judged_without_drills(engine):
    assert str(engine.query("SELECT id FROM tidegate.v_open_alerts ORDER BY id", "TSV")).split() == ["a1", "b1", "w1"]


def test_the_timeline_of_an_alert_ends_with_the_analysts_word(ask):
    events = [(row["event"], row["who"]) for row in ask("alert_timeline", id="a2")]
    assert events == [
        ("began", "eve"),
        ("last seen", "eve"),
        ("raised", "unusual_profile"),
        ("judged false-positive", "ann"),
    ]


def test_alerts_of_one_incident_are_one_campaign(engine):
    text = str(engine.query("SELECT * FROM tidegate.v_campaign WHERE campaign = 'i1'", "JSONEachRow"))
    campaign = json.loads(text)
    assert (int(campaign["alerts"]), int(campaign["records"])) == (2, 6)
    assert (campaign["principals"], campaign["threats"]) == (["eve", "mal"], ["evasion", "extraction"])
    assert str(engine.query("SELECT count() FROM tidegate.v_campaign WHERE campaign = 'd1'", "TSV")).strip() == "0"


def test_what_workers_stored_comes_back_byte_by_byte(ask):
    rows = ask("calibration_parts", model="fraud", version="3", epoch=2, kind="peaks")
    assert [(row["partition"], bytes.fromhex(row["content"])) for row in rows] == [(0, b"\\x00{"), (1, b"\\x00{")]
    assert [row["partition"] for row in ask("calibration_present", model="fraud", version="3", epoch=2, kind="peaks",
                                            topic="t")] == [0, 1]  # fmt: skip
    assert not ask("calibration_present", model="fraud", version="3", epoch=2, kind="peaks", topic="other")
    (newest,) = ask("calibration_latest", model="fraud", version="3", kind="peaks")
    assert int(newest["epoch"]) == 2
