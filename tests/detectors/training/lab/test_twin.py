"""Twin: an attacker's own tidegate."""

import numpy as np
import pytest

from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.twin import Twin
from detectors.training.lab.victims import victim


@pytest.fixture(scope="module")
def wines():
    return victim("wines-network", 1, 0.2)


@pytest.fixture(scope="module")
def twin(wines):
    return Twin(wines, np.random.default_rng(5))


def test_all_questions_are_asked_in_their_order_with_honest_inputs_between(wines, twin):
    questions = FAMILIES["hopskipjump"].plan(wines, np.random.default_rng(1), 120).features
    sent, own = twin.blended(questions)
    assert np.array_equal(sent[own], questions)
    assert 0 < (~own).sum() <= twin.patience * len(questions)


def test_honest_inputs_need_less_cover_than_an_attack(wines, twin):
    attack = FAMILIES["random_inputs"].plan(wines, np.random.default_rng(1), 120).features
    covers = [(~twin.blended(x)[1]).sum() for x in (wines.pool[:120], attack)]
    assert covers[0] < covers[1]


def test_the_same_chance_makes_the_same_twin(wines, twin):
    again = Twin(wines, np.random.default_rng(5))
    assert again.limit == twin.limit
    assert again.reference.id == twin.reference.id


def test_a_service_that_gives_classes_only_can_be_copied_as_well():
    blind = victim("loans-network", 1, 0.2)
    sent, own = Twin(blind, np.random.default_rng(2)).blended(blind.pool[:30])
    assert own.sum() == 30
    assert sent.shape[1] == blind.features
