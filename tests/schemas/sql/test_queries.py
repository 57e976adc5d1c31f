"""The questions that people ask about alerts and principals, asked of a small story."""

import json

import pytest

from tests.schemas.sql.story import DAY, T0


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


def test_what_records_asked_is_found_by_id_principal_model_and_time_where_it_was_kept(ask):
    def words(*, ids=("w1", "w2"), principals=("ivy",), **other):
        rows = ask("alert_words", model="chat", ids=list(ids), principals=list(principals), limit=9, **(DAY | other))
        return [(row["id"], row["payload"]) for row in rows]

    assert words() == [("w1", '{"prompt":"hi"}')]
    assert words(ids=["w3"]) == words(principals=["eve"]) == words(since=T0 + 4000) == []
    assert words(ids=["x" * 40]) == [("x" * 40, '{"prompt":"long id"}')]


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
