"""A small world of feedback: three kinds of inputs, sixty honest contributors, and one who flips labels."""

import numpy as np
import pytest

from detectors.plan import Plan
from schemas.record import FEEDBACK, Record

CENTRES = np.array([[2.0, 0, 0, 1], [0, 2, 0, -1], [-2, 0, 2, 0]])


def said(seed, *, contributors=60, records=3000, noise=0.04, flipper=0.02, begin=1.7675712e9):
    """Feedback records in order of time; contributor ``flipper`` says the wrong label each time."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, records)
    x = CENTRES[truth] + rng.normal(0, 0.6, (records, 4))
    who = rng.integers(0, contributors, records)
    bad = rng.random(records) < flipper
    wrong = bad | (rng.random(records) < noise)
    label = np.where(wrong, (truth + rng.integers(1, 3, records)) % 3, truth)
    return [
        Record(
            id=f"f{i:05d}",
            time=begin + 20.0 * i,
            model="shop",
            principal="flipper" if bad[i] else f"c{who[i]:02d}",
            features=np.round(x[i], 4).tolist(),
            label=int(label[i]),
            phase=FEEDBACK,
            request_id=f"q{i:05d}",
        )
        for i in range(records)
    ]


@pytest.fixture(scope="session")
def plan():
    return Plan(secret=b"feedback", alerts_per_day=10.0)


@pytest.fixture(scope="session")
def feedback():
    return said(1)
