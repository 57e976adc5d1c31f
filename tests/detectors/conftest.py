"""Three days of one model's traffic, small enough to judge many times."""

import numpy as np
import pytest

from detectors import scenarios, stage
from detectors.plan import Plan
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
