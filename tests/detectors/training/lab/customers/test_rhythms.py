import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.training.lab.customers.rhythms import RHYTHMS, arranged, one_by_one, repaced
from detectors.training.lab.customers.tasks import ends, tasks, within
from detectors.training.lab.types import DAY, Place, Visit
from detectors.training.lab.victims import victim


@pytest.fixture(scope="module")
def made():
    return victim("wines-network", 1, 0.05)


@given(st.integers(1, 400), st.floats(1, 90), st.floats(0, 1), st.integers(0, 99))
def test_tasks_are_as_many_records_as_were_asked_for(records, size, spread, seed):
    task = tasks(np.random.default_rng(seed), records, size, spread)
    first, lengths = ends(task)
    assert len(task) == records
    assert lengths.sum() == records
    assert (np.diff(task) >= 0).all()
    assert (within(task)[first] == 0).all()


@pytest.mark.parametrize("name", RHYTHMS)
@pytest.mark.parametrize("records", [1, 2, 500])
def test_a_rhythm_gives_every_record_a_time(made, name, records):
    for seed in range(3):
        here = Place(made, np.random.default_rng(seed), 4, start=DAY / 3)
        task = tasks(here.rng, records, 7)
        visit = arranged(here, np.zeros((records, 2), np.float32), RHYTHMS[name](here, task))
        assert 0.8 * records <= len(visit.time) <= records
        assert visit.time[0] >= here.start
        assert visit.time[-1] < here.end


def test_one_person_does_one_thing_at_a_time(made):
    here = Place(made, np.random.default_rng(1), 4)
    task = tasks(here.rng, 300, 10)
    time = one_by_one(here, task, np.zeros(task[-1] + 1), 20.0, 0.5)
    assert (np.diff(time) >= 0).all()


@pytest.mark.parametrize("rhythm", ["constant", "poisson", "hourly"])
def test_repacing_changes_when_and_not_what(rhythm):
    rng = np.random.default_rng(2)
    visit = Visit(np.sort(rng.uniform(0, 4 * DAY, 200)), rng.normal(size=(200, 3)).astype(np.float32))
    moved = repaced(visit, rng, rhythm, 4, since=2 * DAY)
    early = visit.time < 2 * DAY
    np.testing.assert_array_equal(moved.features, visit.features)
    np.testing.assert_allclose(moved.time[early], visit.time[early], atol=1e-3)
    assert (np.diff(moved.time) >= 0).all()
    assert (moved.time[~early] >= 2 * DAY).all()
    assert moved.time[-1] < 4 * DAY
