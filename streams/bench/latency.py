"""From a record in the topic to its alert's row: seconds, at a tenth of the measured rate."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import msgspec
import numpy as np
from confluent_kafka import Consumer, Producer

from streams.bench.brokers import Place, Progress, produce
from streams.bench.end_to_end import environment
from streams.bench.traffic import BURN_IN, SHARE, messages

SECONDS = 12.0  # of traffic at the given rate
WARM = 8000  # records after the burn-in before the clock starts, so that settling is not measured


def measure(where: Place, rate: float, *, core: int | None) -> dict[str, Any]:
    """Percentiles over alerts of the time from the record that raised it to the alert on its topic, after its row.

    An alert is published once its row is durable, so this is an upper bound of the time to the row.
    """
    live = int(rate * SECONDS)
    clean = max(20_000, int(live * 0.5))
    history = list(messages(int(clean / SHARE), seed=2, attackers=0))[: clean + WARM]
    produce(where, history)
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as directory:
        waits = _waited(where, environment(where, Path(directory), core=core), len(history), live, rate, clean)
    if not len(waits):
        return {"alerts": 0}
    p50, p99 = np.percentile(waits, [50, 99])
    return {
        "alerts": len(waits), "records_per_second": round(rate), "p50_seconds": round(float(p50), 3),
        "p99_seconds": round(float(p99), 3), "largest_seconds": round(float(max(waits)), 3),
    }  # fmt: skip


def _waited(where: Place, settings: dict[str, str], history: int, live: int, rate: float, clean: int) -> list[float]:
    """Run a worker over what is in the topic and then ``live`` records more; s that each alert took."""
    worker = subprocess.Popen(  # our own program
        [sys.executable, "-c", "from streams.cli import main; main()", "run", "--role", "worker"],
        env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        progress = Progress(where, where.topic)
        _until(lambda: progress.committed() >= history, 180.0)
        sent = _live(where, live, rate, later=WARM * BURN_IN / clean)
        _until(lambda: progress.committed() >= history + live, 120.0)
        progress.close()
        waits = _waits(where, sent)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(90)
    return waits


def _until(done: Any, seconds: float) -> None:
    until = monotonic() + seconds
    while not done() and monotonic() < until:
        sleep(0.2)


def _live(where: Place, count: int, rate: float, *, later: float) -> dict[str, float]:
    """Send records at a steady rate; when each was sent, by id. Every 2,000 records one in ten is a new attacker's."""
    producer = Producer({"bootstrap.servers": where.bootstrap, "linger.ms": 2, "log_level": 0})
    sent: dict[str, float] = {}
    rows = _rows(count, later)
    began = monotonic()
    for i, (key, value) in enumerate(rows):
        producer.produce(where.topic, value, key=key)
        sent[f"live-{i}"] = time()
        if i % 50 == 0:
            producer.poll(0)
            sleep(max(0.0, began + i / rate - monotonic()))
    producer.flush(30)
    return sent


def _rows(count: int, later: float) -> list[tuple[str, bytes]]:
    """Keys and values, made before the clock starts; record times are set ``later`` s behind the history."""
    made = []
    for i, message in enumerate(list(messages(int(count / (1 - SHARE)) + 1, seed=3, attackers=0))[-count:]):
        record = msgspec.json.decode(message.value)
        record |= {"id": f"live-{i}", "time": record["time"] + later}
        if i % 2000 < 400 and i % 10 == 0:
            record |= {
                "principal": f"stranger-{i // 2000}",
                "features": [3.0 - 6.0 * ((i * 7 + k * 13) % 97) / 97 for k in range(32)],
            }
        made.append((record["principal"], msgspec.json.encode(record)))
    return made


def _waits(where: Place, sent: dict[str, float]) -> list[float]:
    """Seconds from sending a record to its alert's timestamp in the topic; an alert that is told again counts once."""
    consumer = Consumer({
        "bootstrap.servers": where.bootstrap, "group.id": f"{where.topic}-alerts", "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "log_level": 0,
    })  # fmt: skip
    consumer.subscribe([f"{where.topic}.alerts"])
    waits: dict[str, float] = {}
    until = monotonic() + 15.0
    while monotonic() < until:
        message = consumer.poll(1.0)
        if message is None or message.error():
            continue
        alert = msgspec.json.decode(message.value() or b"{}")
        if (trigger := alert.get("trigger", "")) in sent:
            waits.setdefault(alert["id"], message.timestamp()[1] / 1000.0 - sent[trigger])
            until = max(until, monotonic() + 2.0)
    consumer.close()
    return list(waits.values())
