"""What people ask of coverage, exposure and budget, asked of a small story with redeliveries."""

import re

import pytest

from tests.schemas.sql.story import DAY, T0


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


def test_beside_a_promise_stands_how_far_off_the_day_s_last_thresholds_may_be(ask):
    days = {"since": T0, "until": T0 + 8 * 86_400}
    said = {(row["day"], row["model"]): row["true_rate"] for row in ask("budget", model="", **days) if row["promised"]}
    assert said == {
        ("2026-01-05", "fraud"): "2 a day, from 144 principal-days: 0.3 to 4.4",
        ("2026-01-05", "busy"): "as epoch 1 knows it",
        ("2026-01-13", "fraud"): "as epoch 9 knows it",
    }


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
