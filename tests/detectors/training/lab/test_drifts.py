import numpy as np
import pytest

from detectors.training.lab.drifts import KINDS, MODEL, drift
from detectors.training.lab.types import DAY, Visit
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world


@pytest.fixture(scope="module", params=["payments-linear", "digits8-network", "tastes32-reduced"])
def made(request):
    return victim(request.param, 2, 0.05)


def visit(made, n=300):
    return Visit(np.linspace(0, 4 * DAY, n), made.pool[:n])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_moves_before_its_time_and_something_does_after(made, kind):
    before = visit(made)
    after = drift(made, np.random.default_rng(1), kind, 2 * DAY).moved(np.random.default_rng(2), before)
    late = before.time >= 2 * DAY
    np.testing.assert_array_equal(after.time, before.time)
    np.testing.assert_array_equal(after.features[~late], before.features[~late])
    assert (after.features[late] != before.features[late]).any() == (kind != MODEL)
    assert np.isfinite(after.features).all()


@pytest.mark.parametrize("kind", sorted({*KINDS} - {MODEL}))
def test_what_comes_slowly_has_hardly_begun_at_first(made, kind):
    before = visit(made)
    way = drift(made, np.random.default_rng(1), kind, DAY, ramp=3 * DAY)
    after = way.moved(np.random.default_rng(2), before)
    off = np.abs(after.features - before.features).sum(axis=1)
    late = np.flatnonzero(before.time >= DAY)
    early, last = np.split(off[late], [len(late) // 3])[0], off[late][-len(late) // 3 :]
    assert early.sum() < last.sum()


def test_a_world_moves_for_as_many_as_it_should(made):
    way = drift(made, np.random.default_rng(1), "grain", 0.0, share=0.3)
    moved = [
        (way.moved(np.random.default_rng(seed), visit(made)).features != made.pool[:300]).any() for seed in range(100)
    ]
    assert 0.15 < np.mean(moved) < 0.45


def test_a_model_may_be_replaced_without_a_word(made):
    way = drift(made, np.random.default_rng(1), MODEL, DAY)
    drawn, still = (world(made, 1, 2, 20, mean=10, moved=moved, redeploy=False) for moved in (way, None))
    late = drawn.time >= DAY
    assert set(drawn.version()) == {1}
    np.testing.assert_array_equal(drawn.features, still.features)
    np.testing.assert_array_equal(drawn.probabilities[~late], still.probabilities[~late])
    assert (drawn.probabilities[late] != still.probabilities[late]).any()
