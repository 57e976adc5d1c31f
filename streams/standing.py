"""Standing: how far a consumer group is on a topic, and how far the topic goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Place
from aiokafka.errors import KafkaError


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
