"""What nobody would take: JSON lines in a capped file, so that it can be looked at and sent again by hand."""

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock


class DeadLetters:
    """A file of refused rows. It never grows beyond its cap and never raises: what does not fit is counted.

    Parameters
    ----------
    path : the file, made with its directory when the first line comes; None keeps nothing and counts all
    largest_bytes : cap of the file

    Attributes
    ----------
    kept, dropped : lines written, and lines that found no place, since this object was made
    """

    def __init__(self, path: Path | None, *, largest_bytes: int = 64 << 20) -> None:
        self.path = path
        self.largest_bytes = largest_bytes
        self.kept = 0
        self.dropped = 0
        self._lock = Lock()

    def append(self, entries: Iterable[Mapping[str, object]]) -> None:
        """Write one line an entry and return once they are on disk, or counted as dropped."""
        lines = [json.dumps(_plain(entry), default=str, allow_nan=False) + "\n" for entry in entries]
        with self._lock:
            written = self._written(lines)
            self.kept += written
            self.dropped += len(lines) - written

    def _written(self, lines: list[str]) -> int:
        if self.path is None:
            return 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "w", encoding="ascii") as out:
                room = self.largest_bytes - os.fstat(file).st_size
                fitting = _fitting(lines, room)
                out.writelines(fitting)
                out.flush()
                os.fsync(file)
        except OSError:
            return 0
        return len(fitting)


def _fitting(lines: list[str], room: int) -> list[str]:
    fitting = []
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _plain(value: object) -> object:
    """The same with what JSON cannot say written as text or left out."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value
