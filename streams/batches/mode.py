"""How slices pass between Faust and the agents: exactly, or by public means only."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from streams.batches.delivery import RawRecord, Receipt, RecordBatch, TopicPartition
from streams.batches.ledger import Ledger

if TYPE_CHECKING:
    from streams.batches.app import BatchApp


class ExactDelivery:
    """Delivery through `streams.batches.exact`: the ledger alone decides what is committed.

    Attributes
    ----------
    ledger : the books of the partitions that are ours
    settled : set whenever an agent acknowledged or gave back a batch
    settings : Faust's settings that this delivery needs
    """

    settings: ClassVar[dict[str, Any]] = {}

    def __init__(self, app: "BatchApp") -> None:
        self.app = app
        self.ledger = Ledger(passed=self._passed)
        self.settled = asyncio.Event()

    def install(self) -> None:
        """Listen to what the app says; the exact consumer calls the hooks by itself."""

    def transport(self, _stock: Any) -> Any:
        """Return the transport that the app's consumer uses, in place of Faust's own."""
        from streams.batches.exact import BatchTransport  # noqa: PLC0415 - its imports may be what is missing

        return BatchTransport(self.app.conf.broker_consumer, self.app)

    def admit(self, _tp: TopicPartition, fetched: list[RawRecord]) -> list[RawRecord]:
        """Return the fetched records of a batch partition that are to be delivered."""
        return fetched

    def enter(self, message: Any) -> None:
        """Enter a message's batch in the ledger, unless it was fetched before a rebalance."""
        if message.generation_id == self.app.consumer_generation_id:
            batch: RecordBatch = message.value
            batch.receipt.token = message
            batch.entrust(self.ledger.deliver(batch.receipt), self.ledger.ack, self.ledger.release)

    def hand_over(self, batch: RecordBatch) -> RecordBatch:
        """Note that an agent takes the batch; a processor of the agent's stream."""
        self.ledger.take(batch.receipt)
        return batch

    def pause(self, tps: Iterable[TopicPartition]) -> None:
        """Stop fetching these partitions."""
        self.app.held |= set(tps)

    def resume(self, tps: Iterable[TopicPartition]) -> None:
        """Fetch these partitions again."""
        self.app.held -= set(tps)

    async def leave(self) -> None:
        """Close the books at shutdown; the exact consumer does so by itself, after its drain."""

    def _passed(self, receipts: list[Receipt]) -> None:
        with suppress(RuntimeError):  # a writer thread may outlive the loop
            self.app.loop.call_soon_threadsafe(self._settle, receipts)

    def _settle(self, _receipts: list[Receipt]) -> None:
        self.settled.set()
