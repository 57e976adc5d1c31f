"""The router, as a user runs it, on one pinned core: native records keyed by nothing, keyed by principal."""

import json
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streams.bench import brokers, end_to_end
from streams.bench.brokers import Place, Progress
from streams.bench.traffic import Message, messages
from streams.settings import Settings

GOAL = 300_000  # records/s a core
RUNS = 5
WARM = 0.2  # of the records, before anything is measured
WRITTEN = {"records": 8, "halves": 8}


def measure(settings: Settings, records: int, runs: int = RUNS) -> dict[str, Any]:
    """Records/s by the clock and by the CPU time of all its threads: of some runs the middle one, and all of them."""
    core = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    with brokers.place(settings, brokers.WRITTEN | WRITTEN) as where:
        count = brokers.produce(where, _unkeyed(records))
        made = [_run(where, count, f"{where.topic}-{i}", core) for i in range(runs)]
        kind = where.kind
    clock, cpu = zip(*made, strict=True)
    return {
        "broker": kind, "core": core, "records": count,
        "records_per_second": round(statistics.median(clock)), "records_per_cpu_second": round(statistics.median(cpu)),
        "runs": [round(one) for one in clock], "runs_by_cpu": [round(one) for one in cpu], "goal": GOAL,
    }  # fmt: skip


def _unkeyed(records: int) -> Iterator[Message]:
    return (Message(b"", one.value) for one in messages(records))


def _run(where: Place, count: int, group: str, core: int | None) -> tuple[float, float]:
    """Run a router over all records that are in the topic; rates by the clock and by CPU time."""
    names = {kind: f"{where.topic}.{kind}" for kind in brokers.WRITTEN | WRITTEN}
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as directory:
        settings = end_to_end.environment(where, Path(directory), core=core) | {
            "TIDEGATE_KAFKA__GROUP": group,
            "TIDEGATE_KAFKA__TOPICS": json.dumps(names),
            "TIDEGATE_SOURCE": json.dumps([{"topic": where.topic, "format": "native", "routed": True}]),
        }
        points = end_to_end.observed(
            "router", settings, Path(directory), Progress(where, f"{group}.router"), count, warm=WARM * count
        )
    (t0, n0, c0), (t1, n1, c1) = points[0], points[-1]
    return (n1 - n0) / (t1 - t0), (n1 - n0) / (c1 - c0) if c1 > c0 else 0.0
