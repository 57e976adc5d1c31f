"""Roles: several parts in one process, each with topics of its own, and what they share."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from time import monotonic

import structlog

from streams.batches import Hooks, TopicPartition
from streams.health import Check
from streams.outbox import Outbox
from streams.outlets.api import Outlet
from streams.part import Part
from streams.stderr import tell

log = structlog.get_logger()

LOOK = 1.0  # s between two looks at the writer, and beats of the event loop's heart
STUCK = 30.0  # s without a beat
UNACKED = 600.0  # s that a slice may wait for its acknowledgement, while the database takes rows


class ByTopic(Hooks):
    """Tells each agent about the partitions of its topics, and all of them when the app drains or stops."""

    def __init__(self, agents: Mapping[str, Hooks]) -> None:
        self.agents = agents
        self.all = list({id(agent): agent for agent in agents.values()}.values())

    def _split(self, tps: Iterable[TopicPartition]) -> list[tuple[Hooks, set[TopicPartition]]]:
        parts = [(agent, {tp for tp in tps if self.agents.get(tp.topic) is agent}) for agent in self.all]
        return [(agent, part) for agent, part in parts if part]

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        """As the topic's agent says."""
        return self.agents[tp.topic].resume_offset(tp, committed)

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(tps):
            await agent.on_assigned(part)

    def on_committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(offsets):
            agent.on_committed({tp: offsets[tp] for tp in part})

    def on_drain(self) -> None:
        """Tell all."""
        for agent in self.all:
            agent.on_drain()

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Tell each agent about its own."""
        for agent, part in self._split(tps):
            await agent.on_revoked(part)

    def on_stopped(self) -> None:
        """Tell all."""
        for agent in self.all:
            agent.on_stopped()


class Roles(ByTopic):
    """The parts of this process, and what they share.

    Parameters
    ----------
    outbox : what parts raise goes through it; None where they raise nothing
    parts : by topic

    Attributes
    ----------
    owned : partitions assigned to this process
    fail, oldest : ends the process; says how long the oldest slice has waited, s
    """

    def __init__(self, outbox: Outbox | None, parts: Mapping[str, Part]) -> None:
        super().__init__(parts)
        self.outbox, self.parts = outbox, list(dict.fromkeys(parts.values()))
        self.owned: set[TopicPartition] = set()
        self.beat = monotonic()
        self.tasks: list[asyncio.Task[None]] = []
        self._said = ""

    def fail(self, error: BaseException) -> None:
        """End the process, with nothing more committed."""
        raise error

    def oldest(self) -> float:
        """How long the oldest slice has waited for its acknowledgement, s."""
        return 0.0

    def close(self) -> None:
        """Give back what was opened, when all is over."""

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        """Start what all parts need, then tell them, then say that we are ready."""
        ready = bool(self.tasks)
        if not ready:
            if self.outbox is not None:
                await self.outbox.start()
                self.tasks.append(self._task(self.outbox.run()))
            self.tasks.append(self._task(self._look()))
        await super().on_assigned(tps)
        self.owned |= tps
        if not ready:
            log.info("ready", partitions=len(tps))
            tell("ready")  # promised to whoever starts us

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        """Tell the parts; when the last partition goes, let the outlets finish."""
        self.owned -= tps
        await super().on_revoked(tps)
        if not self.owned and self.outbox is not None:
            await self.outbox.drained()

    def on_lost(self, times: int) -> None:
        """Say it: what was not committed is read again each time, perhaps for ever."""
        if times & (times - 1) == 0:  # once, twice, four times, eight times
            log.warning(
                "the group gave this worker's partitions away: it heard no heartbeat for kafka.session_timeout",
                times=times, cure="give the worker a whole core, or raise kafka.session_timeout",
            )  # fmt: skip

    def on_stopped(self) -> None:
        """Tell the parts, put away what outlets could not deliver, then close what is open."""
        super().on_stopped()
        if self.outbox is not None:
            self.outbox.leave()
        self.close()

    @property
    def checks(self) -> dict[str, Check]:
        """What may be wrong with this process, for ``/healthz``; called from any thread."""
        return {
            "partitions": self._assigned,
            "loop": self._beating,
            "writer": self._writing,
            "oldest": self._getting_on,
        }

    @property
    def _problem(self) -> str:
        """Why the database takes nothing at the moment, else ""."""
        return self.outbox.writer.problem if self.outbox is not None else ""

    def _assigned(self) -> str:
        return "" if self.owned else "none are assigned yet"

    def _beating(self) -> str:
        still = monotonic() - self.beat
        return f"the event loop has stood still for {still:.0f} s" if self.tasks and still > STUCK else ""

    def _writing(self) -> str:
        return self.outbox.writer.problem if self.outbox is not None and self.outbox.writer.failed else ""

    def _getting_on(self) -> str:
        """A slice that waits for the world outside is no reason to restart this process."""
        age = 0.0 if any(part.waits for part in self.parts) or self._problem else self.oldest()
        return f"a slice has waited {age:.0f} s for its acknowledgement" if age > UNACKED else ""

    @property
    def outlets(self) -> list[Outlet]:
        """The outlets that this process pushes alerts to."""
        return [
            *(self.outbox.outlets if self.outbox else ()),
            *(outlet for part in self.parts for outlet in part.outlets),
        ]

    def kept(self) -> list[float]:
        """When the last snapshot of each partition was written; empty before there is one of each."""
        times = [time for part in self.parts for time in part.kept()]
        known = [time for time in times if time is not None]
        return known if len(known) == len(times) else []

    def _task(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    async def _look(self) -> None:
        """Say when the database stops and when it goes on; end with the writer."""
        while True:
            self.beat = monotonic()
            problem = self._problem
            if self.outbox is not None and self.outbox.writer.failed:
                raise RuntimeError(problem)
            if problem and not self._said:
                log.warning("the database takes nothing; reading stops when enough is waiting", problem=problem)
            elif self._said and not problem:
                log.info("the database takes rows again")
            self._said = problem
            await asyncio.sleep(LOOK)
