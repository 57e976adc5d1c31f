"""Every stage and detector alone, on one core and in one process: records a second, and bytes a key."""

import itertools
from time import perf_counter
from typing import Any

import numpy as np

from detectors import scorer
from detectors.findings import Findings
from detectors.judge import Judge
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.formats import native
from schemas.scanner.scanned import batches
from streams.bench.traffic import BURN_IN, messages
from streams.scan import drive

SLICE = 2000
NO_STATE = np.zeros(0, np.dtype([]))


def measure(count: int = 60_000) -> dict[str, dict[str, Any]]:
    """By stage and detector: ``records_per_second`` and ``microseconds`` a record, median and best over slices."""
    values = [m.value for m in messages(count)]
    pipeline = Pipeline(Plan(secret=b"bench", burn_in=BURN_IN))
    half = count // 2
    for start in range(0, half, SLICE):
        reading = native.read_many(values[start : start + SLICE], range(start, start + SLICE))
        drive(pipeline, reading.records, reading.offsets, reading.rejects)
    watch = pipeline.watches["bench", "1"]
    assert watch.judge is not None
    spent: dict[str, list[float]] = {}
    for start in range(half, count - SLICE + 1, SLICE):
        for name, seconds in _slice(watch.judge, watch.epoch, values[start : start + SLICE], start).items():
            spent.setdefault(name, []).append(seconds / SLICE)
    return {name: _rate(times) for name, times in spent.items()}


def bytes_per_key() -> dict[str, int]:
    """What one principal costs, from the dtypes, by part and in all."""
    pipeline = Pipeline(Plan(secret=b"bench", burn_in=BURN_IN))
    values = [m.value for m in messages(8000)]
    reading = native.read_many(values, range(len(values)))
    drive(pipeline, reading.records, reading.offsets, reading.rejects)
    judge = pipeline.watches["bench", "1"].judge
    assert judge is not None
    parts = {name: dtype.itemsize for name, dtype in judge.table.dtypes.items()}
    return {"all": judge.table.bytes_per_key, **parts}


def _slice(judge: Judge, epoch: int, values: list[bytes], start: int) -> dict[str, float]:
    """Seconds that each stage takes for one slice, each after the one before."""
    marks: list[tuple[str, float]] = [("", perf_counter())]

    def mark(name: str) -> None:
        marks.append((name, perf_counter()))

    reading = native.read_many(values, range(start, start + SLICE))
    mark("decode")
    [batch] = batches(reading.records, reading.offsets)
    mark("batch")
    slots = judge.table.assign(batch.principals, batch.principal, judge.records)
    mark("slots")
    rows = scorer.columns(judge.settled.reference, batch, slots, judge.table)
    mark("features_and_profile")
    for name, detector in judge.detectors.items():
        detector.score(rows, slots, judge.table[name] if name in judge.table.arrays else NO_STATE)
        mark(name)
    judge.score(batch, np.full(len(batch), epoch, np.int64), Findings())
    mark("slots_to_alerts")
    return {name: at - before for (_, before), (name, at) in itertools.pairwise(marks)}


def _rate(times: list[float]) -> dict[str, Any]:
    median = float(np.median(times))
    return {
        "records_per_second": round(1 / median),
        "microseconds": round(median * 1e6, 3),
        "best_microseconds": round(min(times) * 1e6, 3),
    }
