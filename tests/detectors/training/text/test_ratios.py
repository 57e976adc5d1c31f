"""Scales of n-grams."""

import numpy as np
from scipy import sparse

from detectors.training.text.ratios import SMOOTH, scales


def test_a_gram_that_both_sides_have_alike_is_hardly_used_and_one_that_tells_them_apart_is() -> None:
    alike, telling, rare = np.ones(40), np.arange(40) < 20, np.arange(40) == 3
    rows = sparse.csr_matrix(np.stack([alike, telling, rare], 1).astype(np.float32))
    found = scales(rows, np.arange(40) < 20, np.ones(40))
    assert found[0] < 1e-9
    assert found[1] > 2 * found[2] > 0


def test_scales_are_logs_of_ratios_with_a_mean_square_of_one_over_what_occurs() -> None:
    random = np.random.default_rng(0)
    has = random.random((60, 8)) < 0.3
    positive, weight = random.random(60) < 0.4, random.random(60)
    found = scales(sparse.csr_matrix(has * random.random((60, 8))), positive, weight)
    worth = weight / weight.mean()
    share = [
        ((worth * side) @ has + SMOOTH) / (worth[side].sum() + 2 * SMOOTH) for side in (positive, ~positive)
    ]  # fmt: skip
    expected = np.abs(np.log(share[0] / share[1]))
    assert np.allclose(found / found[0], expected / expected[0])
    often = worth @ has + 2 * SMOOTH
    assert np.isclose((found**2 * often).sum() / often.sum(), 1.0)


def test_a_gram_that_nobody_has_tells_nothing_but_for_how_many_there_are_of_each_side() -> None:
    rows = sparse.csr_matrix(np.eye(6, 7, dtype=np.float32))
    assert scales(rows, np.arange(6) < 3, np.ones(6))[6] < 1e-9
