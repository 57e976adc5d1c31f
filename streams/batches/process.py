"""Run a BatchApp as this process's main job, and end whatever hangs."""

import os
import sys
import threading
import traceback
from typing import Any, NoReturn

from faust.worker import Worker

from streams.batches.app import BatchApp

GRACE = 20.0
"""s beyond the drain that a stop may take before the process is ended from outside the event loop."""
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
    `batch_drain_timeout` + `GRACE` s of the signal, also while a thread is stuck in foreign code.
    """
    status = 1
    try:
        BatchWorker(app, loglevel=loglevel, quiet=True).execute_from_commandline()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - the exit status says it
        traceback.print_exc()
    _leave(status)


def _leave(status: int) -> NoReturn:
    # Not sys.exit: the interpreter would wait for executor threads that are stuck.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
