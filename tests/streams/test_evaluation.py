import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, Severity, Verdict
from streams.evaluation import Judge, evaluate
from streams.truth import read

LINES = [
    "r0,benign,\n",
    "r1,extract,e\n",
    "r2,benign,\n",
    "r3,extract,e\n",
    "r4,extract,e\n",
    "r5,flood,f\n",
    "r6,benign,\n",
    "r7,flood,f\n",
]
MANIFEST = {
    "t0": 0.0,
    "t1": 4 * 86400.0,
    "clean_until": 2 * 86400.0,
    "attacks": [
        {"attack_id": "e", "label": "extract", "principals": ["u-e"], "fidelity": {"1": 0.2, "3": 0.6}},
        {"attack_id": "f", "label": "flood", "principals": ["u-f", "u-g"]},
    ],
    "personas": {"u-x": "camera"},
}


def alert(trigger, *, time=0.0, principal="u-x", verdict=Verdict.ATTACK, detector="d", **more):
    return Alert(
        id=f"{detector}-{trigger}-{time}", time=time, first_time=time, last_time=time, verdict=verdict, threat="t",
        severity=Severity.LOW, detector=detector, model="m", principal=principal, principals=[principal],
        trigger=trigger, **more,
    )  # fmt: skip


def test_queries_to_detection_count_the_campaigns_own_records_up_to_the_trigger():
    found = evaluate([alert("r4", time=4), alert("r3", time=3)], read(LINES, MANIFEST))
    extract, flood = found.outcomes
    assert (extract.caught, extract.queries) == (True, 2)
    assert extract.fidelity == 0.4
    assert not flood.caught
    assert not found.false


def test_an_alert_about_nobody_is_false_and_counted_by_day_and_persona():
    found = evaluate([alert("r2"), alert("r6", detector="e")], read(LINES, MANIFEST))
    assert len(found.false) == 2
    assert found.false_per_day == 1.0
    assert found.false_by_persona == {"camera": 2}


def test_a_principal_of_a_campaign_counts_once_the_campaign_has_begun():
    truth = read(LINES, MANIFEST)
    assert [len(evaluate([alert(trigger, principal="u-g")], truth).false) for trigger in ("r2", "r6")] == [1, 0]
    assert evaluate([alert("r6", principal="u-g")], truth).outcomes[1].queries == 1


def test_a_stolen_accounts_alert_before_the_theft_is_false():
    assert len(evaluate([alert("r0", principal="u-e")], read(LINES, MANIFEST)).false) == 1


def test_another_verdict_notices_but_does_not_catch():
    found = evaluate([alert("r3", verdict=Verdict.FAULT)], read(LINES, MANIFEST))
    assert not found.outcomes[0].caught
    assert found.outcomes[0].noticed == 2
    assert found.other == {"fault": 1}
    assert not found.false


def test_an_unknown_trigger_falls_back_to_the_records_it_names():
    truth = read(LINES, MANIFEST)
    assert Judge(truth).place(alert("?", record_ids=["r1", "r3"])) == 3
    found = evaluate([alert("?", record_ids=["r3"]), alert("?", time=1.0)], truth)
    assert found.outcomes[0].queries == 2
    assert (len(found.false), found.unplaced) == (1, 1)


def test_drills_are_left_out():
    assert evaluate([msgspec.structs.replace(alert("r2"), drill=True)], read(LINES, MANIFEST)).alerts == 0


def test_without_a_manifest_the_rate_needs_the_days():
    truth = read(LINES)
    assert evaluate([alert("r2")], truth).false_per_day is None
    assert evaluate([alert("r2")], truth, days=4).false_per_day == 0.25


@given(st.lists(st.tuples(st.sampled_from(["r0", "r1", "r3", "r5", "r7", "?"]), st.integers(0, 9)), max_size=12))
def test_the_order_of_alerts_does_not_matter(triggers):
    truth = read(LINES, MANIFEST)
    alerts = [alert(trigger, time=float(time), detector=f"d{n}") for n, (trigger, time) in enumerate(triggers)]
    forth, back = evaluate(alerts, truth), evaluate(alerts[::-1], truth)
    assert forth == back
    assert forth.alerts == len(alerts) == len(forth.false) + sum(forth.true_by_detector.values())


def test_the_last_alert_of_a_campaign_is_kept_beside_the_first():
    found = evaluate([alert("r1", time=1), alert("r4", time=4), alert("r3", time=3)], read(LINES, MANIFEST))
    extract, flood = found.outcomes
    assert (extract.alert.trigger, extract.last.trigger) == ("r1", "r4")
    assert flood.last is None


def test_an_alert_that_was_written_again_counts_once_with_all_that_it_names_in_the_end():
    first = alert("r5", time=5, principal="")
    grown = msgspec.structs.replace(first, principals=["u-f", "u-g", "u-e"], last_time=7.0)
    found = evaluate([grown, first], read(LINES, MANIFEST))
    assert found.alerts == 1
    assert [outcome.caught for outcome in found.outcomes] == [True, True]
    false = alert("r2", principal="")
    again = msgspec.structs.replace(false, principals=["u-x", "u-y"], last_time=9.0)
    assert len(evaluate([false, again], read(LINES, MANIFEST)).false) == 1


def test_a_false_alert_about_many_counts_for_what_most_of_them_are():
    about = msgspec.structs.replace(alert("r2", principal=""), principals=["u-y", "u-x", "u-z"])
    assert evaluate([about], read(LINES, MANIFEST)).false_by_persona == {"camera": 1}


def test_an_alert_that_is_named_again_counts_at_once_and_in_the_end():
    first = msgspec.structs.replace(alert("r1", time=1.0), threat="fuzzing")
    again = msgspec.structs.replace(first, threat="extraction", last_time=4.0)
    other = msgspec.structs.replace(alert("r4", time=4.0), threat="flood")
    extract = evaluate([first, again, other], read(LINES, MANIFEST)).outcomes[0]
    assert (extract.at_once, extract.alert.threat, extract.last.threat) == ("fuzzing", "extraction", "flood")
    assert extract.mostly in {"extraction", "flood"}
