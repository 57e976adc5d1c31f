"""A settlement is the same for whoever makes it, and keeps its bytes."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import stage, triggers, young_pool
from detectors.cohorts import SHARE
from detectors.library import build
from detectors.packing import Corrupt
from detectors.plan import Plan
from detectors.reference import NotEnough
from detectors.settlement import Settlement, budgets, settle

PLAN = Plan(secret=b"x", alerts_per_day=4.0)


@pytest.fixture(scope="module")
def settled():
    return settle([stage.burn_in().to_bytes()], PLAN)


def test_whoever_makes_it_gets_the_same_bytes(settled):
    again = settle([stage.burn_in().to_bytes()], PLAN)
    assert again.to_bytes() == settled.to_bytes()
    assert again.calibration.id == settled.calibration.id


def test_another_secret_gives_another_reference(settled):
    other = settle([stage.burn_in().to_bytes()], replace(PLAN, secret=b"y"))
    assert other.reference.id != settled.reference.id


def test_it_comes_back_from_bytes(settled):
    assert Settlement.from_bytes(settled.to_bytes()).to_bytes() == settled.to_bytes()
    with pytest.raises(Corrupt):
        Settlement.from_bytes(settled.reference.to_bytes())


def test_shares_of_the_budget_add_up_to_what_was_promised_with_those_of_the_correlator():
    parts = budgets(replace(PLAN, burn_in=3600.0), build({}), models=2)
    assert sum(parts.values()) == pytest.approx((1 - SHARE - triggers.SHARE - young_pool.SHARE) * 4.0 / 24 / 2)


def test_too_thin_a_burn_in_is_refused_in_words():
    few = stage.burn_in()
    few = replace(few, **{k: getattr(few, k)[:50] for k in ("time", "principal", "features", "probabilities", "labels",
                                                            "latency", "tokens", "bad")})  # fmt: skip
    with pytest.raises(NotEnough, match="at least"):
        settle([few.to_bytes()], PLAN)


def test_named_values_are_learnt_as_columns():
    sample = stage.burn_in()
    names = [f"column {k}" for k in range(sample.features.shape[1])]
    rows = [dict(zip(names, map(float, x), strict=True)) for x in sample.features]
    by_name = replace(sample, features=np.zeros((len(sample), 0), np.float32), named=rows)
    made = settle([by_name.to_bytes()], PLAN)
    assert made.reference.features >= len(names)
    assert "named" in made.reference.learnt
