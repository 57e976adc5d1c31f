"""Run a BatchApp as this process's main job, and end whatever hangs."""

import os
import sys
import threading
import time
import traceback
from typing import Any, NoReturn

from faust.worker import Worker

from streams.batches.app import BatchApp

GRACE = 20.0
"""s beyond the drain that a stop may take before the process is ended from outside the event loop."""
CRASH_GRACE = 2.0
"""s that a stop may take after a crash: nothing more will be committed."""
LOOK = 0.25
"""s between looks at whether the worker crashed."""
STUCK = 70
"""Exit status when the stop itself hung (EX_SOFTWARE)."""


class BatchWorker(Worker):
    """Faust's worker, whose stop has an end."""

    app: BatchApp

    def __init__(self, app: BatchApp, **settings: Any) -> None:
        super().__init__(app, **settings)
        self.spinner = None

    async def stop(self) -> None:
        """Stop, or be ended from outside the event loop when that takes too long."""
        timer = threading.Timer(self.app.batch_drain_timeout + GRACE, _leave, (STUCK,))
        timer.daemon = True
        timer.start()
        await super().stop()


def run(app: BatchApp, *, loglevel: str = "warning") -> NoReturn:
    """Run until SIGTERM, SIGINT or a fatal error, then leave the process.

    Exit status 0 after an orderly stop, 1 after a crash, 70 if the stop hung. The process ends within
    `batch_drain_timeout` + `GRACE` s of the signal, and within `CRASH_GRACE` s of a crash, also while a thread
    is stuck in foreign code.
    """
    status = 1
    worker = BatchWorker(app, loglevel=loglevel, quiet=True)
    threading.Thread(target=_end_when_crashed, args=(worker,), daemon=True).start()
    try:
        worker.execute_from_commandline()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - the exit status says it
        traceback.print_exc()
    _leave(status)


def _end_when_crashed(worker: BatchWorker) -> None:
    # A crashed worker may never stop: aiokafka waits for a coordinator that does not answer.
    while not worker.crashed:
        time.sleep(LOOK)
    time.sleep(CRASH_GRACE)
    _leave(1)


def _leave(status: int) -> NoReturn:
    # Not sys.exit: the interpreter would wait for executor threads that are stuck.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
