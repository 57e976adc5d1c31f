"""Stock Faust on the same topic, doing nothing with each record: what tidegate's delivery is measured against."""

import json
import os
import subprocess
import sys
import tempfile
from time import perf_counter, process_time
from typing import Any

from streams.bench.brokers import Place

WARM = 2000  # records before the clock starts
LONGEST = 300.0  # s


def measure(where: Place, count: int, *, core: int | None) -> tuple[float, float]:
    """Records a second, and records a second of CPU time, that an agent ``async for value in stream: pass`` sees.

    It runs in a process of its own.
    """
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as directory:
        arguments = [where.bootstrap, where.topic, str(count), directory, "" if core is None else str(core)]
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "streams.bench.stock", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=True,
        )
    [said] = [line for line in done.stdout.splitlines() if line.startswith(b'{"records_per_second"')]
    found = json.loads(said)
    return float(found["records_per_second"]), float(found["records_per_cpu_second"])


def _app(bootstrap: str, topic: str, count: int, directory: str) -> Any:
    import faust  # noqa: PLC0415  # heavy, and only this process needs it

    app = faust.App(
        f"{topic}-stock",
        broker=f"kafka://{bootstrap.replace(',', ';')}",
        datadir=directory,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        worker_redirect_stdouts=False,
        value_serializer="raw",
    )

    async def nothing(stream: Any) -> None:
        seen, began, spent = 0, 0.0, 0.0
        async for _ in stream:
            seen += 1
            if seen == WARM:
                began, spent = perf_counter(), process_time()
            if seen == count:
                rate, of_cpu = (count - WARM) / (perf_counter() - began), (count - WARM) / (process_time() - spent)
                print(json.dumps({"records_per_second": rate, "records_per_cpu_second": of_cpu}), flush=True)  # noqa: T201
                os._exit(0)

    app.agent(app.topic(topic, value_type=bytes))(nothing)
    return app


def main() -> None:
    """Run as ``python -m streams.bench.stock BOOTSTRAP TOPIC COUNT DIRECTORY CORE``."""
    bootstrap, topic, count, directory, core = sys.argv[1:]
    if core:
        os.sched_setaffinity(0, {int(core)})
    from faust.worker import Worker  # noqa: PLC0415

    worker = Worker(_app(bootstrap, topic, int(count), directory), loglevel="error", quiet=True)
    worker.spinner = None  # it would write to our stdout
    worker.execute_from_commandline()


if __name__ == "__main__":
    main()
