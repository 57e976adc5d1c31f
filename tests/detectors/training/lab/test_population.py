import numpy as np
import pytest

from detectors.training.lab.customers import GATHERINGS, KINDS
from detectors.training.lab.population import population
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world


@pytest.fixture(scope="module")
def made():
    return victim("wines-network", 1, 0.1)


@pytest.fixture(scope="module")
def members(made):
    return population(made, np.random.default_rng(4), 5, 200)


def test_everybody_has_a_name_and_a_kind(members):
    assert len(members) == 200
    assert len({member.name for member in members}) == 200
    assert {member.kind for member in members} <= {*KINDS, *GATHERINGS}


def test_many_are_small_and_few_send_most(members):
    counts = np.sort([len(member.visit.time) for member in members])
    assert counts[-20:].sum() > 0.3 * counts.sum()
    assert np.median(counts) < counts.mean()


def test_somebody_is_new_every_day(members):
    first = np.array([member.visit.time[0] for member in members]) // DAY
    assert set(first) == {0.0, 1.0, 2.0, 3.0, 4.0}


def test_there_may_be_hundreds_of_newcomers_a_day(made):
    drawn = population(made, np.random.default_rng(2), 3, 600, ["fleet"], mean=3, new=0.9)
    first = np.array([member.visit.time[0] for member in drawn]) // DAY
    assert (np.bincount(first.astype(int), minlength=3) > 80).all()


def test_populations_are_of_unlike_kinds(made):
    shares = []
    for seed in range(4):
        drawn = population(made, np.random.default_rng(seed), 2, 80, mean=5)
        shares.append({kind for kind in (one.kind for one in drawn) if sum(o.kind == kind for o in drawn) >= 4})
    assert len(set(map(frozenset, shares))) == 4


def test_who_is_left_out_does_not_occur(made):
    out = {*KINDS} - {"clerk", "scorer"} | {*GATHERINGS}
    drawn = population(made, np.random.default_rng(1), 2, 40, out)
    assert {member.kind for member in drawn} <= {"clerk", "scorer"}


def test_everybody_can_be_made_to_keep_one_pace(made):
    own, paced = (
        population(made, np.random.default_rng(9), 3, 40, mean=20, rhythm=rhythm, since=DAY)
        for rhythm in ("", "constant")
    )
    for before, after in zip(own, paced, strict=True):
        np.testing.assert_array_equal(before.visit.features, after.visit.features)
        late = np.diff(after.visit.time[after.visit.time >= DAY])
        assert len(late) < 3 or late.std() < 0.1 * late.mean()


def test_a_world_without_principals_is_empty(made):
    assert population(made, np.random.default_rng(1), 2, 0) == []


def test_guests_come_beyond_the_others_who_stay_as_they_were(made):
    plain = world(made, 3, 3, 20, mean=20)
    more = world(made, 3, 3, 20, mean=20, invited={"evaluation": 2, "regression_test": 1})
    assert more.names[: len(plain.names)] == plain.names
    assert more.kinds[len(plain.names) :] == ["evaluation", "evaluation", "regression_test"]
    theirs = more.features[more.principal >= len(plain.names)]
    known = {row.tobytes() for row in made.train}
    assert np.mean([row.tobytes() in known for row in theirs]) > 0.3
