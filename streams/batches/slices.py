"""Faust's public extension points, used so that one slice of a partition is one message and one event."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import faust
from faust import Stream
from faust.transport.utils import DefaultSchedulingStrategy

from streams.batches.delivery import RawRecord, RecordBatch, TopicPartition

if TYPE_CHECKING:
    from streams.batches.app import BatchApp

Fetched = Mapping[Any, list[RawRecord]]


class Slice:
    """What the scheduler hands to Faust in place of a record: the whole batch as its value."""

    __slots__ = ("offset", "partition", "timestamp", "topic", "value")
    timestamp_type = 0
    headers = ()
    key = None
    checksum = None
    serialized_key_size = 0
    serialized_value_size = 0

    def __init__(self, batch: RecordBatch) -> None:
        self.topic, self.partition = batch.tp
        self.offset = batch.next_offset - 1
        self.timestamp = batch.records[-1].timestamp
        self.value = batch


class BatchScheduler(DefaultSchedulingStrategy):
    """Cut what was fetched into slices, round robin over partitions; other topics go the stock way, first."""

    app: "BatchApp"

    def iterate(self, records: Fetched) -> Iterator[tuple[Any, Any]]:
        """Yield ``(topic partition, slice or record)``."""
        app, turns = self.app, deque[tuple[TopicPartition, list[RawRecord], int]]()
        stock: dict[Any, list[RawRecord]] = {}
        for tp, fetched in records.items():
            if tp.topic not in app.batch_topics:
                stock[tp] = fetched
                continue
            ours = TopicPartition(tp.topic, tp.partition)  # aiokafka has a pair of its own
            if wanted := app.delivery.admit(ours, fetched):
                turns.append((ours, wanted, 0))
        if stock:
            yield from super().iterate(stock)
        while turns:
            tp, wanted, start = turns.popleft()
            end = start + app.max_batch
            whole = start == 0 and end >= len(wanted)
            yield tp, Slice(RecordBatch(tp, wanted if whole else wanted[start:end]))
            if end < len(wanted):
                turns.append((tp, wanted, end))


def scheduler(app: "BatchApp") -> type[BatchScheduler]:
    """Return the scheduler class of one app, as Faust's setting `ConsumerScheduler` wants it."""
    return type("AppBatchScheduler", (BatchScheduler,), {"app": app})


class BatchSchema(faust.Schema[Any, Any]):
    """Decodes nothing: the event's value is the `RecordBatch`, entered in the ledger on its way."""

    def compile(self, app: Any, **_unused: Any) -> Any:
        """Return the function that makes an event of a message."""

        async def decode(message: Any, **_unused: Any) -> Any:
            app.delivery.enter(message)
            return app.create_event(None, message.value, None, message)

        return decode


class BatchStream(Stream[Any]):
    """A stream that never acknowledges batches by itself: only `RecordBatch.ack` does."""

    def __init__(self, channel: Any, **settings: Any) -> None:
        if isinstance(getattr(channel, "schema", None), BatchSchema):
            settings["enable_acks"] = False
            settings["processors"] = [*(settings.get("processors") or ()), channel.app.delivery.hand_over]
        super().__init__(channel, **settings)
