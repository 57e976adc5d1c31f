"""A burn-in with more traffic than its sample holds: who is not in the sample is no stranger, and nobody floods."""

import numpy as np
import pytest

from detectors import newcomers, scorer
from detectors.collector import Collector
from detectors.gates.conformal import KNOWN
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.record import Record
from streams.scan import drive

DAY = 86_400.0
CUSTOMERS = 80


@pytest.fixture(scope="module")
def busy():
    """A day and a half of customers at a constant pace."""
    chance = np.random.default_rng(7)
    time = 1.7e9 + np.sort(chance.uniform(0, 1.5 * DAY, 18_000))
    x = chance.normal(size=(len(time), 6))
    p = 1 / (1 + np.exp(-x[:, 0] - x[:, 1]))
    who = chance.integers(0, CUSTOMERS, len(time))
    return [
        Record(id=f"r{i}", time=float(t), model="loan", version="1", principal=f"c-{w}", features=f.tolist(),
               probabilities=[float(q), 1 - float(q)])
        for i, (t, w, f, q) in enumerate(zip(time, who, x.round(3), p.round(4), strict=True))
    ]  # fmt: skip


@pytest.fixture
def small(monkeypatch):
    """Room for a tenth of the customers in a sample."""
    monkeypatch.setitem(Collector.__init__.__kwdefaults__, "rows", 1500)


def watched(records, *, reborn=False):
    plan = Plan(alerts_per_day=1.0, secret=b"test", burn_in=DAY)
    pipeline, alerts = Pipeline(plan), []
    for start in range(0, len(records), 3000):
        some = records[start : start + 3000]
        outcome = drive(pipeline, some, np.arange(start, start + len(some), dtype=np.int64))
        alerts += [(alert.id, alert.detector, alert.principal) for alert in outcome.findings.alerts]
        pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes()) if reborn else pipeline
    (watch,) = pipeline.watches.values()
    return alerts, watch.judge


def test_honest_customers_of_a_busy_model_do_not_flood(busy, small):
    alerts, _ = watched(busy)
    assert len(alerts) <= 1
    assert "flood" not in {detector for _, detector, _ in alerts}


def test_who_was_there_but_not_in_the_sample_is_known(busy, small):
    _, judge = watched(busy)
    assert len(judge.met) > CUSTOMERS // 2
    used = np.array(sorted(judge.table.slot_of.values()))
    assert len(used) == CUSTOMERS
    assert set(judge.table[scorer.GATE + "unusual_profile"]["first"][used].tolist()) == {KNOWN}
    assert judge.table[newcomers.NAME]["known"][used].all()


def test_who_comes_later_is_new(busy, small):
    late = [Record(**{**msg, "principal": "late", "id": f"late-{k}"}) for k, msg in enumerate(map(plain, busy[-20:]))]
    _, judge = watched(busy + late)
    slot = judge.table.slot_of["late"]
    assert judge.table[scorer.GATE + "unusual_profile"]["first"][slot] != KNOWN
    assert not judge.table[newcomers.NAME]["known"][slot]


def test_the_budget_is_shared_by_all_who_were_there(busy, small):
    _, judge = watched(busy)
    assert judge.settled.principals == CUSTOMERS
    assert judge.settled.calibration.curves["unusual_profile"].forecast == pytest.approx(CUSTOMERS, rel=0.05)


def test_a_state_that_went_through_bytes_goes_on_as_if_nothing_had_happened(busy, small):
    assert watched(busy)[0] == watched(busy, reborn=True)[0]


def plain(record):
    return {name: getattr(record, name) for name in ("time", "model", "version", "features", "probabilities")}
