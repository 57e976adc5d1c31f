import numpy as np
import pytest

from detectors.peers.api import Traffic
from detectors.peers.fingerprints import prints
from detectors.peers.points import Space

DAY = 86_400.0


@pytest.fixture(scope="session")
def traffic():
    """Make traffic of inputs (n, F), whoever sent them and when; answers are thirds of the first feature."""

    def made(features, principal, time=None):
        features = np.asarray(features, np.float32)
        scaled = Space.fit(features).scaled(features)
        n = len(features)
        return Traffic(
            row=np.arange(n),
            time=np.arange(n) * DAY / max(1, n) if time is None else np.asarray(time, np.float64),
            principal=np.asarray(principal, np.int64),
            answer=np.minimum(2, scaled[:, 0] * 3).astype(np.int64),
            points=Space.fit(features).points(scaled),
            prints=prints(scaled),
        )

    return made


@pytest.fixture(scope="session")
def crowd(traffic):
    """Two days of 40 honest principals with inputs of 24 features; number 40 comes on the second day and searches."""
    random = np.random.default_rng(5)
    honest = random.random((6000, 24))
    principal = random.integers(0, 40, 6000)
    around = random.random(24) + 0.01 * random.normal(size=(300, 24))
    time = np.sort(random.random(6000)) * 2 * DAY
    late = DAY * 1.5 + np.arange(300.0)
    order = np.argsort(np.concatenate([time, late]), kind="stable")
    features = np.concatenate([honest, around])[order]
    return traffic(features, np.concatenate([principal, np.full(300, 40)])[order], np.concatenate([time, late])[order])
