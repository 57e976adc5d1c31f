"""Run a BatchApp as this process's main job, and end whatever hangs."""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import Any, NoReturn

from faust.worker import Worker

from streams.batches.app import BatchApp
from streams.batches.calm import calm

LOOK = 0.25
"""s between looks of the watch at the worker."""
CRASH_GRACE = 2.0
"""s that a stop may take after a crash: nothing more will be committed."""
AFTER_DRAIN = 3.0
"""s that a stop may take once everything is drained and committed: only connections are left to close."""
GRACE = 20.0
"""s beyond the drain that a stop may take in all."""
INTERRUPTED = 130
"""Exit status after SIGINT."""
STUCK = 70
"""Exit status when the drain itself hung (EX_SOFTWARE)."""


class BatchWorker(Worker):
    """Faust's worker, without its spinner and its last second."""

    app: BatchApp

    def __init__(self, app: BatchApp, **settings: Any) -> None:
        super().__init__(app, **settings)
        self.spinner = None
        self.status = 0

    def install_signal_handlers(self) -> None:
        """Stop in order on SIGTERM and SIGINT, and remember which it was."""
        super().install_signal_handlers()
        self.loop.add_signal_handler(signal.SIGINT, self._interrupted)

    def _interrupted(self) -> None:
        self.status = INTERRUPTED
        signal.raise_signal(signal.SIGTERM)

    async def on_shutdown(self) -> None:
        """Leave at once: everything is stopped."""
        await super().on_shutdown()
        self.app.hooks.on_stopped()
        _leave(1 if self.crashed else self.status)


def run(app: BatchApp, *, loglevel: str = "warning") -> NoReturn:
    """Run until SIGTERM, SIGINT or a fatal error, then leave the process.

    Exit status 0 after an orderly stop (130 if by SIGINT), 1 after a crash, 70 if the drain hung. The process
    ends within `batch_drain_timeout` + `GRACE` s of the signal, and within about `CRASH_GRACE` s of a crash, also
    while a thread is stuck in foreign code or the broker does not answer.
    """
    worker = BatchWorker(app, loglevel=loglevel, quiet=True)
    threading.Thread(target=_watch, args=(worker,), name="end-what-hangs", daemon=True).start()
    calm("aiokafka")
    try:
        worker.execute_from_commandline()
    except SystemExit as leaving:
        _leave(leaving.code if isinstance(leaving.code, int) else 1)
    except BaseException:  # noqa: BLE001 - the exit status says it
        traceback.print_exc()
    _leave(1)


def _watch(worker: BatchWorker) -> NoReturn:
    # aiokafka can wait for a coordinator that does not answer until long after everybody has lost patience.
    stopping: float | None = None
    while True:
        time.sleep(LOOK)
        if worker.crashed:
            time.sleep(CRASH_GRACE)
            _leave(1)
        if worker.app.drained:
            time.sleep(AFTER_DRAIN)
            _leave(worker.status)
        if worker.should_stop and stopping is None:
            stopping = time.monotonic()
        if stopping is not None and time.monotonic() - stopping > worker.app.batch_drain_timeout + GRACE:
            _leave(STUCK)


def _leave(status: int) -> NoReturn:
    # Not sys.exit: the interpreter would wait for executor threads that are stuck.
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # it may be closed, or nobody reads it any more
            stream.flush()
    os._exit(status)
