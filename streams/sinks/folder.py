"""One process at a time on a directory, and a plain word on who has it."""

import fcntl
import os
from pathlib import Path

from streams.sinks.api import Unavailable


class Folder:
    """A directory held by this process until ``release`` or its end, however it ends.

    Raises
    ------
    Unavailable
        if another process holds it, with that process's id; or if it cannot be written
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            why = "a file has that name" if isinstance(error, FileExistsError) else error.strerror
            raise Unavailable(f"cannot use the directory {directory}: {why}") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            who = "this process" if holder == str(os.getpid()) else f"another process (pid {holder})"
            raise Unavailable(
                f"{directory} is open in {who}: the embedded engine serves one at a time; "
                "wait for it to end, or use a ClickHouse server"
            ) from None
        os.truncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode())

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
