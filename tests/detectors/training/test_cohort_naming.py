"""What the names of accounts that are taken for one are learnt from."""

from functools import partial

import numpy as np

from detectors import affinity
from detectors.network import softened
from detectors.training import cohort_naming
from detectors.training.cohort_naming import named, together
from detectors.training.lab.lineup import lineup
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world
from streams.naming_training import THREATS


def test_a_campaign_over_accounts_gives_some_of_them_together_at_some_moments():
    attacked, chance = victim("payments-linear", 3), np.random.default_rng(3)
    raids = partial(lineup, attacked, chance, 2, count=3, families=("simba", "marginals"), pacings=("sybil",))
    made = named(world(attacked, 3, 2, 30, raids, redeploy=False, mean=40.0), THREATS, chance)
    assert made.x.shape[1] == 64
    assert np.isfinite(made.x).all()
    assert {THREATS[code] for code in made.threat} == {"query_evasion", "extraction"}
    assert max(np.bincount(made.campaign)) <= cohort_naming.MOMENTS
    assert len(np.unique(made.moment)) == len(made.x)
    assert not made.since.any()


def test_a_campaign_of_one_account_gives_none():
    attacked, chance = victim("payments-linear", 3), np.random.default_rng(3)
    raids = partial(lineup, attacked, chance, 2, count=2, families=("marginals",), pacings=("fast",))
    made = named(world(attacked, 3, 2, 30, raids, redeploy=False, mean=40.0), THREATS, chance)
    assert made.x.shape == (0, 64)
    assert len(made.threat) == 0


def test_accounts_are_seen_as_their_latest_sketch_shows_them():
    """Each has sent eleven records, of which the eighth was sketched; later ones say nothing yet."""
    time = np.tile(np.arange(11.0), 4)
    z = np.repeat(np.tile(np.arange(11), 4)[:, None], 64, axis=1).astype(np.int8)
    accounts = [np.arange(11 * k, 11 * k + 11) for k in range(4)]
    found = together(z, time, accounts, np.array([10.0]), np.random.default_rng(0))
    assert len(found) == cohort_naming.MOMENTS
    eighth = [softened(affinity.together(np.full((k, 64), 7, np.int8), np.full(k, 8))) for k in (3, 4)]
    assert all(any(np.array_equal(one, known) for known in eighth) for one in found)


def test_whoever_has_sent_too_little_to_be_sketched_is_not_taken_in():
    time, z = np.tile(np.arange(3.0), 5), np.ones((15, 64), np.int8)
    accounts = [np.arange(3 * k, 3 * k + 3) for k in range(5)]
    assert together(z, time, accounts, np.array([2.0]), np.random.default_rng(0)) == []
