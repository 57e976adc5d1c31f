"""What others take for a part of the work, on the same records: River's half-space trees and ADWIN, one by one."""

from time import perf_counter
from typing import Any

import msgspec
from river import anomaly, drift

from streams.bench.traffic import messages

RECORDS = 3000


def measure(count: int = RECORDS) -> dict[str, dict[str, Any]]:
    """By peer, ``records_per_second`` and what it does of the work."""
    rows = [msgspec.json.decode(m.value) for m in messages(count)]
    features = [dict(enumerate(row["features"])) for row in rows]
    trees: Any = anomaly.HalfSpaceTrees(seed=1)
    began = perf_counter()
    for x in features:
        trees.score_one(x)
        trees.learn_one(x)
    half_space = count / (perf_counter() - began)
    adwin_of: Any = drift.ADWIN
    tests = [adwin_of() for _ in range(10)]
    began = perf_counter()
    for row in rows:
        for test, p in zip(tests, row["probabilities"], strict=True):
            test.update(p)
    adwin = count / (perf_counter() - began)
    return {
        "river HalfSpaceTrees": {"records_per_second": round(half_space), "does": "one anomaly score of the input"},
        "river ADWIN x 10": {"records_per_second": round(adwin), "does": "a drift test of each probability"},
    }
