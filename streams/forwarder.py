"""Forwarder: whole record batches to their partitions, each partition's in order and none before the last is there."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from streams.packing import Packed
from streams.pauses import Pauses

log = structlog.get_logger()

LONGEST = 10.0  # s between two tries
LARGEST = 64 << 20  # bytes of a request
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


class Parcel(NamedTuple):
    """A batch for a topic, and what to send in place of it if it is larger than the topic takes."""

    topic: str
    batch: Packed
    instead: Callable[[], "list[Parcel]"]


class Forwarder:
    """Sends batches and waits for the broker; while it is away, tries again for ever with growing pauses.

    What is sent again may be there twice, but nothing ever overtakes anything on its partition.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.producer: AIOKafkaProducer | None = None
        self.widths: dict[str, int] = {}
        self._turns: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self, *topics: str) -> None:
        """Connect, and learn how many partitions these topics have. Raises ``KafkaError`` if no broker answers."""
        if self.producer is None:
            self.producer = AIOKafkaProducer(
                **self.options, acks="all", linger_ms=0, max_request_size=LARGEST, max_batch_size=LARGEST
            )
            await self.producer.start()
        for topic in topics:
            self.widths[topic] = len(await self.producer.partitions_for(topic))

    async def forward(self, parcels: Sequence[Parcel]) -> None:
        """Return once all are in Kafka. What was given before goes before."""
        lines: defaultdict[tuple[str, int], list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            lines[parcel.topic, parcel.batch.partition].append(parcel)
        await asyncio.gather(*(self._line(place, line) for place, line in lines.items()))

    async def _line(self, place: tuple[str, int], line: Sequence[Parcel]) -> None:
        async with self._turns[place]:
            for parcel in line:
                await self._one(parcel)

    async def _one(self, parcel: Parcel) -> None:
        assert self.producer is not None
        pauses = Pauses(largest=LONGEST)
        while True:
            try:
                sent = await self.producer.send_batch(parcel.batch, parcel.topic, partition=parcel.batch.partition)
                await sent
            except TOO_LARGE:
                log.warning("a record is larger than the topic takes", topic=parcel.topic, bytes=parcel.batch.size(),
                            cure="raise the topic's max.message.bytes")  # fmt: skip
                for other in parcel.instead():
                    await self._one(other)
                return
            except KafkaError as error:
                seconds = pauses.next()
                log.warning("the broker does not take messages; trying again", error=repr(error), topic=parcel.topic)
                await asyncio.sleep(seconds)
            else:
                return
