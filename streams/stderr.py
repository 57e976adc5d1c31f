"""Stderr as something that may have gone: a reader that left must not take the worker with it."""

import sys
from contextlib import suppress
from typing import TextIO


class Stderr:
    """Writes to a stream as long as it takes anything; what it does not take is not said.

    Parameters
    ----------
    stream : None where the process was started without one
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write text, or lose it."""
        with suppress(OSError, ValueError):
            if self.stream is not None:
                self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        with suppress(OSError, ValueError):
            if self.stream is not None:
                self.stream.flush()

    def isatty(self) -> bool:
        """Whether a person watches."""
        try:
            return self.stream is not None and self.stream.isatty()
        except ValueError:
            return False


def tell(line: str) -> None:
    """Write one line to this process's stderr."""
    out = Stderr(sys.stderr)
    out.write(f"{line}\n")
    out.flush()
