"""Families: each really attacks the victim, within its number of questions."""

from collections import Counter

import numpy as np
import pytest

from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.victims import victim
from schemas.threats import THREATS

SIZE = 24
VICTIMS = {name: victim(name, 1, 0.1) for name in ("loans-network", "digits8-network", "tastes32-reduced")}


def suited(family, place):
    """Name of a victim that a family makes sense for, another for each place in the list."""
    names = [name for name, one in VICTIMS.items() if one.kind in FAMILIES[family].kinds]
    return names[place % len(names)]


@pytest.mark.parametrize(("family", "name"), [(family, suited(family, i)) for i, family in enumerate(FAMILIES)])
def test_a_family_sends_what_a_victim_can_answer_and_no_more_than_it_may(family, name):
    one = VICTIMS[name]
    queries = FAMILIES[family].plan(one, np.random.default_rng(4), SIZE)
    assert queries.features.dtype == np.float32
    assert queries.features.shape == (len(queries.turn), one.features)
    assert 1 <= len(queries.turn) <= SIZE
    assert np.isfinite(queries.features).all()
    assert (np.diff(queries.turn) >= 0).all()
    assert queries.success is None or 0 <= queries.success <= 1
    assert all(0 < count <= SIZE and 0 <= share <= 1 for count, share in queries.fidelity)


@pytest.mark.parametrize(("family", "name"), [(family, suited(family, i + 1)) for i, family in enumerate(FAMILIES)])
def test_the_same_seed_asks_the_same(family, name):
    one = VICTIMS[name]
    first, second = (FAMILIES[family].plan(one, np.random.default_rng(8), SIZE) for _ in "ab")
    assert np.array_equal(first.features, second.features)


def test_every_threat_that_a_lab_can_make_has_a_family_and_thieves_say_how_good_the_copy_is():
    threats = Counter(family.threat for family in FAMILIES.values())
    assert threats.keys() <= THREATS.keys()
    assert threats.keys() >= {
        "evasion", "query_evasion", "patch", "extraction", "inversion", "membership", "backdoor", "fuzzing",
        "probing", "flood",
    }  # fmt: skip
    stolen = FAMILIES["natural"].plan(VICTIMS["digits8-network"], np.random.default_rng(1), 400)
    assert [count for count, _ in stolen.fidelity] == [30, 100, 300, 400]
    assert stolen.fidelity[0][1] < 0.8 * stolen.fidelity[-1][1]
    assert stolen.fidelity[-1][1] > 0.6


@pytest.mark.parametrize("family", ["boundary", "hopskipjump", "sign_opt", "rays"])
def test_a_walk_along_the_boundary_ends_near_its_target(family):
    queries = FAMILIES[family].plan(victim("tastes32-reduced", 1, 0.1), np.random.default_rng(2), 700)
    assert queries.success is not None
    assert queries.success >= 0.5


def test_with_classes_only_searches_look_around_an_input_instead():
    blind = VICTIMS["loans-network"]
    queries = FAMILIES["nes"].plan(blind, np.random.default_rng(2), 300)
    assert blind.logged == "top1"
    around = np.abs(queries.features[1:5] - queries.features[0])
    assert around.max() > 0


def test_what_passes_a_disguise_is_what_is_asked():
    one = VICTIMS["loans-network"]
    queries = FAMILIES["hopskipjump"].plan(one, np.random.default_rng(2), 100, disguise=one.fitting)
    assert np.array_equal(queries.features, one.fitting(queries.features))
