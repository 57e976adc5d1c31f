"""Who counts as caught at so many false alerts a day."""

import numpy as np
import pytest

from detectors.training.leftout import Seen, Tally, folds, judged, threshold

DAY = 86_400.0


@pytest.fixture
def world() -> Seen:
    """Two days of ten honest principals, of which one is odd, and two campaigns of one account each."""
    who = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] * 2 + [10] * 4 + [11] * 4, np.int32)
    day = np.array([0] * 10 + [1] * 10 + [1] * 8)
    campaign = np.where(who == 10, 0, np.where(who == 11, 1, -1)).astype(np.int32)
    about = [("simba", "query_evasion", "fast"), ("natural", "extraction", "slow")]
    kinds = ["lime", *["clerk"] * 9, "attacker", "attacker"]
    attack = campaign >= 0
    attack[20] = False  # padding
    return Seen("loans", DAY + day * DAY, who, campaign, attack, kinds, about, np.zeros((28, 64), np.float16))


def scores() -> np.ndarray:
    honest = [5.0, *[1.0] * 9, 4.0, *[1.0] * 9]
    return np.array([*honest, 0.0, 0.0, 3.0, 9.0, 0.0, 0.5, 0.5, 0.9])


def test_the_threshold_is_what_so_many_honest_principals_a_day_exceed(world: Seen):
    assert threshold(world, scores(), 0.0) == 5.0
    assert threshold(world, scores(), 0.5) == 4.0
    assert threshold(world, scores(), 1.0) == 1.0


def test_campaigns_are_counted_by_what_they_are(world: Seen):
    tally = Tally()
    judged(world, scores(), 1.0, tally)
    assert tally.campaigns["all"] == 2
    assert tally.caught == {"all": 1, "family simba": 1, "pacing fast": 1, "victim loans": 1}
    assert tally.queries == [2]
    assert tally.false == {"lime": 2}


def test_every_victim_is_left_out_once():
    made = folds(["a", "b", "c", "a", "d", "e"], 3)
    assert sorted(name for group in made for name in group) == ["a", "b", "c", "d", "e"]
