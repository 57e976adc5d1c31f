"""Rows from the event loop to a blocking sink: bounded, grouped, in order, and nothing said durable before it is.

::

    put ──► queue ──► group (rows, time) ──► one insert a table ──► on_durable of each, in order of put
             full: put waits      sink away: tried again, for ever      refused: halved, then to the dead letters
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic

from streams.dead_letters import DeadLetters
from streams.inserter import Inserter, Stopped
from streams.sinks.api import Columns, Sink, rows_of
from streams.sinks.blocks import size_of


@dataclass(frozen=True, slots=True)
class WriteSet:
    """Rows that become durable together, by table; ``schemas.sql`` has the tables.

    Attributes
    ----------
    rows : in all tables together
    size : bytes, about
    """

    tables: Mapping[str, Columns] = field(default_factory=dict)
    rows: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", sum(map(rows_of, self.tables.values())))
        object.__setattr__(self, "size", sum(map(size_of, self.tables.values())))


class WriterFailed(Exception):
    """The writing thread met a mistake of ours; nothing more becomes durable, so the process should end."""


Durable = Callable[[], None]


class Writer:
    """One thread that writes what an event loop puts.

    Parameters
    ----------
    rows, size_bytes : largest group; a larger set goes alone
    seconds : how long a set with alerts waits for company
    calm : how long any other set waits; an insert costs milliseconds, and counts can bear to be a moment late
    capacity, capacity_bytes : what may be waiting or being written before ``put`` waits, in rows and in bytes

    Attributes
    ----------
    problem : why the sink takes nothing at the moment, else ""
    written, refused : rows by table
    """

    def __init__(
        self,
        sink: Sink,
        *,
        dead_letters: DeadLetters,
        rows: int = 20_000,
        size_bytes: int = 64 << 20,
        seconds: float = 0.05,
        calm: float = 1.0,
        capacity: int = 200_000,
        capacity_bytes: int = 256 << 20,
    ) -> None:
        self.rows, self.size_bytes, self.seconds, self.calm = rows, size_bytes, seconds, calm
        self.capacity, self.capacity_bytes = capacity, capacity_bytes
        self._inserter = Inserter(sink, dead_letters)
        self._queue: deque[tuple[WriteSet, Durable, float]] = deque()
        self._queued_rows = self._queued_bytes = 0
        self._more = Condition()
        self._hurry = 0
        self._closing = False
        self._failure: BaseException | None = None
        self._pending = 0
        self._weight = self._bytes = 0
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._thread = Thread(target=self._run, name="tidegate-writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def problem(self) -> str:
        """Why the sink takes nothing at the moment, else ""."""
        return f"writing failed: {self._failure!r}" if self._failure else self._inserter.problem

    @property
    def failed(self) -> bool:
        """Whether the thread has ended by a mistake of ours: nothing more becomes durable."""
        return self._failure is not None

    @property
    def written(self) -> Counter[str]:
        """Rows that became durable, by table."""
        return self._inserter.written

    @property
    def refused(self) -> Counter[str]:
        """Rows that went to the dead letters, by table."""
        return self._inserter.refused

    @property
    def waiting(self) -> int:
        """Rows put and not yet durable."""
        return self._weight - self._pending

    def start(self) -> None:
        """Start the thread; call it where the event loop runs."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def put(self, rows: WriteSet, on_durable: Durable) -> None:
        """Queue rows; wait while too many are waiting. ``on_durable`` is called in the event loop, in order of ``put``.

        A set without rows takes its place in the order too.

        Raises
        ------
        WriterFailed
            if the thread has ended by a mistake of ours
        """
        async with self._turn:
            while self._weight >= self.capacity or self._bytes >= self.capacity_bytes:
                await self._settled()
            self._check()
            self._pending += 1
            self._weight += rows.rows + 1
            self._bytes += rows.size
            with self._more:
                wait = self.seconds if "alerts" in rows.tables else self.calm
                self._queue.append((rows, on_durable, monotonic() + wait))
                self._queued_rows += rows.rows
                self._queued_bytes += rows.size
                self._more.notify()

    async def drain(self, seconds: float) -> bool:
        """Wait up to ``seconds`` until all that was put is durable and said so; return whether it is."""
        self._hurry_up(1)
        try:
            async with asyncio.timeout(seconds):
                while self._pending:
                    await self._settled()
        except TimeoutError:
            return False
        finally:
            self._hurry_up(-1)
        return True

    async def close(self, seconds: float = 5.0) -> None:
        """End the thread without writing more. What is not durable is never said to be."""
        with self._more:
            self._closing = True
            self._more.notify()
        self._inserter.stop()
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join, seconds)

    async def _settled(self) -> None:
        self._check()
        self._changed.clear()
        await self._changed.wait()

    def _check(self) -> None:
        if self._failure is not None:
            raise WriterFailed(str(self._failure)) from self._failure

    def _hurry_up(self, step: int) -> None:
        with self._more:
            self._hurry += step
            self._more.notify()

    def _run(self) -> None:
        try:
            while group := self._group():
                self._inserter.write([rows.tables for rows, _ in group])
                self._tell(group)
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001  # whatever it is, the event loop must hear of it
            self._failure = error
            self._call(self._changed.set)

    def _group(self) -> list[tuple[WriteSet, Durable]]:
        """Wait for sets and for their company; empty at the end."""
        with self._more:
            while not self._closing and not self._ripe():
                self._more.wait(self._patience())
            if self._closing:
                return []
            group = [self._taken()]
            total, size = group[0][0].rows, group[0][0].size
            while self._queue and total + self._next.rows <= self.rows and size + self._next.size <= self.size_bytes:
                total, size = total + self._next.rows, size + self._next.size
                group.append(self._taken())
            return group

    @property
    def _next(self) -> WriteSet:
        return self._queue[0][0]

    def _ripe(self) -> bool:
        full = self._queued_rows >= self.rows or self._queued_bytes >= self.size_bytes
        return bool(self._queue) and (full or self._hurry > 0 or monotonic() >= self._due)

    def _patience(self) -> float | None:
        return max(0.0, self._due - monotonic()) if self._queue else None

    @property
    def _due(self) -> float:
        """When the most urgent set must go, and with it all before it."""
        return min(due for _, _, due in self._queue)

    def _taken(self) -> tuple[WriteSet, Durable]:
        rows, on_durable, _ = self._queue.popleft()
        self._queued_rows -= rows.rows
        self._queued_bytes -= rows.size
        return rows, on_durable

    def _tell(self, group: list[tuple[WriteSet, Durable]]) -> None:
        """Each call on its own, so that one that raises does not keep the next from being made."""
        for rows, on_durable in group:
            self._call(on_durable)
            self._call(self._count, rows)

    def _count(self, rows: WriteSet) -> None:
        self._pending -= 1
        self._weight -= rows.rows + 1
        self._bytes -= rows.size
        self._changed.set()

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function, *arguments)
