"""From an exception to one plain line on stderr and an exit code."""

from errno import ENOSPC

from schemas.display import plain
from streams.stderr import tell

FAILED, WRONG, INTERRUPTED = 1, 2, 130


class Failed(Exception):
    """The command ran and could not do what was asked."""


class Wrong(Exception):
    """The command was asked in a way that makes no sense; the message says what would."""


def exit_code(error: BaseException) -> int:
    """Say what went wrong in as many lines as there are problems, and return the exit code."""
    if isinstance(error, KeyboardInterrupt):
        say("interrupted")
        return INTERRUPTED
    from streams.settings import Invalid

    if isinstance(error, Invalid):
        for problem in error.problems:
            say(f"configuration: {problem}")
        return WRONG
    if isinstance(error, Wrong):
        say(str(error))
        return WRONG
    if isinstance(error, FileNotFoundError) and error.filename:
        say(f"{error.filename}: no such file or directory")
        return WRONG
    if isinstance(error, IsADirectoryError) and error.filename:
        say(f"{error.filename} is a directory; a file is needed here")
        return WRONG
    say(_words(error))
    return FAILED


def say(line: str) -> None:
    """Print one line on stderr with nothing in it that a terminal would act on."""
    tell(f"tidegate: {plain(line)}")


def _words(error: BaseException) -> str:
    from streams.sinks.api import SinkError

    if isinstance(error, Failed | SinkError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        cure = "; free some and run it again" if error.errno == ENOSPC else ""
        return (f"{error.filename}: " if error.filename else "") + error.strerror + cure
    return f"{type(error).__name__}: {error}; --debug shows where"
