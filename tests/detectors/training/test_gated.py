"""A watched world through the gates: who is caught, what is false, and what was promised."""

import numpy as np
import pytest

from detectors.packing import Corrupt
from detectors.training import promise
from detectors.training.gated import gated
from detectors.training.promise import Kept
from detectors.training.watched import Raid, Watched
from streams import leftout_tables

DAY = 86_400.0
HONEST, DAYS = 60, 4


def made(*, early=0) -> Watched:
    """Sixty customers, one of them odd on every day, a loud campaign, a silent one, and attackers on the first day."""
    random = np.random.default_rng(0)
    kinds = [*["clerk"] * (HONEST - 1), "lime", "attacker", "stolen", *["attacker"] * early]
    rows = [
        (d * DAY + random.uniform(100, DAY - 100), p, -1, -1) for d in range(DAYS) for p in range(HONEST) for _ in "abc"
    ]
    rows += [(2 * DAY + 100.0 * i, HONEST, 0, 0) for i in range(1, 20)]
    rows += [
        (d * DAY + 50.0 + i, HONEST + 1, 1 if d == 3 else -1, 1 if d == 3 else -1)
        for d in range(DAYS)
        for i in range(5)
    ]
    rows += [(1000.0 + i, HONEST + 2 + i, 2 + i, 2 + i) for i in range(early)]
    time, principal, campaign, attack = (np.array(column) for column in zip(*sorted(rows), strict=True))
    score = random.normal(size=len(time)) - 2.0
    score[principal == HONEST - 1] += 2.0
    score[principal == HONEST] = np.linspace(-1.0, 9.0, 19)
    score[principal >= HONEST + 2] = 12.0
    raids = [
        Raid("simba", "query_evasion", "fast", (), 19, 1, 0.5),
        Raid("natural", "extraction", "stolen", ("pace",), 5, 1),
    ]
    raids += [Raid("zoo", "query_evasion", "fast", (), 1, 1)] * early
    return Watched(
        "loans", time, principal.astype(np.int32), campaign.astype(np.int32), attack.astype(np.int32), kinds, raids,
        np.zeros((len(time), 64), np.float16), {"attack_profile": score.astype(np.float32)},
    )  # fmt: skip


def test_a_loud_campaign_is_caught_and_its_own_queries_are_counted():
    found = gated(made(), {}, [0, 1], 2.0)
    assert found.present == [0, 1]
    assert 1 < found.caught[0].queries <= 19
    assert found.caught[0].detector == "attack_profile"
    assert 1 not in found.caught


def test_a_customer_that_is_odd_every_day_is_told_of_once():
    found = gated(made(), {}, [], 10.0)
    assert [kind for kind, _ in found.false].count("lime") == 1
    assert found.spent["attack_profile"].false == len(found.false)
    assert found.spent["attack_profile"].paid <= found.spent["attack_profile"].promised


def test_campaigns_of_another_group_are_not_there():
    found = gated(made(), {}, [1], 2.0)
    assert found.present == [1]
    assert not found.caught


def test_who_attacks_during_the_burn_in_is_there_and_what_is_said_of_them_is_not_false():
    clean, dirty = gated(made(), {}, [0], 2.0), gated(made(early=6), {}, [0], 2.0)
    assert dirty.caught[0].queries > clean.caught[0].queries
    assert all(kind != "attacker" for kind, _ in dirty.false)


def test_principals_that_were_left_out_of_the_burn_in_teach_no_threshold():
    dirty = made(early=6)
    suspect = np.arange(len(dirty.kinds)) >= HONEST + 2
    trimmed, clean = gated(dirty, {}, [0], 2.0, suspect), gated(made(), {}, [0], 2.0)
    assert trimmed.caught[0].queries == clean.caught[0].queries


def test_other_scores_take_the_place_of_the_worlds_own():
    world = made()
    found = gated(world, {"attack_profile": np.zeros(len(world.time))}, [0, 1], 2.0)
    assert not found.caught


def test_what_is_kept_of_a_world_comes_back():
    world = made()
    back = Watched.from_bytes(world.to_bytes())
    assert back.to_bytes() == world.to_bytes()
    assert back.raids == world.raids
    with pytest.raises(Corrupt):
        Watched.from_bytes(b"nothing of the kind")


def test_a_promise_is_put_together_over_worlds_and_shown():
    kept = {budget: Kept(budget) for budget in promise.BUDGETS}
    for one in kept.values():
        one.add(made(), {})
        one.add(made(), {})
    middle = kept[2.0]
    assert middle.caught() == 0.5
    assert len(middle.campaigns) == 4
    assert middle.days == 2 * (DAYS - 1)
    assert middle.between()[0] <= middle.false / middle.days <= middle.between()[1]
    assert middle.low[0] < middle.high[0]
    text = leftout_tables.text(kept, {2.0: (middle, middle)})
    assert "| 2 | 50.0% of 4 |" in text
    assert "| simba | 2 |" in text
    assert "| pace | 2 | 0% |" in text
    assert "0.50 of 2" in text
    assert "| 2 | 50.0% | 50.0% | 0% |" in text
