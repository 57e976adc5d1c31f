"""Standing: how far a consumer group is on a topic, and how far the topic goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place
from aiokafka.errors import KafkaError

DEAD = 300.0  # s that a partition with records to handle may not move, at least, before nobody waits for it


class Away(Exception):
    """The brokers do not answer just now."""


class Standing(Protocol):
    """What a settlement must know to say who will still come."""

    async def ends(self, topic: str) -> dict[int, int]:
        """Where each partition ends: the offset that its next record will have. Raises :class:`Away`."""
        ...

    async def committed(self, topic: str) -> dict[int, int]:
        """What the group has committed on each partition, 0 if nothing. Raises :class:`Away`."""
        ...


class GroupStanding:
    """The standing of one group, asked of the brokers by a consumer that is no member.

    Parameters
    ----------
    options : arguments of aiokafka clients
    partitions : the numbers of a topic's partitions
    """

    def __init__(self, options: dict[str, Any], group: str, partitions: Callable[[str], Awaitable[set[int]]]) -> None:
        self.options, self.group, self.partitions = options, group, partitions
        self._consumer: AIOKafkaConsumer | None = None
        self._opening = asyncio.Lock()

    async def ends(self, topic: str) -> dict[int, int]:
        """Where each partition ends."""
        try:
            places = await self._places(topic)
            consumer = await self._open()
            return {place.partition: end for place, end in (await consumer.end_offsets(places)).items()}
        except KafkaError as error:
            raise Away(repr(error)) from error

    async def committed(self, topic: str) -> dict[int, int]:
        """What the group has committed on each partition."""
        try:
            places = await self._places(topic)
            consumer = await self._open()
            return {place.partition: await consumer.committed(place) or 0 for place in places}
        except KafkaError as error:
            raise Away(repr(error)) from error

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            consumer, self._consumer = self._consumer, None
            await consumer.stop()

    async def _places(self, topic: str) -> list[Place]:
        return [Place(topic, number) for number in sorted(await self.partitions(topic))]

    async def _open(self) -> AIOKafkaConsumer:
        async with self._opening:
            if self._consumer is None:
                made = AIOKafkaConsumer(**self.options, group_id=self.group, enable_auto_commit=False)
                await made.start()
                self._consumer = made
            return self._consumer


class Patience:
    """For how long which partition has had nothing to say.

    Parameters
    ----------
    ends : where each partition ended when the question came up
    wait : s that one without news is given
    already : s since what raised the question was written
    """

    def __init__(self, ends: dict[int, int], wait: float, *, already: float) -> None:
        self.ends, self.wait, self.passed_for = ends, wait, max(0.0, already)
        self.committed: dict[int, int] = {}
        self.idle: dict[int, float] = dict.fromkeys(ends, 0.0)

    def look(self, committed: dict[int, int], seconds: float) -> None:
        """Note what the group has committed now, ``seconds`` after the last look."""
        self.passed_for += seconds
        for partition, offset in committed.items():
            moved = offset != self.committed.get(partition, offset)
            self.idle[partition] = 0.0 if moved else self.idle.get(partition, 0.0) + seconds
        self.committed = committed

    def hopeful(self, partition: int) -> bool:
        """Whether a partition may still say something."""
        left = self.ends.get(partition, 0) - self.committed.get(partition, 0)
        if left <= 0:
            return self.passed_for < self.wait
        if left == 1:  # the last record, or the mark of a transaction, which nobody will ever handle
            return self.idle[partition] < self.wait
        return self.idle[partition] < max(self.wait, DEAD)
