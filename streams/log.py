"""What tidegate says about itself: structured lines on stderr, text for people, JSON for machines."""

import logging
import sys
from typing import Any, TextIO, cast

import structlog

from schemas.display import plain
from streams.stderr import Stderr

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str = "info", form: str = "auto") -> None:
    """Send log lines of ``level`` and above to stderr, with nothing in them that a terminal would act on.

    A stderr that is closed, or whose reader has left, costs the lines and nothing else.

    Parameters
    ----------
    form : ``text``, ``json``, or ``auto``: text if stderr is a terminal
    """
    out = Stderr(sys.stderr)
    text = form == "text" or (form == "auto" and out.isatty())
    ending: Any = structlog.dev.ConsoleRenderer(colors=out.isatty()) if text else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _safe,
            ending,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", out)),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        stream=out, level=max(LEVELS[level], logging.WARNING), format="%(levelname)s %(name)s: %(message)s"
    )


def _safe(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Escape every text of a line; a traceback keeps its line breaks."""
    return {
        name: "\n".join(map(plain, value.split("\n")))
        if name == "exception"
        else plain(value)
        if isinstance(value, str)
        else value
        for name, value in event.items()
    }
