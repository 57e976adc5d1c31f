import numpy as np
import pytest

from detectors.peers.points import COMPONENTS, FAR, RAW, Space


def test_the_clean_range_is_zero_to_one_and_far_values_are_cut():
    space = Space.fit(np.array([[0, 5], [10, 5]], np.float32))
    assert space.scaled(np.array([[5, 5], [1e9, 6]], np.float32)).tolist() == [[0.5, 0.0], [1.0 + FAR, 1.0]]


def test_few_features_are_kept_as_they_are():
    rows = np.random.default_rng(1).random((50, 4)).astype(np.float32)
    space = Space.fit(rows)
    assert space.points(space.scaled(rows)).shape == (50, 4)


def test_many_features_become_the_components_that_vary_most():
    random = np.random.default_rng(1)
    rows = (random.random((400, 3)) @ random.random((3, RAW + 2))).astype(np.float32)
    space = Space.fit(rows)
    points = space.points(space.scaled(rows))
    assert points.shape == (400, COMPONENTS)
    gaps = np.linalg.norm(points[:200] - points[200:], axis=1)
    assert gaps == pytest.approx(np.linalg.norm(space.scaled(rows[:200]) - space.scaled(rows[200:]), axis=1), rel=1e-3)
