"""Whole-batch delivery alone on the same topic: what a worker has left for its own work."""

import asyncio
import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from time import perf_counter
from typing import Any

from streams.bench.brokers import Place

WARM = 20_000  # records before the clock starts
LONGEST = 300.0  # s
NOTHING = "streams.bench.delivery:nothing"


def measure(where: Place, count: int, *, core: int | None, handler: str = NOTHING) -> float:
    """Records a second that `BatchApp` gives to a handler; in a process of its own.

    Parameters
    ----------
    count : records to read, more than `WARM`; the topic must hold as many
    core : the core to run on, None for any
    handler : ``module:function`` of one `RecordBatch`, plain or async; the batch is acknowledged when it returns
    """
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as directory:
        arguments = [where.bootstrap, where.topic, str(count), directory, "" if core is None else str(core), handler]
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "streams.bench.delivery", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=True,
        )
    [said] = [line for line in done.stdout.splitlines() if line.startswith(b'{"records_per_second"')]
    return float(json.loads(said)["records_per_second"])


def nothing(_batch: Any) -> None:
    """Do nothing with a batch."""


def _app(bootstrap: str, topic: str, count: int, directory: str, handler: Any) -> Any:
    from streams.batches import BatchApp, RecordBatch  # noqa: PLC0415  # heavy, and only this process needs it

    app = BatchApp(
        f"{topic}-delivery",
        broker=f"kafka://{bootstrap.replace(',', ';kafka://')}",
        batch_topics={topic},
        datadir=directory,
    )
    seen, warm, began = 0, 0, 0.0

    @app.batch_agent(app.batch_topic(topic))
    async def read(batch: RecordBatch) -> None:
        nonlocal seen, warm, began
        answer = handler(batch)
        if inspect.isawaitable(answer):
            await answer
        before, seen = seen, seen + len(batch)
        if before < WARM <= seen:
            warm, began = seen, perf_counter()
        if seen >= count:
            print(json.dumps({"records_per_second": (seen - warm) / (perf_counter() - began)}), flush=True)  # noqa: T201
            os._exit(0)
        await asyncio.sleep(0)

    return app


def main() -> None:
    """Run as ``python -m streams.bench.delivery BOOTSTRAP TOPIC COUNT DIRECTORY CORE HANDLER``."""
    bootstrap, topic, count, directory, core, handler = sys.argv[1:]
    if core:
        os.sched_setaffinity(0, {int(core)})
    from streams.batches import run  # noqa: PLC0415
    from streams.collector import calm  # noqa: PLC0415

    module, _, function = handler.partition(":")
    app = _app(bootstrap, topic, int(count), directory, getattr(importlib.import_module(module), function))
    calm()
    run(app, loglevel="error")


if __name__ == "__main__":
    main()
