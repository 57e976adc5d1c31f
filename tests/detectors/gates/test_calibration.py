import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.gates import calibration
from detectors.gates.calibration import Calibration
from detectors.gates.trajectories import Trajectories
from detectors.packing import Corrupt


def history(*days, law="normal"):
    random, made = np.random.default_rng(0), Trajectories()
    for epoch, units in enumerate(days, 1):
        peak = random.normal(size=units)
        hit = None if epoch == 1 else peak > 2.5
        made.add("flood", epoch=epoch, peak=peak, alerted=hit, threshold=np.full(units, 2.5), paid=0.5)
    return made


def fit(held, *, kind="frozen", budgets=None, **kwargs):
    budgets = {"flood": 2.0} if budgets is None else budgets
    return calibration.fit(held, model="fraud", version="3", kind=kind, epoch=1, budgets=budgets, **kwargs)


def test_the_id_is_a_hash_of_the_content():
    a, b, c = fit(history(100)), fit(history(100)), fit(history(101))
    assert a.id == b.id != c.id
    assert a.id.startswith("c-")
    assert len(a.id) == 18


def test_bytes_and_back():
    made = fit(history(100, 100), kind="rolling", volumes={"rate": 5000.0})
    back = Calibration.from_bytes(made.to_bytes())
    assert back.to_bytes() == made.to_bytes()
    assert back.kind == "rolling"
    assert (back.curves["flood"].thresholds == made.curves["flood"].thresholds).all()


@given(at=st.integers(0, 20_000), bit=st.integers(0, 7))
def test_an_altered_calibration_is_refused(at, bit):
    """Unless the change means the same, such as another spelling of the byte order."""
    whole = fit(history(40)).to_bytes()
    data = bytearray(whole)
    data[at % len(data)] ^= 1 << bit
    with contextlib.suppress(Corrupt):
        assert Calibration.from_bytes(bytes(data)).to_bytes() == whole


@given(data=st.binary(max_size=200))
def test_foreign_bytes_are_refused(data):
    with pytest.raises(Corrupt):
        Calibration.from_bytes(data)


def test_thresholds_fall_with_the_level():
    curve = fit(history(100)).curves["flood"]
    assert (np.diff(curve.alphas) > 0).all()
    assert (np.diff(curve.thresholds) <= 0).all()


def test_too_few_principals_give_the_factory_default_and_say_so():
    made = fit(history(9))
    assert made.kind == "factory"
    assert made.curves["flood"].source == "factory"
    assert made.curves["flood"].coverage == "factory default: 9 principal-epochs seen, 10 are needed to learn from"
    assert fit(history(10)).kind == "frozen"


def test_a_factory_default_may_be_stated_for_a_detector():
    made = calibration.factory(
        model="m", version="1", budgets={"a": 1.0, "b": 1.0}, forecast=50, tails={"a": (2.0, 0.5)}
    )
    assert made.kind == "factory"
    assert made.curves["a"].thresholds[-1] == pytest.approx(2.0 + 0.5 * np.log(10))
    assert (made.curves["b"].thresholds > made.curves["a"].thresholds).all()


def test_a_budget_gate_needs_no_thresholds():
    curve = fit(Trajectories(), budgets={"rate": 1.0}, volumes={"rate": 5e4}).curves["rate"]
    assert len(curve.thresholds) == 0
    assert curve.forecast == 5e4
    assert curve.source == "none"
    assert curve.coverage == "at most 1 a day, by its e-values, without calibration"


def test_what_ranks_cannot_tell_is_marked_as_extrapolated():
    assert fit(history(144), budgets={"flood": 0.5}).curves["flood"].source == "tail"
    enough = fit(history(144), budgets={"flood": 10.0}).curves["flood"]
    assert enough.source == "ranks"
    assert enough.extrapolated_below == pytest.approx(1 / 145)


def test_the_coverage_says_how_far_the_promise_may_be_off():
    made = fit(history(144), budgets={"flood": 2.0}).curves["flood"]
    assert made.coverage == "2 a day, from 144 principal-days: 0.3 to 4.4"
    assert fit(history(144), budgets={"flood": 2.0}, period="hour").curves["flood"].coverage.startswith("2 a hour")


def test_a_rolling_threshold_is_never_far_above_the_clean_period():
    """Attackers that stay just below their thresholds for a month do not teach the gate to ignore them."""
    held, random = history(150), np.random.default_rng(1)
    clean = fit(held).curves["flood"].thresholds
    for epoch in range(2, 32):
        peak = np.concatenate([random.normal(size=140), random.uniform(2.5, 6.0, 10)])
        held.add("flood", epoch=epoch, peak=peak, alerted=peak > 6.0, threshold=np.full(150, 6.0), paid=1.0)
    taught = fit(held, kind="rolling").curves["flood"]
    at = np.searchsorted(taught.alphas, 0.01)
    strictest = clean[np.searchsorted(taught.alphas, 0.01 / calibration.CAUTION) - 1]
    assert taught.thresholds[at] <= strictest + 0.4
    assert taught.thresholds[at] < 5.0


def test_a_budget_of_nothing_promises_nothing():
    assert fit(history(100), budgets={"flood": 0.0}).curves["flood"].coverage.endswith("0 to 0")
