"""Blocks into a sink until they are durable or refused for good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from threading import Event

from streams.dead_letters import DeadLetters
from streams.pauses import Pauses
from streams.sinks.api import Columns, Refused, Sink, Unavailable, rows_of
from streams.sinks.blocks import halves, joined, plain_values, token

SEARCHES = 200  # inserts spent on finding the bad rows of a block, before what is left of it is refused whole


class Stopped(Exception):
    """Told to stop while the sink was away."""


class Inserter:
    """Write blocks to a sink from one thread; a sink that is away is tried again until ``stop``.

    Attributes
    ----------
    problem : why the sink takes nothing at the moment, else ""
    written, refused : rows by table
    """

    def __init__(self, sink: Sink, dead_letters: DeadLetters, *, pauses: Pauses | None = None) -> None:
        self.problem = ""
        self.written: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._sink = sink
        self._dead_letters = dead_letters
        self._pauses = pauses or Pauses()
        self._stop = Event()
        self._searches = 0

    def write(self, sets: Sequence[Mapping[str, Columns]]) -> None:
        """Return once the rows of all sets are durable or refused: one insert a table.

        Raises
        ------
        Stopped
            if ``stop`` was called before that
        """
        blocks: dict[tuple[str, ...], list[Columns]] = {}
        for tables in sets:
            for table, columns in tables.items():
                if rows_of(columns):
                    blocks.setdefault((table, *columns), []).append(columns)
        for (table, *_), parts in blocks.items():
            self._searches = SEARCHES
            self._insert(table, joined(parts))

    def stop(self) -> None:
        """End a wait for the sink, from any thread."""
        self._stop.set()

    def _insert(self, table: str, columns: Columns) -> None:
        name = token(table, columns)
        while True:
            try:
                self._sink.write(table, columns, name)
            except Unavailable as away:
                self.problem = str(away)
                if self._stop.wait(self._pauses.next()):
                    raise Stopped from None
            except Refused as refusal:
                self._well()
                return self._refused(table, columns, refusal)
            else:
                self._well()
                self.written[table] += rows_of(columns)
                return None

    def _well(self) -> None:
        self.problem = ""
        self._pauses.reset()

    def _refused(self, table: str, columns: Columns, refusal: Refused) -> None:
        """Find the bad rows by halving, since one of them must not take twenty thousand good ones with it."""
        if refusal.divisible and rows_of(columns) > 1 and self._searches > 0:
            self._searches -= 2
            for half in halves(columns):
                self._insert(table, half)
            return
        plain = {name: plain_values(column) for name, column in columns.items()}
        rows = rows_of(columns)
        self.refused[table] += rows
        self._dead_letters.append(
            {
                "table": table,
                "reason": str(refusal),
                "code": refusal.code,
                "row": {name: values[row] for name, values in plain.items()},
            }
            for row in range(rows)
        )
