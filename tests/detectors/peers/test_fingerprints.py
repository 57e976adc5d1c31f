import numpy as np
import pytest

from detectors.peers.fingerprints import HASHES, Fingerprints, prints


def test_small_changes_keep_most_of_a_fingerprint_and_another_input_none():
    random = np.random.default_rng(2)
    one = random.random(200)
    near = one.copy()
    near[3] += 0.5
    first, second, other = prints(np.stack([one, near, random.random(200)]))
    assert len(np.intersect1d(first, second)) > HASHES / 2
    assert not len(np.intersect1d(first, other))


def test_hashes_rise_and_short_inputs_have_fewer():
    made = prints(np.random.default_rng(2).random((5, 12)))
    assert made.shape == (5, HASHES)
    assert (np.diff(made.astype(np.int64)) >= 0).all()
    assert ((made != 0).sum(axis=1) <= 12 - 3 + 1).all()
    assert ((made != 0).sum(axis=1) >= 8).all()


@pytest.mark.parametrize(("others", "expected"), [(True, 1.0), (False, 0.0)])
def test_what_others_sent_counts_only_where_it_is_looked_at(traffic, others, expected):
    random = np.random.default_rng(3)
    inputs = random.random((20, 200))
    near = inputs.copy()
    near[:, 100] = 1 - near[:, 100].round()
    rows = traffic(np.concatenate([inputs, near]), np.repeat([0, 1], 20))
    score = Fingerprints(others=others, over=4).score(rows)[-1]
    assert abs(score - expected) < 0.3


@pytest.mark.parametrize("others", [True, False])
def test_an_input_that_is_sent_again_is_no_search(traffic, others):
    rows = traffic(np.tile(np.random.default_rng(3).random((1, 60)), (30, 1)), [0] * 30)
    assert not np.nansum(Fingerprints(others=others).score(rows))


def test_the_table_is_forgotten_after_a_day(traffic):
    random = np.random.default_rng(3)
    inputs = random.random((20, 200))
    near = inputs.copy()
    near[:, 100] = 1 - near[:, 100].round()
    both, who = np.concatenate([inputs, near]), np.repeat([0, 1], 20)
    late = traffic(both, who, np.concatenate([np.arange(20.0), 86_400.0 + np.arange(20.0)]))
    assert Fingerprints(over=4).score(late)[-1] == 0.0
