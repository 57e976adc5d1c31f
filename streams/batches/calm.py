"""A logger that says the same thing thirty times a second is made to say it every ten seconds."""

import logging
import time

PERIOD = 10.0
"""s between two lines of one kind."""


class Calm(logging.Filter):
    """Let one line of each kind pass in `PERIOD` s; the next one says how many were kept back."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[object, float] = {}
        self._kept: dict[object, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line may pass; kinds are the templates of messages."""
        now, kind = time.monotonic(), record.msg
        if record.levelno < logging.WARNING:
            return True
        if now - self._passed.get(kind, -PERIOD) < PERIOD:
            self._kept[kind] = self._kept.get(kind, 0) + 1
            return False
        self._passed[kind] = now
        if kept := self._kept.pop(kind, 0):
            record.msg, record.args = f"{record.getMessage()} (and {kept} more like it)", ()
        return True


def calm(package: str) -> None:
    """Put the filter on every logger of a package that exists by now."""
    for name in list(logging.root.manager.loggerDict):
        if name == package or name.startswith(f"{package}."):
            logging.getLogger(name).addFilter(Calm())
