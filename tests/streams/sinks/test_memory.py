import numpy as np
import pytest

from streams.sinks.api import Coded, NotSupported, rows_of
from streams.sinks.memory import Memory


def alerts(*rows):
    return {
        "id": [row[0] for row in rows],
        "time": np.array([row[1] * 1_000_000 for row in rows], dtype="datetime64[us]"),
        "model": Coded(["fraud", "chat"], np.array([row[2] for row in rows], dtype=np.int32)),
        "status": [row[3] for row in rows],
    }


def test_rows_are_kept_in_order_with_times_in_seconds():
    sink = Memory()
    sink.write("alerts", alerts(("a", 5, 0, "new"), ("b", 4, 1, "new")), "t1")
    assert sink.tables["alerts"] == [
        {"id": "a", "time": 5.0, "model": "fraud", "status": "new"},
        {"id": "b", "time": 4.0, "model": "chat", "status": "new"},
    ]


def test_the_same_token_again_changes_nothing():
    sink = Memory()
    for _ in range(2):
        sink.write("alerts", alerts(("a", 5, 0, "new")), "t1")
    assert len(sink.tables["alerts"]) == 1


def test_alerts_are_listed_oldest_first_and_by_what_is_asked():
    sink = Memory()
    sink.write("alerts", alerts(("a", 5, 0, "new"), ("b", 4, 1, "new"), ("c", 9, 0, "new")), "t1")
    listed = [row["id"] for row in sink.query("alerts_list", {})]
    assert listed == ["b", "a", "c"]
    assert [row["id"] for row in sink.query("alerts_list", {"model": "fraud", "since": 6})] == ["c"]
    assert [row["id"] for row in sink.query("alerts_list", {"until": 5.0, "model": ""})] == ["b"]
    assert [row["id"] for row in sink.query("alerts_list", {"limit": 2})] == ["b", "a"]


def test_a_newer_row_of_an_alert_replaces_the_older():
    sink = Memory()
    sink.write("alerts", alerts(("a", 5, 0, "new")), "t1")
    sink.write("alerts", alerts(("a", 5, 0, "resolved")), "t2")
    assert [row["status"] for row in sink.query("alert_one", {"id": "a"})] == ["resolved"]


def test_what_needs_sql_says_who_can():
    with pytest.raises(NotSupported, match="chdb:///DIRECTORY"):
        Memory().query("who_else_sent", {})


def test_columns_of_different_length_are_a_mistake():
    with pytest.raises(ValueError, match="columns differ in length"):
        rows_of({"a": [1], "b": [1, 2]})
    assert rows_of({}) == 0
