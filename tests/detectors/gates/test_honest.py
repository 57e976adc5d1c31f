import numpy as np
import pytest

from detectors.gates import calibration
from detectors.gates.honest import TRUST, Honest
from detectors.gates.tail import ALPHAS, Sample, thresholds
from detectors.gates.trajectories import Trajectories

KNOWN = Honest(ceiling=(0.0, 1.0))


def sample(peaks):
    return Sample(np.sort(np.asarray(peaks, float)), len(peaks), 0, np.zeros(0))


def curve(peaks, known=KNOWN, alerts=2.0):
    held = Trajectories()
    held.add("a", epoch=1, peak=np.asarray(peaks, float))
    made = calibration.fit(
        held, model="m", version="1", kind="frozen", epoch=1, budgets={"a": alerts}, honest={"a": known}
    )
    return made.curves["a"]


def test_nothing_known_is_no_ceiling():
    assert np.isinf(Honest().most(sample([1.0, 2.0]))).all()


def test_a_tenth_of_attackers_cannot_lift_thresholds_above_what_honest_peaks_ever_reached():
    random = np.random.default_rng(0)
    honest = random.exponential(size=135)
    dirty = np.concatenate([honest, np.full(15, 50.0)])
    at = np.searchsorted(ALPHAS, 0.012)
    assert curve(dirty, Honest()).thresholds[at] == 50.0
    assert curve(dirty).thresholds[at] < -np.log(ALPHAS[at]) + 0.6
    assert (curve(dirty).newcomers <= curve(dirty).thresholds).all()


def test_a_clean_burn_in_below_the_ceiling_is_believed():
    quiet = np.random.default_rng(0).exponential(size=150) / 3
    ranks = ALPHAS * 151 >= 1 + calibration.FEW / 150
    assert (curve(quiet).thresholds == curve(quiet, Honest()).thresholds)[ranks].all()


def test_a_population_that_is_louder_as_a_whole_moves_the_ceiling():
    peaks = np.random.default_rng(0).exponential(size=1000)
    moved = KNOWN.most(sample(peaks + 5.0)) - KNOWN.most(sample(peaks / 3))
    assert moved == pytest.approx(5.0 + np.log(5) - np.log(10) + TRUST, abs=0.2)


def test_too_few_principals_take_what_is_known():
    made = curve(np.zeros(4))
    assert made.source == "factory"
    assert made.thresholds == pytest.approx(-np.log(ALPHAS))


def test_what_was_known_comes_back_with_the_calibration():
    held = Trajectories()
    held.add("a", epoch=1, peak=np.random.default_rng(0).exponential(size=150))
    known = Honest(0.25, (-0.2, 0.78))
    made = calibration.fit(
        held, model="m", version="1", kind="frozen", epoch=1, budgets={"a": 2.0}, honest={"a": known}
    )
    assert calibration.Calibration.from_bytes(made.to_bytes()).curves["a"].honest == known


def test_no_tame_burn_in_takes_an_e_detectors_threshold_below_what_its_theorem_asks():
    tame = np.full(150, 0.1)
    made = curve(tame, Honest(floor=2.0))
    assert (made.thresholds >= 2.0 - np.log(ALPHAS)).all()
    assert (made.newcomers >= made.thresholds).all()
    assert curve(tame, Honest()).thresholds[np.searchsorted(ALPHAS, 0.012)] < 2.0


def test_where_thresholds_are_learnt_from_those_who_taught_the_detector_they_are_taken_at_rarer_levels():
    peaks = np.random.default_rng(0).exponential(size=2000)
    plain, wary = curve(peaks, Honest()), curve(peaks, Honest(optimism=1.2))
    at = np.searchsorted(ALPHAS, 0.012)
    assert wary.thresholds[at] - plain.thresholds[at] == pytest.approx(np.log(1.2), abs=0.1)
    assert (wary.newcomers == wary.thresholds).all()


def test_few_principals_teach_what_is_usual_for_themselves_so_that_levels_are_rarer_for_others():
    peaks = -np.log1p(-(np.arange(40) + 0.5) / 40)
    at = np.searchsorted(ALPHAS, [0.01, 0.05])
    promised = thresholds(sample(peaks), ALPHAS / (1 + 10 / 40))
    assert curve(peaks, Honest()).thresholds[at] == pytest.approx(promised[at])
    assert (promised[at] > thresholds(sample(peaks), ALPHAS)[at] + 0.1).all()


def test_what_no_honest_principal_came_near_is_enough_at_any_level_however_heavy_the_tail_is_laid():
    few = np.append(np.zeros(50), np.geomspace(1.0, 60.0, 12))
    heavy, sure = curve(few, Honest(tail=0.3)), curve(few, Honest(tail=0.3, sure=300.0))
    assert heavy.thresholds[0] > 1000.0
    assert sure.thresholds.max() == sure.newcomers.max() == 300.0
    low = heavy.thresholds < 300.0
    assert low.any()
    assert (sure.thresholds[low] == heavy.thresholds[low]).all()


def test_a_clean_period_with_peaks_of_that_order_says_that_they_are_not_enough():
    loud = np.append(np.zeros(50), np.geomspace(1.0, 400.0, 12))
    assert curve(loud, Honest(tail=0.3, sure=300.0)).thresholds.max() == pytest.approx(1200.0)


def test_what_was_known_is_kept_with_a_calibration():
    known = Honest(tail=0.1, ceiling=(0.0, 1.0), floor=2.0, optimism=1.2, sure=300.0)
    held = Trajectories()
    held.add("a", epoch=1, peak=np.arange(20.0))
    made = calibration.fit(
        held, model="m", version="1", kind="frozen", epoch=1, budgets={"a": 2.0}, honest={"a": known}
    )
    assert calibration.Calibration.from_bytes(made.to_bytes()).curves["a"].honest == known
