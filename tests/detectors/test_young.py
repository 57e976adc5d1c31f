"""Newcomers who come together: p-values by age, and the pool."""

import numpy as np
import pytest
from msgspec.structs import replace

from detectors.api import Scores
from detectors.packing import Corrupt
from detectors.statistics import TABLE
from detectors.threat_naming import likeness_of_many
from detectors.young import AIMS, CHANNELS, LOOKS, MODELS, TALK, aim, learn, whole_odds
from detectors.young_newcomer import Newcomer
from detectors.young_pool import YoungPool
from detectors.young_words import young_alert
from schemas.signal import Sketch
from schemas.threats import THREATS

ATTACK = TALK.index("prompt_attack")
FLOOD, PROFILE = MODELS.index("flood"), MODELS.index("attack_profile")


def sketch(name, at, nats, count=4, channel=ATTACK):
    odds = [0.0] * len(TALK)
    odds[channel] = nats
    return Sketch(
        principal=name, number=1, count=count, first=at - 60, last=at, z=b"", marks=[], record=f"r-{name}", odds=odds
    )


def of_a_classifier(name, at, nats, channel=PROFILE, count=4, z=0):
    odds = [0.0] * len(MODELS)
    odds[channel] = nats
    return Sketch(
        principal=name, number=1, count=count, first=at - 60, last=at, z=np.full(len(TABLE), z, np.int8).tobytes(),
        marks=[], record=f"r-{name}", odds=odds,
    )  # fmt: skip


def test_what_callers_had_reached_is_learnt_at_each_look():
    slots = np.repeat(np.arange(50), 10)
    value = np.tile(np.arange(10.0), 50) + slots / 100
    made = learn({"prompt_attack": Scores(value)}, slots)
    assert set(made) == {f"prompt_attack:{n}" for n in LOOKS if n <= 10}
    assert made["prompt_attack:4"].tolist() == pytest.approx((3 + np.arange(50) / 100).tolist())


def test_a_dozen_odd_newcomers_are_one_alert_that_grows():
    pool, told = YoungPool(), []
    for k in range(12):
        told.append(pool.add(sketch(f"s{k}", 1e6 + 20 * k, 4.5), 0.05))
    made = [one for one in told if one is not None]
    alerts = [young_alert(one, model="chat", version="1", release="") for one in made]
    assert made
    assert len({alert.id for alert in alerts}) == 1
    assert len(alerts[-1].principals) >= 10
    assert alerts[-1].threat == "jailbreak"
    assert alerts[-1].message.endswith(".")
    assert [one.id for one in alerts[-1].examples] == [f"r-{one.principal}" for one in alerts[-1].examples]
    assert len(alerts[-1].examples) == 3
    (line,) = alerts[-1].examples[0].differs
    assert (line.value, line.ordinary) == (pytest.approx(np.exp(4.5), rel=0.05), 2.0)


def test_honest_newcomers_hardly_ever_make_a_pool():
    chance, found = np.random.default_rng(1), 0
    pool = YoungPool()
    for k in range(6000):  # a hundred days of sixty
        odds = np.minimum(chance.exponential(1, len(TALK)), 5).tolist()
        at = 1e6 + 1440 * k
        one = Sketch(principal=f"n{k}", number=k, count=4, first=at, last=at + 60, z=b"", marks=[], odds=odds)
        found += pool.add(one, 0.08) is not None
    assert found <= 8


def test_newcomers_hours_apart_do_not_count_together():
    pool = YoungPool()
    assert all(pool.add(sketch(f"s{k}", 1e6 + 7300 * k, 4.5), 0.05) is None for k in range(30))


def test_those_who_were_known_and_those_without_odds_say_nothing():
    pool = YoungPool()
    known = Sketch(principal="a", number=1, count=4, first=0, last=1, z=b"", marks=[], known=True)
    assert pool.add(known, 0.1) is None
    assert not pool.young


def test_a_pool_goes_on_where_it_stopped():
    whole, half = YoungPool(), YoungPool()
    for k in range(6):
        whole.add(sketch(f"s{k}", 1e6 + 20 * k, 4.5), 0.05)
        half.add(sketch(f"s{k}", 1e6 + 20 * k, 4.5), 0.05)
    half = YoungPool.from_bytes(half.to_bytes())
    for k in range(6, 14):
        assert whole.add(sketch(f"s{k}", 1e6 + 20 * k, 4.5), 0.05) == half.add(sketch(f"s{k}", 1e6 + 20 * k, 4.5), 0.05)
    assert whole.to_bytes() == half.to_bytes()
    with pytest.raises(Corrupt):
        YoungPool.from_bytes(half.to_bytes()[:-3])


def test_callers_who_are_odd_in_no_way_together_are_after_answers():
    assert aim([0.1, 0.2, 0.0, 0.3, 0.0, 0.4], 4) == "distillation"
    assert aim([9.0, 0.2, 0.0, 0.3, 0.0, 0.4], 4) == "jailbreak"
    assert aim([0.0, 0.0, 0.0, 0.0, 8.0, 7.0], 4) == "data_leak"
    assert set(AIMS.values()) <= THREATS.keys()
    assert tuple(AIMS) == CHANNELS


def alerts_of(pool, sketches, budget=0.05):
    made = [told for one in sketches if (told := pool.add(one, budget)) is not None]
    return [young_alert(one, model="scores", version="1", release="") for one in made]


def test_newcomers_of_a_classifier_who_look_like_attackers_are_one_alert_named_by_what_they_do():
    some = [of_a_classifier(f"s{k}", 1e6 + 20 * k, 5.0, z=40) for k in range(14)]
    alerts = alerts_of(YoungPool(), some)
    assert len({alert.id for alert in alerts}) == 1
    assert len(alerts[-1].principals) >= 10
    assert alerts[-1].threat in THREATS
    assert "look like attackers" in alerts[-1].message
    assert [one.name for one in alerts[-1].why] == ["attack_profile"]
    assert alerts[-1].threat == likeness_of_many(np.full(len(TABLE), 8.0, np.float32)).threat
    assert alerts_of(YoungPool(), [replace(one, z=b"") for one in some])[-1].threat == AIMS["attack_profile"]


def test_a_flood_over_many_accounts_is_told_of_though_no_account_sends_much():
    alerts = alerts_of(YoungPool(), [of_a_classifier(f"s{k}", 1e6 + k, 4.5, FLOOD, 32) for k in range(50)])
    assert {alert.threat for alert in alerts} == {"flood"}
    assert len(alerts[-1].principals) >= 40


def test_a_class_that_goes_through_its_first_requests_in_one_sitting_is_no_flood():
    """A bet of half its nats: twice as many accounts are needed."""
    some = [(f"s{k}", 1e6 + 20 * k, 3.5) for k in range(14)]
    assert alerts_of(YoungPool(), [of_a_classifier(*one, FLOOD) for one in some]) == []
    assert alerts_of(YoungPool(), [of_a_classifier(*one, PROFILE) for one in some]) != []


def test_who_was_named_makes_no_second_alert_at_later_looks():
    pool, alerts = YoungPool(), []
    for hour, count in enumerate((4, 8, 16, 32)):
        some = [of_a_classifier(f"s{k}", 1e6 + 2400 * hour + 20 * k, 5.0, count=count) for k in range(14)]
        alerts += alerts_of(pool, some)
    assert len({alert.id for alert in alerts}) == 1


def test_odds_say_of_which_kind_of_model_they_are():
    assert whole_odds([1.0] * len(TALK)) == [1.0] * len(TALK) + [0.0] * len(MODELS)
    assert whole_odds([1.0] * len(MODELS)) == [0.0] * len(TALK) + [1.0] * len(MODELS)
    assert whole_odds([]) == whole_odds([1.0]) == whole_odds([1.0] * 40) == []


@pytest.mark.parametrize(
    "row", [[1.0], [1.0, 2.0, 3, "r", [[4]], [], b"", False], ["x", 2.0, 3, "r", [], [], b"", False]]
)
def test_a_damaged_newcomer_is_refused(row):
    with pytest.raises((TypeError, ValueError)):
        Newcomer.of(*row)
