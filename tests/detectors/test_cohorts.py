from itertools import chain, zip_longest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors.affinity import MODEL, PER_Z, suspicion
from detectors.cohort import Cohort
from detectors.cohort_examples import most_alike
from detectors.cohort_words import cohort_alert
from detectors.cohorts import Cohorts
from detectors.honest_groups import FEWEST
from detectors.network import parts
from detectors.packing import Corrupt, pack
from detectors.statistics import TABLE, TIMING
from detectors.young import TALK
from schemas.alert import Severity, Verdict
from schemas.signal import Sketch

DAY = 86_400.0
BUDGET = 0.5
SLOPE = parts(np.full(64, 0.01, np.float32), MODEL.network)
ATTACK = np.where(np.isin(np.arange(64), TIMING), 0.0, np.where(SLOPE > 0, 2.5, -2.5))
"""Deviations all to the side that speaks for an attack."""


def sketches(name, level, *, counts=(4, 8, 16, 32), start=0.0, pause=600.0, spread=0.15, known=False) -> list[Sketch]:
    """What a principal at a level (64,) shows, in the course of some hours."""
    r = np.random.default_rng([*name.encode()])
    found = []
    for number, count in enumerate(counts):
        x = (np.asarray(level) + r.normal(0, spread, len(TABLE))) * count / (count + 16)
        z = np.clip(np.rint(x * PER_Z), -127, 127).astype(np.int8)
        found.append(
            Sketch(principal=name, number=number + 1, count=count, first=start, last=start + pause * (number + 1),
                   z=z.tobytes(), marks=[], record=f"{name}.{count}", known=known)
        )  # fmt: skip
    return found


def usual(n=60, *, known=False, start=0.0) -> list[Sketch]:
    r = np.random.default_rng(3)
    levels = r.normal(0, 0.6, (n, len(TABLE)))
    return [s for k in range(n) for s in sketches(f"usual{k}{known}", levels[k], start=start + k, known=known)]


def campaign(accounts=20, *, start=DAY, gap=300.0, **how) -> list[Sketch]:
    """Twenty accounts, one after the other, in the order in which what they show is heard."""
    each = [sketches(f"sybil{k}", ATTACK, start=start + gap * k, **how) for k in range(accounts)]
    return sorted(chain.from_iterable(each), key=lambda s: s.last)


def heard(*sent, cohorts=None, budget=BUDGET) -> tuple[list, Cohorts]:
    cohorts = cohorts or Cohorts()
    told = [cohorts.add(one, budget) for one in chain.from_iterable(sent)]
    return [cohort_alert(t, model="fraud", version="1", release="0") for t in told if t], cohorts


CLEAN = usual(known=True)
HONEST = usual(start=DAY)


def test_the_test_attacks_are_attacks():
    z = np.rint(ATTACK * PER_Z).astype(np.int8)[None]
    assert suspicion(z, np.array([100])) > 3


def test_a_campaign_over_twenty_accounts_is_one_alert_that_names_them_all_in_the_end():
    alerts, _ = heard(CLEAN, sorted(HONEST + campaign(), key=lambda s: s.last))
    assert len({alert.id for alert in alerts}) == 1
    assert set(alerts[-1].principals) == {f"sybil{k}" for k in range(20)}
    first, last = alerts[0], alerts[-1]
    assert len(first.principals) < 10
    assert last.principals[: len(first.principals)] == first.principals
    assert not first.grown
    assert all(alert.grown for alert in alerts[1:])
    fixed = ("id", "time", "first_time", "trigger", "score", "threshold", "incident")
    assert {tuple(getattr(alert, name) for name in fixed) for alert in alerts} == {
        tuple(getattr(first, n) for n in fixed)
    }


def test_the_alert_says_who_how_many_records_and_why():
    (*_, alert), _ = heard(CLEAN, HONEST, campaign())
    assert alert.verdict is Verdict.ATTACK
    assert alert.severity in (Severity.HIGH, Severity.CRITICAL)
    assert alert.detector == "cohort"
    assert alert.principal == ""
    assert alert.title.startswith("20 new principals act as one on model fraud: ")
    assert "sybil0" in alert.message
    assert "and 17 more" in alert.message
    assert alert.trigger.startswith("sybil")
    assert len(alert.record_ids) == 10
    assert alert.count >= 20 * 4
    assert alert.score >= alert.threshold
    assert 0 < len(alert.why) <= 4
    assert all(len(one.text) > 0 for one in alert.why)
    assert alert.runbook == f"docs/runbooks/{alert.threat}.md"


def test_the_alert_shows_records_of_members_that_are_most_alike_beside_the_customer_each_is_most_like():
    (*_, alert), _ = heard(CLEAN, HONEST, campaign())
    shown = alert.examples
    assert len(shown) == len({one.principal for one in shown}) == 3
    for one in shown:
        assert one.principal in alert.principals
        assert one.id.startswith(f"{one.principal}.")
        assert one.ordinary == "the customer of the clean period that it is most like"
        assert "0 of 0 fingerprints" in one.text
        assert not any(name in str(one) for name in ("usual0True", "usual1True"))
        assert [line.name for line in one.differs] == [why.text for why in alert.why][:3]
        assert all(abs(line.value) > abs(line.ordinary) for line in one.differs)


def test_without_customers_of_the_clean_period_members_stand_beside_what_is_usual():
    (*_, alert), _ = heard(HONEST, campaign())
    assert {one.ordinary for one in alert.examples} == {"what is usual for customers"}
    assert {line.ordinary for one in alert.examples for line in one.differs} == {0.0}


def test_the_two_most_alike_come_first_and_then_whoever_is_like_both():
    nats = np.array([[-np.inf, 1, 2, 0], [1, -np.inf, 5, 4], [2, 5, -np.inf, 0], [0, 4, 0, -np.inf]])
    assert most_alike(nats) == [1, 2, 3]
    assert most_alike(nats[:2, :2]) == [0, 1]
    assert most_alike(nats[:1, :1]) == [0]


def test_a_cohort_of_callers_of_a_language_model_is_named_by_what_callers_can_be_after():
    odd = [0.0] * len(TALK)
    alerts, _ = heard(CLEAN, [replace(one, odds=odd) for one in campaign()])
    assert {alert.threat for alert in alerts} == {"distillation"}
    odd[TALK.index("prompt_attack")] = 3.0
    alerts, _ = heard(CLEAN, [replace(one, odds=odd) for one in campaign()])
    assert {alert.threat for alert in alerts} == {"jailbreak"}


def test_a_look_of_another_length_is_passed_over():
    found = Cohort(number=1, trigger="r", time=0.0, first=0.0, score=1.0, threshold=0.0, paid=0.0)
    found.weigh([1.0, 2.0])
    found.weigh([1.0])
    found.weigh([])
    assert (found.odds, found.looks) == ([1.0, 2.0], 1)


def test_what_an_account_is_called_cannot_reach_the_terminal():
    hostile = [s for k in range(8) for s in sketches(f"\x1b[31m{k}", ATTACK, start=DAY)]
    (*_, alert), _ = heard(CLEAN, hostile)
    assert "\x1b" not in alert.message


def test_honest_newcomers_make_no_cohort_and_nor_do_too_few():
    assert heard(CLEAN, HONEST)[0] == []
    assert heard(CLEAN, HONEST, campaign(FEWEST - 1))[0] == []


def test_honest_newcomers_who_are_alike_but_resemble_no_attacker_make_no_cohort():
    class_of = [s for k in range(30) for s in sketches(f"pupil{k}", -ATTACK / 2, start=DAY + k)]
    assert heard(CLEAN, HONEST, class_of)[0] == []


def test_the_same_kind_among_clean_principals_asks_for_more():
    level = ATTACK * 0.75
    new = [s for k in range(12) for s in sketches(f"new{k}", level, start=DAY + k)]
    theirs = [s for k in range(24) for s in sketches(f"old{k}", level, known=True)]
    without, _ = heard(CLEAN, new, budget=0.01)
    with_them, _ = heard(CLEAN, theirs, new, budget=0.01)
    assert with_them[0].threshold > without[0].threshold


def test_accounts_that_come_a_day_later_join_and_those_a_week_later_are_another_cohort():
    late = [s for k in range(5) for s in sketches(f"late{k}", ATTACK, start=2 * DAY + k)]
    far = [s for k in range(5) for s in sketches(f"far{k}", ATTACK, start=9 * DAY + k)]
    alerts, _ = heard(CLEAN, campaign(8), late, far)
    names = {alert.id: set(alert.principals) for alert in alerts}
    early, later = list(names.values())
    assert {name[:-1] for name in early} == {"sybil", "late"}
    assert len(early) >= 12
    assert later == {f"far{k}" for k in range(5)}


def test_two_campaigns_that_do_different_things_are_two_cohorts():
    even = np.arange(64) % 2 == 0
    one = [s for k in range(10) for s in sketches(f"one{k}", 1.6 * ATTACK * even, start=DAY)]
    two = [s for k in range(10) for s in sketches(f"two{k}", 1.6 * ATTACK * ~even, start=DAY)]
    alerts, _ = heard(CLEAN, one, two)
    assert all(len({name[:3] for name in alert.principals}) == 1 for alert in alerts)
    assert len({alert.id for alert in alerts}) == 2


def test_who_behaves_as_usual_does_not_join_a_cohort_that_he_meets():
    mixed = sorted(campaign(30) + usual(100, start=DAY), key=lambda s: s.last)
    alerts, _ = heard(CLEAN, mixed)
    assert sum(name.startswith("usual") for name in alerts[-1].principals) <= 1


def test_sketches_that_come_twice_count_once():
    sent = campaign(10)
    twice = list(chain.from_iterable(zip_longest(sent, sent)))
    assert heard(CLEAN, CLEAN, twice)[0] == heard(CLEAN, sent)[0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 400))
def test_a_state_that_went_through_bytes_goes_on_as_if_nothing_had_happened(at):
    sent = [*CLEAN, *sorted(HONEST + campaign(), key=lambda s: s.last)]
    at = at * len(sent) // 400
    expected, whole = heard(sent)
    before, first = heard(sent[:at])
    after, second = heard(sent[at:], cohorts=Cohorts.from_bytes(first.to_bytes()))
    assert before + after == expected
    assert second.to_bytes() == whole.to_bytes()


def test_damaged_state_is_refused():
    good = heard(CLEAN)[1].to_bytes()
    for bad in (b"", good[:-1], pack({}, {}), pack({"newcomers": ["a"], "known": [], "found": [{}], "count": 0}, {})):
        with pytest.raises(Corrupt):
            Cohorts.from_bytes(bad)


def test_a_sketch_of_another_layout_is_passed_over():
    cohorts = Cohorts()
    assert (
        cohorts.add(Sketch(principal="a", number=1, count=4, first=0.0, last=1.0, z=b"abc", marks=[]), BUDGET) is None
    )
    assert len(cohorts.newcomers) == 0


def test_memory_is_bounded_however_many_accounts_come():
    many = [s for k in range(2300) for s in sketches(f"n{k}", np.zeros(64), counts=(4,), start=DAY + k)]
    _, cohorts = heard(many)
    assert len(cohorts.newcomers) == 2048
