"""A column that changes its form is told as such, from the file to the alert, and nothing crashes over it."""

import csv
import json
import random

import pytest

from detectors.plan import Plan
from schemas.formats import Source
from streams.scan import scan
from tests.streams.scans import Alerts

DAY, BEGIN, RECORDS = 86_400.0, 1_767_571_200.0, 9_000
TYPED = Source(
    model="fraud",
    fields=(("time", "at"), ("principal", "who"), ("probabilities", "p")),
    features=(("amount", "in.amount as number"), ("age", "in.age as number"), ("country", "in.country as category")),
)


def rows(broken):
    """Two days of 150 customers; ``broken`` changes what they send a day and a half in."""
    chance = random.Random(3)
    for i in range(RECORDS):
        time, amount = BEGIN + 2 * DAY * i / RECORDS, round(chance.lognormvariate(3, 1), 2)
        yes = round(min(0.99, max(0.01, 0.3 + 0.002 * amount + chance.gauss(0, 0.05))), 4)
        row = {"amount": amount, "age": chance.randrange(18, 90), "country": chance.choice(["DE", "FR", "PL", "US"])}
        if chance.random() < 0.02:
            row["age"] = None
        if time > BEGIN + 1.4 * DAY:
            row = broken(row)
        yield {"time": round(time, 3), "user": f"c-{chance.randrange(150)}", "in": row, "p": [round(1 - yes, 4), yes]}


def told(path, source):
    listener = Alerts()
    summary = scan([str(path)], Plan(burn_in=DAY, alerts_per_day=10.0), listener, source=source)
    assert (summary.records, summary.rejects) == (RECORDS, 0)
    changes = [one for one in listener.found if one.threat == "schema_change" and one.verdict == "fault"]
    assert all(one.time > BEGIN + 1.4 * DAY for one in changes)
    return [one for one in changes if not one.principal], summary


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (lambda row: row | {"age": f"{row['age']} years"}, "unknown names or types"),
        (
            lambda row: {"amount_eur": row["amount"], **{k: row[k] for k in ("age", "country")}},
            "unknown names or types",
        ),
    ],
)
def test_a_column_of_a_table_that_changes_is_one_fault_of_the_model(tmp_path, broken, named):
    flat = [{"time": r["time"], "user_id": r["user"], "model": "fraud", **r["in"],
             "probability_no": r["p"][0], "probability_yes": r["p"][1]} for r in rows(broken)]  # fmt: skip
    names = list(dict.fromkeys(name for row in flat for name in row))
    with (tmp_path / "log.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows(flat)
    (fault,), summary = told(tmp_path / "log.csv", Source())
    assert named in fault.message
    assert summary.format == "columns"


def test_a_declared_column_that_is_of_another_type_is_a_fault_and_a_warning(tmp_path):
    lines = [
        {"at": r["time"], "who": r["user"], "in": r["in"], "p": r["p"]}
        for r in rows(lambda row: row | {"amount": "n/a"})
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (fault,), summary = told(tmp_path / "log.jsonl", TYPED)
    assert "amount missing" in fault.message
    assert summary.warnings["$.in.amount: text is no number"] > 1000


def search(broken):
    """Someone who asks for the line at which the answer changes, again and again, while everybody's form is another."""
    chance = random.Random(5)
    for i in range(300):
        if i % 12 == 0:
            low, high = chance.uniform(40, 80), chance.uniform(200, 300)
            rest = {"age": chance.randrange(18, 90), "country": chance.choice(["DE", "FR", "PL", "US"])}
        amount = (low + high) / 2
        yes = round(0.3 + 0.002 * amount, 4)
        low, high = (low, amount) if yes > 0.55 else (amount, high)
        yield {
            "time": round(BEGIN + 1.5 * DAY + 24 * i, 3),
            "user": "c-attacker",
            "in": broken({"amount": round(amount, 2), **rest}),
            "p": [round(1 - yes, 4), yes],
        }


def after_the_change(folder, made):
    """Alerts from the change on, of those written again the last."""
    lines = [
        {"time": r["time"], "principal": r["user"], "model": "fraud", "features": r["in"], "probabilities": r["p"]}
        for r in sorted(made, key=lambda row: row["time"])
    ]
    (folder / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))
    listener = Alerts()
    scan([str(folder / "log.jsonl")], Plan(burn_in=DAY, alerts_per_day=2.0), listener)
    return [one for one in {a.id: a for a in listener.found}.values() if one.time > BEGIN + 1.4 * DAY]


def renamed(row):
    return {"amount_eur": row["amount"], "age": row["age"], "country": row["country"]}


def test_what_a_renamed_column_does_to_everybody_is_one_alert_and_not_one_a_customer(tmp_path):
    """Of 150 customers 22 were told of, before gates held them to what all of them show."""
    told = after_the_change(tmp_path, rows(renamed))
    assert [one.threat for one in told if one.verdict == "fault"] == ["schema_change"]
    (fault,) = (one for one in told if one.verdict == "fault")
    assert len([one for one in told if one.verdict == "attack"]) <= 5
    assert [one.title for one in told if one.verdict == "attack" and one.time > fault.time + 6 * 3600] == []


def test_who_attacks_while_everybodys_form_has_changed_is_caught(tmp_path):
    told = after_the_change(tmp_path, [*rows(renamed), *search(renamed)])
    caught = [one for one in told if one.verdict == "attack" and one.principal == "c-attacker"]
    assert caught
    assert min(one.time for one in caught) < BEGIN + 1.5 * DAY + 24 * 30
