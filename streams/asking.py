"""Asking: ONNX classifiers are asked about the rows of all partitions together, in a thread of their own.

Who comes first waits up to a limit for others, or until there are rows enough for a full batch; while a batch runs,
the next ones gather. The event loop goes on meanwhile. A row's score does not depend on who was asked about with it
(``detectors.classifiers.classifier``), so neither the wait nor the neighbours change anything but speed.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from detectors.classifiers.classifiers import Classifiers
from schemas.batch import Batch

log = structlog.get_logger()

ENOUGH = 1024  # rows for which nobody waits


@dataclass(slots=True)
class Asking:
    """The classifiers of a worker.

    Attributes
    ----------
    wait : s that rows wait for others' at most
    rounds, asked : how often classifiers were asked, and about how many rows
    """

    classifiers: Classifiers
    wait: float = 0.005
    rounds: int = 0
    asked: int = 0
    _waiting: list[tuple[list[Batch], asyncio.Future[list[Batch]]]] = field(default_factory=list)
    _full: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="tidegate-classifiers")
    )
    _told: set[str] = field(default_factory=set)

    async def read(self, batches: list[Batch]) -> list[Batch]:
        """Return batches with what classifiers say of them."""
        if not any(self.classifiers.of(batch.model, batch.version) for batch in batches):
            return batches
        answer: asyncio.Future[list[Batch]] = asyncio.get_running_loop().create_future()
        self._waiting.append((batches, answer))
        if self._rows() >= ENOUGH:
            self._full.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await answer

    def _rows(self) -> int:
        return sum(len(batch) for batches, _ in self._waiting for batch in batches)

    async def _run(self) -> None:
        """Ask until nobody waits."""
        while self._waiting:
            if self._rows() < ENOUGH:
                self._full.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._full.wait(), self.wait)
            some, self._waiting = self._waiting, []
            await self._ask(some)

    async def _ask(self, some: Sequence[tuple[list[Batch], asyncio.Future[list[Batch]]]]) -> None:
        flat = [batch for batches, _ in some for batch in batches]
        self.rounds += 1
        self.asked += sum(map(len, flat))
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self.classifiers.read_many, flat)
        except Exception as error:  # noqa: BLE001 - whoever asked must hear it, else it waits for ever
            for _, answer in some:
                if not answer.done():
                    answer.set_exception(error)
            return
        self._tell()
        at = 0
        for batches, answer in some:
            if not answer.done():
                answer.set_result(found[at : at + len(batches)])
            at += len(batches)

    def _tell(self) -> None:
        """Say once of each classifier that its GPU is lost."""
        for one in self.classifiers.some:
            if one.lost and one.declared.name not in self._told:
                self._told.add(one.declared.name)
                log.warning("gpu lost; the classifier goes on with the CPU", classifier=one.declared.name,
                            problem=one.lost, share=self.classifiers.share(one)[0])  # fmt: skip
