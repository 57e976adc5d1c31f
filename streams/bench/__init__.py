"""Bench: how fast tidegate is here, beside the same work done with others, all in one run."""

import os
from typing import Any

from streams.settings import Settings


def measure(settings: Settings, records: int = 1_600_000) -> dict[str, Any]:
    """Measure everything; ``records_per_second`` in each part, ratios to stock Faust in ``end_to_end``."""
    from streams.bench import brokers, detectors, end_to_end, formats, latency, peers, stock  # noqa: PLC0415

    core = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    with brokers.place(settings) as where:
        count = brokers.produce(where, _messages(records))
        before = stock.measure(where, min(count // 3, 60_000), core=core)
        run = end_to_end.measure(where, count, core=core)
        after = stock.measure(where, min(count // 3, 60_000), core=core)  # it goes on where it stopped
        slow, slow_of_cpu = ((a + b) / 2 for a, b in zip(before, after, strict=True))
        kind = where.kind
        with brokers.place(settings) as other:  # within, so that the broker does not delete a gigabyte meanwhile
            waits = latency.measure(other, run.rate / 10, core=core)
    return {
        "broker": kind,
        "core": core,
        "stock_faust": {
            "records_per_second": round(slow),
            "records_per_cpu_second": round(slow_of_cpu),
            "before_and_after": [round(before[0]), round(after[0])],
            "does": "nothing with each record",
        },
        "end_to_end": {
            "records_per_second": round(run.rate),
            "times_stock_faust": round(run.rate / slow, 2),
            "records_per_cpu_second": round(run.of_cpu),
            "times_stock_faust_by_cpu": round(run.of_cpu / slow_of_cpu, 2),
            "seconds": round(run.seconds, 2),
            "records": run.records,
            "resident_megabytes": round(run.memory / 2**20),
            "does": "decode, profile, detectors, gates, alerts durable in embedded ClickHouse, offsets committed",
        },
        "latency": waits,
        "bytes_per_key": detectors.bytes_per_key(),
        "detectors": detectors.measure(),
        "peers": peers.measure(),
        "formats": formats.measure(),
    }


def _messages(records: int) -> Any:
    from streams.bench.traffic import messages  # noqa: PLC0415

    return messages(records)
