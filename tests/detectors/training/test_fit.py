"""Fitting: it learns what can be learnt, from what it is allowed to look at, and the same every time."""

import numpy as np
import pytest

from detectors.network import Network, logits
from detectors.training.fit import fit, joined, shuffled
from detectors.training.samples import Samples

ALL = np.ones(64, np.bool_)


def rows(seed: int = 0, count: int = 4000, sign: int = 3) -> Samples:
    """Attacks have one statistic high, and their threat is told by the sign of another."""
    chance = np.random.default_rng(seed)
    attack = (chance.random(count) < 0.3).astype(np.float32)
    x = chance.normal(0, 0.5, (count, 64)).astype(np.float32)
    x[:, sign] += 2 * attack
    threat = (x[:, 10] > 0).astype(np.int64)
    return Samples(x, attack, threat, np.ones(count, np.float32))


def found(network: Network, x: np.ndarray) -> np.ndarray:
    out = np.empty(len(x))
    logits((x / (1 - np.abs(x) / 4)).astype(np.float32), network, out)  # undo the softening
    return out


def auc(score: np.ndarray, attack: np.ndarray) -> float:
    order = np.argsort(np.argsort(score))
    bad = attack > 0
    return float((order[bad].mean() - (bad.sum() - 1) / 2) / (~bad).sum())


@pytest.fixture(scope="module")
def network() -> Network:
    return fit(rows(), 2, ALL, hidden=8, epochs=120)


def test_attacks_are_told_from_customers_that_it_has_not_seen(network: Network):
    other = rows(1)
    assert auc(found(network, np.clip(other.x, -3, 3)), other.attack) > 0.95


def test_what_is_not_counted_is_not_looked_at():
    counted = ALL.copy()
    counted[3] = False
    blind = fit(rows(), 2, counted, hidden=8, epochs=5)
    assert not blind.first[3].any()
    other = rows(1)
    assert auc(found(blind, np.clip(other.x, -3, 3)), other.attack) < 0.65


def test_the_same_seed_gives_the_same_weights():
    one, other = (fit(rows(), 2, ALL, hidden=4, epochs=1, seed=5) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_networks_side_by_side_answer_with_their_mean(network: Network):
    other = fit(rows(2), 2, ALL, hidden=6, epochs=2, seed=1)
    x = np.clip(rows(3).x, -3, 3)
    mean = (found(network, x) + found(other, x)) / 2
    np.testing.assert_allclose(found(joined([network, other]), x), mean, rtol=1e-4, atol=1e-4)


def test_shuffled_columns_keep_their_values_and_others_their_rows():
    data, columns = rows(), np.array([3, 7])
    made = shuffled(data, columns, 0.5)
    assert np.array_equal(np.sort(made.x[:, 3]), np.sort(data.x[:, 3]))
    assert 0.3 < np.mean(made.x[:, 3] != data.x[:, 3]) < 0.6
    assert np.array_equal(np.delete(made.x, columns, axis=1), np.delete(data.x, columns, axis=1))
