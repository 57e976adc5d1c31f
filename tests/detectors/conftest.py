"""Three days of one model's traffic, small enough to judge many times."""

import numpy as np
import pytest

from detectors import scenarios, stage
from detectors.burn_in import BurnIn
from detectors.plan import Plan
from detectors.reference import Reference
from schemas.record import Record


def records_of(traffic, number, model="loan"):
    return [
        Record(
            id=f"{model}-{number}-{i}",
            time=float(traffic.time[i]),
            model=model,
            version="1",
            principal=traffic.names[traffic.code[i]],
            features=traffic.features[i].astype(float).tolist(),
            probabilities=traffic.probabilities[i].astype(float).tolist(),
        )
        for i in range(len(traffic.time))
    ]


@pytest.fixture(scope="session")
def history():
    """A clean day, then two days with a fuzzer, a flood and a walk along the boundary among the customers."""
    attackers = [("fuzzer", scenarios.fuzzing), ("flooder", scenarios.flood), ("walker", scenarios.boundary_walk)]
    days = [stage.day(0, stage.customers())]
    days += [stage.day(n, stage.customers() + attackers) for n in (1, 2)]
    return [r for n, d in enumerate(days) for r in records_of(d, n)]


@pytest.fixture(scope="session")
def plan():
    return Plan(alerts_per_day=5.0, secret=b"test", burn_in=86_400.0, max_principals=500)


@pytest.fixture(scope="session")
def offsets(history):
    return np.arange(len(history), dtype=np.int64) * 3 + 7  # gaps, as a compacted partition has


SHAPES = {
    "usual": {},
    "one feature": {"features": 1},
    "wide": {"features": 1100, "records": 400, "principals": 12},
    "no inputs": {"features": 0},
    "only inputs": {"classes": 0},
    "labels only": {"features": 0, "classes": 0, "labels": True},
    "inputs and labels": {"classes": 0, "labels": True},
    "nothing but time": {"features": 0, "classes": 0},
    "one probability": {"classes": 1},
    "top probability and label": {"classes": 1, "labels": True},
    "many classes": {"classes": 40},
}


def clean_period(*, records=900, principals=30, features=12, classes=3, labels=False, seed=0, units=1.0):
    """Customers with tastes of their own, a constant column, a flag, and now and then the same request again."""
    chance = np.random.default_rng(seed)
    who = chance.integers(0, principals, records).astype(np.int32)
    who[:principals] = np.arange(principals)
    width = max(features, 4)
    x = (0.6 * chance.normal(0, 1, (principals, width))[who] + chance.normal(0, 1, (records, width))).astype(np.float32)
    x[:, 0], x[:, 1] = 2.5, x[:, 1] > 1
    again = np.flatnonzero(chance.random(records) < 0.05)
    x[again[again > 0]] = x[again[again > 0] - 1]
    p = np.exp(2 * x[:, :4] @ np.random.default_rng(1).normal(0, 1, (4, max(classes, 2))))
    p /= p.sum(1, keepdims=True)
    return BurnIn(
        model="loan",
        version="1",
        time=1.7e9 + np.sort(chance.uniform(0, 86_400, records)),
        principals=[f"p{k}" for k in range(principals)],
        principal=who,
        features=(units * x[:, width - features :]).astype(np.float32),
        named=None,
        probabilities=p[:, :classes].astype(np.float32),
        labels=[f"class-{k}" if labels else "" for k in p.argmax(1)],
        latency=np.full(records, np.nan, np.float32),
        tokens=np.full((records, 2), -1, np.int32),
        bad=np.zeros(records, np.uint16),
        text=np.zeros((records, 0), np.float32),
        lone=np.zeros(records, np.uint8),
        seen=records,
        start=1.7e9,
        end=1.7e9 + 86_400,
    )


@pytest.fixture(scope="session")
def clean():
    """Makes a clean period: ``clean(features=..., classes=..., ...)``."""
    return clean_period


@pytest.fixture(scope="session", params=SHAPES.values(), ids=SHAPES)
def shaped(request):
    """A clean period of each shape that a log may have, its reference, and another day of the same customers."""
    sample = clean_period(**request.param)
    return sample, Reference.fit(sample, secret=b"test"), clean_period(**request.param | {"seed": 7})


@pytest.fixture(scope="session")
def known():
    """The usual shape: a clean period, its reference, and another day."""
    sample = clean_period()
    return sample, Reference.fit(sample, secret=b"test"), clean_period(seed=7)
