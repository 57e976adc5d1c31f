from dataclasses import replace

import numpy as np
import pytest

from detectors.training.lab.customers import GATHERINGS, GROUPS, KINDS
from detectors.training.lab.types import DAY, Place
from detectors.training.lab.victims import victim

VICTIMS = ("payments-linear", "digits8-network", "sentences64-linear")


@pytest.fixture(scope="module", params=VICTIMS)
def made(request):
    return victim(request.param, 5, 0.1)


def place(made, seed, **more):
    return Place(made, np.random.default_rng(seed), 5, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_customer_sends_numbers_in_order_while_it_is_there(made, kind):
    for seed, volume in enumerate((0.3, 60.0)):
        here = place(made, seed, start=0.7 * DAY, end=3.2 * DAY, volume=volume)
        visit = KINDS[kind](here)
        assert len(visit.time) >= 1
        assert visit.features.shape == (len(visit.time), made.features)
        assert np.isfinite(visit.features).all()
        assert (np.diff(visit.time) >= 0).all()
        assert visit.time[0] >= here.start
        assert visit.time[-1] < here.end


@pytest.mark.parametrize("kind", KINDS)
def test_two_of_a_kind_differ_and_the_same_seed_is_the_same_customer(made, kind):
    first, again, other = (KINDS[kind](place(made, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.features, again.features)
    np.testing.assert_array_equal(first.time, again.time)
    assert first.features.shape != other.features.shape or (first.features != other.features).any()


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*GROUPS["changing"], "visitor", "benchmark"}))
def test_a_customer_sends_about_as_much_as_it_should(kind):
    made = victim(VICTIMS[0], 5, 0.1)
    sent = [len(KINDS[kind](place(made, seed, volume=40.0)).time) / 200 for seed in range(5)]
    assert 0.6 < np.mean(sent) < 1.3


@pytest.mark.parametrize("name", GATHERINGS)
def test_a_gathering_is_many_accounts_that_come_together(made, name):
    visits = GATHERINGS[name](place(made, 3, start=DAY, volume=20.0), 12)
    assert len(visits) == 12
    firsts = np.array([visit.time[0] for visit in visits])
    assert (firsts >= DAY).all()
    assert name == "rotation" or np.median(firsts) < 3 * DAY
    assert all(visit.features.shape == (len(visit.time), made.features) for visit in visits)


def test_explainers_repeat_their_case_with_parts_exchanged():
    made = victim(VICTIMS[0], 5, 0.1)
    visit = KINDS["occlusion"](place(made, 1, volume=80.0))
    steps = (visit.features[1:] != visit.features[:-1]).sum(axis=1)
    assert np.median(steps) <= 2 * max(map(len, made.grid.groups))


def test_a_cacher_never_asks_twice_and_a_heartbeat_always():
    made = victim(VICTIMS[0], 5, 0.1)
    cacher, heartbeat = (KINDS[kind](place(made, 1, volume=50.0)) for kind in ("cacher", "heartbeat"))
    assert len(np.unique(cacher.features, axis=0)) == len(cacher.features)
    assert len(np.unique(heartbeat.features, axis=0)) <= 3


def test_a_rhythm_that_is_forced_is_kept():
    made = victim(VICTIMS[0], 5, 0.1)
    here = place(made, 1, volume=50.0)
    visit = KINDS["clerk"](replace(here, rhythm="constant"))
    gaps = np.diff(visit.time)
    assert gaps.std() < 0.1 * gaps.mean()


def test_there_are_more_than_thirty_kinds():
    assert len(KINDS) > 30
    assert set(KINDS) == {kind for kinds in GROUPS.values() for kind in kinds}
