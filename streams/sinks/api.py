"""The page a sink's author reads: Sink, what it promises, and how it says no.

::

    SinkError
    ├── Unavailable    not now: the same write may be tried again, and must be with the same token
    ├── Refused        never: this data or this statement will not be taken
    └── NotSupported   this sink has no answer to that question
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of repeating strings: the distinct values once, and for every row which one.

    Attributes
    ----------
    values : the distinct strings, any order
    codes : (N,) index into ``values``
    """

    values: list[str]
    codes: npt.NDArray[np.int32]

    def __len__(self) -> int:
        """Return N."""
        return len(self.codes)

    def expanded(self) -> list[str]:
        """Return the N strings."""
        values = self.values
        return [values[code] for code in self.codes.tolist()]


Column = Coded | Sequence[Any] | npt.NDArray[Any]
Columns = Mapping[str, Column]


class SinkError(Exception):
    """What a sink raises, and nothing else."""


class Unavailable(SinkError):
    """Not now. Whether the rows of a failed write arrived may be unknown: write them again with the same token."""


class Refused(SinkError):
    """Never: the server or the client will not take this data or this statement.

    Attributes
    ----------
    code : the server's error number, 0 where the client refused
    divisible : whether a part of the rows may be fine, so that halves are worth trying
    """

    def __init__(self, message: str, *, code: int = 0, divisible: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.divisible = divisible


class NotSupported(SinkError):
    """No answer from this sink to that question; the message says which one has it."""


class Sink(Protocol):
    """Where rows become durable. Every method blocks; call it from a thread that is not the event loop's."""

    def write(self, table: str, columns: Columns, token: str) -> None:
        """Return once the rows are durable; the same token with the same rows again changes nothing.

        Times are ``datetime64[us]`` columns, UTC. A column that is not named gets the table's default.

        Raises
        ------
        Unavailable
            try again, with the same token
        Refused
            do not try again
        """
        ...

    def query(self, name: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the rows of a named query of ``schemas.sql``; times as RFC 3339 text or numbers as the query says.

        Raises
        ------
        Unavailable, Refused, NotSupported
        """
        ...

    def close(self) -> None:
        """Give back connections, files and locks. Nothing may be called after."""
        ...


def rows_of(columns: Columns) -> int:
    """Number of rows, the same in every column.

    Raises
    ------
    ValueError
        if the columns differ in length
    """
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise ValueError(f"columns differ in length: { {name: len(column) for name, column in columns.items()} }")
    return lengths.pop() if lengths else 0
