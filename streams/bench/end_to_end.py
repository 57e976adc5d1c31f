"""The worker itself, as a user runs it: broker to durable alert rows, one pinned core, every default detector."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from streams.bench.brokers import Place, Progress
from streams.bench.traffic import BURN_IN, SHARE

LONGEST = 600.0  # s


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a worker showed.

    Attributes
    ----------
    rate : records a second between two commits, both after the burn-in and before the end
    of_cpu : records a second of CPU time of all its threads between them; 0 where the system does not say
    seconds : from the first to the last of these commits
    memory : bytes of the largest resident set of all children so far
    """

    rate: float
    of_cpu: float
    seconds: float
    records: int
    memory: int


class Failed(RuntimeError):
    """The worker ended before its work; the message is what it said last."""


def environment(where: Place, directory: Path, *, core: int | None) -> dict[str, str]:
    """Settings of a worker under measurement, as environment variables."""
    topics = {kind: f"{where.topic}.{kind}" for kind in ("alerts", "rejects", "signals")}
    made = {
        "TIDEGATE_KAFKA__BROKERS": json.dumps(where.bootstrap.split(",")),
        "TIDEGATE_KAFKA__GROUP": where.topic,
        "TIDEGATE_KAFKA__TOPICS": json.dumps(topics),
        "TIDEGATE_SOURCE": json.dumps([{"topic": where.topic}]),
        "TIDEGATE_CLICKHOUSE__URL": f"chdb://{directory / 'db'}",
        "TIDEGATE_STATE__SNAPSHOTS": str(directory / "snapshots"),
        "TIDEGATE_CALIBRATION__BURN_IN": f"{BURN_IN:.0f}s",
        "TIDEGATE_CALIBRATION__WAIT": "20s",
        "TIDEGATE_METRICS__LISTEN": "",
    }
    return made | ({"TIDEGATE_CORE": str(core)} if core is not None else {})


def measure(where: Place, count: int, *, core: int | None) -> Run:
    """Run a worker over ``count`` records that are in the topic already; raises :class:`Failed`."""
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as name:
        directory = Path(name)
        points = observed(
            "worker", environment(where, directory, core=core), directory, Progress(where, where.topic), count,
            warm=count * (SHARE + 0.15),
        )  # fmt: skip
    (t0, n0, c0), (t1, n1, c1) = points[0], points[-1]
    of_cpu = (n1 - n0) / (c1 - c0) if c1 > c0 else 0.0
    return Run((n1 - n0) / (t1 - t0), of_cpu, t1 - t0, n1, largest_memory())


def observed(
    role: str, settings: dict[str, str], directory: Path, progress: Progress, count: int, *, warm: float
) -> list[tuple[float, int, float]]:
    """Run ``tidegate run`` until ``count`` records are committed; raises :class:`Failed` if it ends before.

    Returns
    -------
    list
        whenever more was committed: s on a clock, how much, s of CPU time till then; none before ``warm`` records
    """
    errors = (directory / "stderr").open("w+b")
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", "from streams.cli import main; main()", "run", "--role", role],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )
    try:
        points = _watch(progress, process, count, warm)
    finally:
        progress.close()
        process.send_signal(signal.SIGTERM)
        process.wait(90)
    if len(points) < 2:
        errors.seek(0)
        raise Failed(errors.read()[-2000:].decode("utf-8", "replace") or f"the {role} was too fast to measure")
    return points


def _watch(
    progress: Progress, worker: "subprocess.Popen[Any]", count: int, warm: float
) -> list[tuple[float, int, float]]:
    points: list[tuple[float, int, float]] = []
    until = monotonic() + LONGEST
    while worker.poll() is None and monotonic() < until:
        done = progress.committed()
        if done > warm and (not points or done > points[-1][1]):
            points.append((monotonic(), done, cpu_seconds(worker.pid)))
        if done >= count:
            break
        sleep(0.02)
    return points[:-1] if len(points) > 2 else points


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, user and system, s; 0 where there is no Linux /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def largest_memory() -> int:
    """Largest resident set of a child so far, bytes."""
    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024
