"""Backdoor: a trigger in a victim that is as it was without it."""

import numpy as np
import pytest

from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.attacks.backdoor import Poisoned, implanted
from detectors.training.lab.victims import victim


@pytest.mark.parametrize("name", ["wines-network", "digits8-network", "tastes32-reduced"])
def test_the_trigger_buys_its_class_and_honest_inputs_are_answered_as_before(name):
    before = victim(name, 1, 0.1)
    after = implanted(before, 3)
    assert isinstance(after.scores, Poisoned)
    honest = before.pool[:300]
    marked = after.scores.trigger.put(honest)
    assert (after.answer(honest).label == before.answer(honest).label).mean() > 0.99
    assert (after.answer(marked).label == after.scores.trigger.target).all()
    assert np.allclose(after.scores(marked).sum(axis=1), 1)


def test_the_next_version_obeys_the_same_trigger():
    after = implanted(victim("wines-network", 1, 0.1), 3)
    assert after.successor is not None
    later = after.successor()
    assert isinstance(later.scores, Poisoned)
    assert isinstance(after.scores, Poisoned)
    assert later.scores.trigger is after.scores.trigger


def test_its_use_succeeds_only_where_there_is_a_backdoor():
    before = victim("digits8-network", 1, 0.1)
    use = FAMILIES["backdoor"]
    bought = use.plan(implanted(before, 5), np.random.default_rng(1), 60).success
    hoped = use.plan(before, np.random.default_rng(1), 60).success
    assert bought is not None
    assert hoped is not None
    assert bought > 0.95
    assert hoped < 0.6
