"""Files that a command writes a line at a time; where one cannot be written, the error says which."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self


class Written:
    """A new file, open until the end of a ``with``.

    Raises
    ------
    OSError
        with ``filename``, also where the disk is full at the last moment, when the file is closed
    """

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.open("wb")

    def write(self, lines: Iterable[bytes]) -> None:
        """Write lines that have no end yet."""
        with self._named():
            self._file.writelines(line + b"\n" for line in lines)

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        with self._named():
            self._file.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            error.filename = str(self._path)
            raise
