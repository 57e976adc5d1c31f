"""A small story in the tables, with redeliveries, revisions and drills."""

import json
from time import time

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
            "paid": paid, "units": int(100 * paid), "alerts": 0, "note": f"as epoch {epoch} knows it"}  # fmt: skip


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
        record(21, "ivy", model="chat", at=3000, id="w1", payload='{"prompt":"hi"}'),
        record(21, "ivy", model="chat", at=3000, id="w1", payload='{"prompt":"hi"}'),
        record(22, "ivy", model="chat", at=3001, id="w2"),
        record(23, "ivy", model="chat", at=3002, id="x" * 44, payload='{"prompt":"long id"}'),
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
         "units": units, "alerts": 1, "note": "2 a day, from 144 principal-days: 0.3 to 4.4"}
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
