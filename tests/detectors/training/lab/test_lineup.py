import numpy as np
import pytest

from detectors.training.lab.lineup import lineup
from detectors.training.lab.pacing import PACINGS
from detectors.training.lab.population import population
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import victim

FAMILIES = ("natural", "mixtures", "marginals", "copycat")


@pytest.fixture(scope="module")
def made():
    return victim("wines-network", 1, 0.1)


@pytest.fixture(scope="module")
def members(made):
    return population(made, np.random.default_rng(4), 4, 60)


def test_families_and_pacings_take_turns(made, members):
    found = lineup(made, np.random.default_rng(1), 4, members, 12, families=FAMILIES)
    assert {one.family for one in found} == {*FAMILIES}
    assert len({one.pacing for one in found}) >= len(PACINGS) - 1
    assert len({(one.family, one.pacing) for one in found}) == 12


def test_nobody_is_robbed_twice_and_nobody_comes_early(made, members):
    found = lineup(made, np.random.default_rng(2), 4, members, 8, families=FAMILIES, pacings=("stolen",), begin=2 * DAY)
    owners = [name for one in found for name in one.stolen]
    assert len(set(owners)) == len(owners) == 8
    assert set(owners) <= {member.name for member in members}
    assert all(one.visits[who].time[one.own[who]].min() >= 2 * DAY for one in found for who in one.visits)


def test_the_same_seed_attacks_the_same_way(made, members):
    first, again = (lineup(made, np.random.default_rng(3), 4, members, 3, families=FAMILIES) for _ in range(2))
    assert [(one.family, one.pacing, one.adaptive) for one in first] == [
        (one.family, one.pacing, one.adaptive) for one in again
    ]
    for one, other in zip(first, again, strict=True):
        for (name, visit), (twin, visited) in zip(one.visits.items(), other.visits.items(), strict=True):
            assert name == twin
            np.testing.assert_array_equal(visit.features, visited.features)
            np.testing.assert_array_equal(visit.time, visited.time)


def test_all_may_know_of_detectors_or_none(made, members):
    known, unknown = (
        lineup(made, np.random.default_rng(5), 4, members, 4, families=FAMILIES, adaptive=share) for share in (1.0, 0.0)
    )
    assert all(one.adaptive for one in known)
    assert not any(one.adaptive for one in unknown)
