from dataclasses import replace

import numpy as np
import pytest

from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.victims.data import Size
from detectors.training.lab.victims.tables import Plan, table

SMALL = 0.05


@pytest.fixture(scope="module", params=NAMES)
def made(request):
    return victim(request.param, 5, SMALL)


def test_a_victim_has_learnt_more_than_which_class_is_common(made):
    shares = np.bincount(made.pool_class, minlength=made.classes) / len(made.pool)
    assert (made.answer(made.pool).label == made.pool_class).mean() > shares.max()


def test_an_answer_is_what_the_service_logs(made):
    x = made.pool[:50]
    answer, scores = made.answer(x), made.scores(made.received(x))
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)
    assert (answer.label == scores.argmax(axis=1)).all()
    if made.logged == "top1":
        assert answer.probabilities.shape == (50, 0)
    elif made.logged == "rounded":
        np.testing.assert_array_equal(answer.probabilities, np.round(scores, made.digits))
    else:
        np.testing.assert_array_equal(answer.probabilities, scores)


def test_nobody_asked_about_nothing_gets_nothing(made):
    answer = made.answer(made.pool[:0])
    assert len(answer.label) == 0


def test_honest_inputs_lie_on_the_grid_and_stay_where_they_are(made):
    span = np.maximum(made.grid.high - made.grid.low, 1e-6)
    assert (np.abs(made.fitting(made.pool[:300]) - made.pool[:300]) / span).max() < 1e-5


def test_whatever_is_fitted_is_inside_and_in_one_category_of_each(made):
    rng = np.random.default_rng(1)
    x = made.pool[:40] + 100 * rng.normal(size=(40, made.features)).astype(np.float32)
    x[0, 0] = np.nan
    fit = made.fitting(x)
    assert (fit >= made.grid.low).all()
    assert (fit <= made.grid.high).all()
    for group in made.grid.groups:
        assert (fit[:, group].sum(axis=1) == 1).all()


def test_a_row_of_the_pool_was_not_trained_on(made):
    rows = {row.tobytes() for row in made.train}
    assert np.mean([row.tobytes() in rows for row in made.pool]) < 0.02


def test_the_next_version_is_another_model_of_the_same_thing(made):
    later = made.successor()
    x = made.pool[:300]
    assert later.features == made.features
    assert (later.scores(x) != made.scores(x)).any()
    assert (later.answer(x).label == made.answer(x).label).mean() > 0.4


def test_the_same_seed_makes_the_same_victim_and_another_seed_another():
    name = "loans-network"
    victim.cache_clear()
    first = victim(name, 1, SMALL)
    victim.cache_clear()
    again, other = victim(name, 1, SMALL), victim(name, 2, SMALL)
    np.testing.assert_array_equal(first.pool, again.pool)
    np.testing.assert_array_equal(first.scores(first.pool), again.scores(first.pool))
    assert first.pool.shape != other.pool.shape or (first.pool != other.pool).any()


def test_there_are_all_kinds_of_data_and_of_logs():
    made = [victim(name, 5, SMALL) for name in ("loans-network", "digits8-network", "sentences64-linear")]
    assert {one.kind for one in made} == {"tabular", "image", "embedding"}
    assert {one.logged for one in made} == {"top1", "rounded", "full"}
    assert len(NAMES) >= 10


def test_derived_columns_follow_from_others_as_in_real_tables():
    data = table(np.random.default_rng(1), Plan(amounts=4, shares=1, derived=1), Size(300, 300))
    x = data.pool.astype(np.float64)
    last = x.shape[1] - 1
    sums = [x[:, i] + x[:, j] for i in range(last) for j in range(i)]
    assert min(np.abs(one - x[:, last]).max() for one in sums) < 0.01


def test_a_strict_service_brings_inputs_into_their_types_and_leaves_good_ones_alone(made):
    strict = replace(made, strict=True)
    x = made.pool[:50]
    np.testing.assert_allclose(strict.received(x), x, atol=1e-5, rtol=1e-5)
    received = strict.received(x + np.float32(0.3))
    np.testing.assert_allclose(strict.received(received), received, atol=1e-5, rtol=1e-5)
    whole = made.grid.step == 1
    assert made.kind != "tabular" or (received[:, whole] % 1 == 0).all()
    np.testing.assert_array_equal(replace(made, strict=False).received(x), x)


def test_members_are_no_stranger_than_anybody(made):
    """Who asks about what was trained on must not stand out by where it lies."""
    middle, width = made.pool.mean(axis=0), made.pool.std(axis=0) + 1e-6
    members, others = (np.square((x - middle) / width).mean(axis=1) for x in (made.train[:400], made.pool[:400]))
    assert abs(np.median(members) - np.median(others)) < 0.3 * np.median(others)
