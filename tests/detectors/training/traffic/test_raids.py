import numpy as np
import pytest

from detectors.training.traffic import raids
from detectors.training.traffic.victim import TARGET, triggered, victim
from detectors.training.traffic.world import COUNTS, FLAGS, SHARES, world


@pytest.fixture(scope="module")
def scene():
    chance = np.random.default_rng(11)
    place = world(chance)
    return place, victim(chance, place)


def test_the_victim_has_learnt_its_task(scene):
    place, net = scene
    chance = np.random.default_rng(1)
    labels = place.labels(chance, 2000)
    assert (net.answer(place.sample(chance, labels)).argmax(1) == labels).mean() > 0.85


def test_the_slope_is_the_loss_slope(scene):
    place, net = scene
    x = place.sample(np.random.default_rng(2), np.arange(5)).astype(np.float64)
    labels = np.zeros(5, np.int64)

    def loss(z):
        logits = net.logits(z)
        return np.log(np.exp(logits).sum(1)) - logits[:, 0]

    step = 1e-5
    for column in (0, 7, 15, 20):
        moved = x.copy()
        moved[:, column] += step
        assert net.gradient(x, labels)[:, column] == pytest.approx((loss(moved) - loss(x)) / step, abs=1e-3)


def test_evasion_comes_closer_and_stays_on_the_other_side(scene):
    raid = raids.evasion(np.random.default_rng(3), *scene, 3)
    assert "3 disguised inputs" in raid.gain
    left = float(raid.gain.split(", ")[1].split("%")[0])
    assert left < 75
    assert len(raid.asked) == len(raid.answered) > 900


def test_evasion_touches_nothing_that_has_a_form(scene):
    raid = raids.evasion(np.random.default_rng(3), *scene, 1)
    assert (raid.asked[:, COUNTS] % 1 == 0).all()
    assert np.isin(raid.asked[:, FLAGS], (0, 1)).all()
    assert ((raid.asked[:, SHARES] >= 0) & (raid.asked[:, SHARES] <= 1)).all()


def test_extraction_gets_better_with_answers(scene):
    raid = raids.extraction(np.random.default_rng(4), *scene, 1000)
    counts = sorted(raid.fidelity)
    assert counts == [60, 120, 240, 480, 960]
    assert raid.fidelity[960] > 0.85
    assert len(raid.asked) == 960


def test_inversion_reaches_high_confidence(scene):
    raid = raids.inversion(np.random.default_rng(5), *scene, 150)
    assert raid.answered.reshape(5, 150, 5).max(1).diagonal().min() > 0.6
    assert len(raid.asked) == 750


def test_the_trigger_buys_its_class(scene):
    place, net = scene
    raid = raids.backdoor(np.random.default_rng(6), place, net, 100)
    assert (raid.answered.argmax(1) == TARGET).mean() > 0.7
    plain = place.sample(np.random.default_rng(7), place.labels(np.random.default_rng(8), 500))
    before, after = ((net.answer(x).argmax(1) == TARGET).mean() for x in (plain, triggered(plain)))
    assert after > before + 0.3


def test_fuzzing_sends_numbers_that_are_none(scene):
    raid = raids.fuzzing(np.random.default_rng(8), *scene, 50)
    assert np.isnan(raid.asked).any()
    assert np.isfinite(raid.answered).all()


def test_sybils_columns_are_honest_one_by_one(scene):
    raid = raids.sybils(np.random.default_rng(9), *scene, 500)
    assert (raid.asked[:, COUNTS] % 1 == 0).all()
    assert set(raid.fidelity) == {100, 300, 500}
