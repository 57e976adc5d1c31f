"""Days of benign traffic through both gates: the realised rate of false alerts against the promise."""

from dataclasses import replace

import numpy as np
import pytest

from detectors.gates import simulation
from detectors.gates.worlds import WORLDS, World


def realised(made):
    """Mean false alerts a day over runs, and 3.5 standard errors of it."""
    false = np.array([o.false for o in made])
    return false.mean(), 3.5 * false.std(ddof=1) / np.sqrt(len(false))


@pytest.mark.parametrize("kind", ["frozen", "rolling"])
@pytest.mark.parametrize("alerts", [0.5, 2.0, 10.0])
@pytest.mark.parametrize(
    "world", ["alike", "different (sd 1), bursts", "eightfold every 10th day", "only 12 principals", "heavy tail"]
)
def test_benign_days_keep_the_promise(world, alerts, kind):
    shorter = replace(WORLDS[world], days=30)
    made = [simulation.learnt(shorter, alerts=alerts, kind=kind, seed=100 + s) for s in range(5)]
    mean, margin = realised(made)
    assert mean - margin <= alerts
    assert all(o.paid <= alerts for o in made)


def test_a_rolling_calibration_spends_most_of_what_it_pays_and_no_more_than_promised():
    made = [simulation.learnt(World(days=40), alerts=2.0, kind="rolling", seed=s) for s in range(20)]
    mean, margin = realised(made)
    paid = np.mean([o.paid for o in made])
    assert 0.6 * paid < mean < 2.0
    assert margin < 0.8


def test_a_rolling_calibration_follows_a_slow_drift():
    made = [simulation.learnt(World(drift=0.02), alerts=2.0, kind="rolling", seed=s) for s in range(10)]
    mean, margin = realised(made)
    assert mean - margin <= 2.0
    assert mean < 2.5


@pytest.mark.parametrize("kind", ["frozen", "rolling"])
def test_attackers_are_not_learnt_and_cost_no_promise(kind):
    made = [simulation.learnt(WORLDS["10 % attackers"], alerts=2.0, kind=kind, seed=s) for s in range(6)]
    assert realised(made)[0] <= 2.0
    assert np.mean([o.caught for o in made]) > 0.35


@pytest.mark.parametrize("alerts", [0.5, 10.0])
@pytest.mark.parametrize("surge", [1.0, 8.0])
def test_e_values_that_come_in_herds_keep_the_promise(alerts, surge):
    world = World(surge=surge, days=30)
    made = [simulation.evident(world, alerts=alerts, seed=s) for s in range(25)]
    mean, margin = realised(made)
    paid = np.mean([o.paid for o in made])
    assert mean - margin <= paid <= alerts
    assert mean > 0.3 * paid


def test_the_table_has_a_line_for_each_world_gate_and_budget():
    made = simulation.table(runs=2, alerts=(2.0,), length=3).splitlines()
    assert len(made) == 2 + 2 * len(WORLDS) + 3
    assert all(line.count("|") == 8 for line in made)
