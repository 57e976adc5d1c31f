"""How much each prompt weighs."""

import numpy as np

from detectors.training.text.fit import OUR_SHARE, weights


def test_both_sides_weigh_the_same_and_our_own_prompts_less_than_those_that_somebody_sent() -> None:
    source = np.array(["mail"] * 4 + ["own/a"] * 4 + ["attack"] * 4)
    positive = np.arange(12) >= 8
    made = weights(source, positive)
    assert np.isclose(made[:4].sum() + made[4:8].sum() / OUR_SHARE[1], made[8:].sum())
    assert np.allclose(made[4:8], OUR_SHARE[1] * made[:4])


def test_only_honest_prompts_of_our_own_weigh_more_where_a_head_needs_them() -> None:
    source = np.array(["own/a", "mail", "own/a/attack", "attack"])
    positive = np.array([False, False, True, True])
    assert np.allclose(
        weights(source, positive, (OUR_SHARE[0], 2 * OUR_SHARE[1])) / weights(source, positive), [2, 1, 1, 1]
    )
