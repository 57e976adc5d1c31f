"""Exact delivery: Faust's aiokafka consumer with a ledger in place of its own bookkeeping.

Uses names that Faust and aiokafka do not promise; `private_names` lists them and `BatchApp` checks them at
start. What stock Faust does here, and why it is replaced, is in
``docs/decisions/0001-whole-slices-acknowledged-exactly.md``.
"""
# ruff: noqa: SLF001 - that is what this file is for

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from mode import Service

from streams.batches.delivery import TopicPartition
from streams.batches.fetched import RawPartitionRecords

if TYPE_CHECKING:
    from streams.batches.app import BatchApp

WATCH_INTERVAL = 0.5
"""s between looks at the group coordinator."""
HELD_TIMEOUT = 0.1
"""s a fetch may wait while partitions are held, so that a resumed one is not kept waiting."""
LAST_COMMIT = 2.0
"""s that the last commit of a drain may take."""
DRAIN_POLL = 1.0
"""s between commits while a drain waits for the agents."""


class BatchConsumerThread(AIOKafkaConsumerThread):
    """Faust's consumer thread, with raw records and an eye on the group coordinator."""

    app: "BatchApp"

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: Any,
        timeout: float | None = None,  # noqa: ASYNC109
        max_records: int | None = None,
    ) -> Any:
        for tp, result in consumer._fetcher._records.items():
            if (
                tp.topic in self.app.batch_topics
                and type(result) is FetchResult
                and type(result._partition_records) is PartitionRecords
            ):
                RawPartitionRecords.take_over(result._partition_records)
        return await super()._fetch_records(consumer, active_partitions, timeout, max_records)

    @Service.task
    async def _watch_coordinator(self) -> None:
        # aiokafka parks a fatal group error until getmany() collects it. Faust never calls getmany(), so the
        # worker would process for ever without committing (faust-streaming issues 175, 523, 640). End instead.
        while not self.should_stop:
            await self.sleep(WATCH_INTERVAL)
            if self._consumer is not None:
                self._consumer._coordinator.check_errors()
                if self.app.membership.follow(self._consumer._coordinator.member_id):
                    self.app.loop.call_soon_threadsafe(self.app.hooks.on_lost, self.app.membership.lost)


class BatchConsumer(Consumer):
    """Faust's consumer, committing exactly the acknowledged prefix of every batch partition."""

    app: "BatchApp"

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._fresh: set[TopicPartition] = set()
        self._owned: set[TopicPartition] = set()
        self._sought: set[TopicPartition] = set()
        super().__init__(*args, **settings)
        self._ledger = self.app.delivery.ledger

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _batch_tps(self, tps: Any) -> set[TopicPartition]:
        return {tp for tp in tps if tp.topic in self.app.batch_topics}

    async def _getmany(self, active_partitions: Any, timeout: float) -> Any:  # noqa: ASYNC109
        held = self.app.held
        if not held or active_partitions is None:
            return await super()._getmany(active_partitions, timeout)
        # Faust's own pause_partitions() drops slices already fetched: their records would be lost.
        wanted = {tp for tp in active_partitions if tp not in held}
        if not wanted:
            await self.sleep(HELD_TIMEOUT)
            return {}
        return await super()._getmany(wanted, min(timeout, HELD_TIMEOUT))

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        if tp.topic not in self.app.batch_topics:
            await super()._add_gap(tp, offset_from, offset_to)

    def on_buffer_full(self, tp: Any) -> None:
        """Leave batch topics alone: a full queue blocks the conductor, which is the same bound."""
        # Stock stops fetching the partition, and with none left its loop sleeps 1 s.
        if tp.topic not in self.app.batch_topics:
            super().on_buffer_full(tp)

    def verify_event_path(self, now: float, tp: Any) -> None:
        """Look for a stuck partition, unless it is held on purpose."""
        if tp not in self.app.held:
            super().verify_event_path(now, tp)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[Any]:
        yield from super()._filter_tps_with_pending_acks(topics)
        for tp in self._ledger.ready():
            if topics is None or tp in topics or tp.topic in topics:
                yield tp

    def _new_offset(self, tp: Any) -> int | None:
        if tp.topic in self.app.batch_topics:
            return self._ledger.committable(tp)
        return super()._new_offset(tp)

    def _should_commit(self, tp: Any, offset: int) -> bool:
        return tp.topic in self.app.batch_topics or super()._should_commit(tp, offset)

    async def _commit_offsets(self, offsets: Mapping[Any, int], start_new_transaction: bool = True) -> bool:
        before = {tp: self._committed_offset[tp] for tp in offsets}
        assigned = self.assignment()
        accepted = await super()._commit_offsets(offsets, start_new_transaction)
        if not accepted:
            self._committed_offset.update(before)  # stock forgets that it failed (faust-streaming issue 316)
            return False
        told = {tp: offsets[tp] for tp in self._batch_tps(offsets) if tp in assigned}
        for tp, offset in told.items():
            self._ledger.commit(tp, offset)
        if told:
            self.app.hooks.on_committed(told)
        return True

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        """Open the books for what came."""
        self._fresh = self._batch_tps(assigned)
        self._ledger.open(self._fresh)
        await super().on_partitions_assigned(assigned, generation_id)

    async def perform_seek(self) -> None:
        """Seek to the committed offsets, then back to where the application's state needs to resume."""
        await super().perform_seek()
        while not self._batch_tps(self.assignment()) <= self._sought:  # partitions came while the brokers were asked
            await super().perform_seek()
        for tp in self._batch_tps(self.assignment()):
            offset = self._resume(tp) if tp in self._fresh else self._ledger.rewind(tp)
            if offset is not None:
                await self.seek(tp, offset)
        if fresh := self._fresh & self._ledger.partitions:
            self._fresh = set()
            self._owned |= fresh
            await self.app.hooks.on_assigned(set(fresh))

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Seek to the committed offsets, and note which partitions they were asked for."""
        found: Mapping[Any, int] = await super().seek_to_committed()
        self._sought = {TopicPartition(*tp) for tp in found}
        return found

    def _resume(self, tp: TopicPartition) -> int | None:
        committed = self._committed_offset[tp]
        offset = self.app.hooks.resume_offset(tp, committed)
        if offset is not None and committed is not None and offset >= committed:
            offset = None
        self._ledger.start(tp, committed, committed if offset is None else offset)
        return offset

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Drain and commit what is in hand, then close the books."""
        mine = self._batch_tps(revoked)
        self._fresh -= mine
        await super().on_partitions_revoked(revoked)
        try:
            await self._leave(mine)
        except Exception as error:  # noqa: BLE001 - aiokafka would log it and go on
            await self.crash(error)

    async def on_stop(self) -> None:
        """Drain, commit, and close the books of everything."""
        await super().on_stop()
        if behind := self._ledger.ready():
            self.log.warning("stopped before the broker took the last commit of %s", sorted(behind))
        await self._leave(set(self._owned))
        self.app.drained = True

    async def _leave(self, tps: set[TopicPartition]) -> None:
        leaving = tps & self._owned
        self._owned -= leaving
        if leaving:
            await self.app.hooks.on_revoked(leaving)
        self._ledger.close(tps)
        self.app.held -= tps

    def _unfinished(self) -> int:
        others = sum(not message.acked for message in self.unacked if message.topic not in self.app.batch_topics)
        return others + self._ledger.in_hand

    async def wait_empty(self) -> None:
        """Wait for what the agents have in hand, but not for ever; then commit.

        Stock waits without a bound, so that a stuck step ignores SIGTERM. What is not done in time is given
        back: it is not committed and will be delivered again.
        """
        if not self.should_stop:
            self.app.hooks.on_drain()
        deadline = monotonic() + self.app.batch_drain_timeout
        while not self.should_stop and self._unfinished():
            remaining = deadline - monotonic()
            if remaining <= 0:
                self._give_up()
                break
            self.app.delivery.settled.clear()
            await self._commit_within(remaining)
            if self._unfinished():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.app.delivery.settled.wait(), min(remaining, DRAIN_POLL))
        await self._commit_within(LAST_COMMIT)

    async def _commit_within(self, seconds: float) -> None:
        # Not wait_for: commit() swallows the cancellation, and with the broker away it never returns.
        task = asyncio.ensure_future(self.commit(start_new_transaction=False))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        for each in done:
            each.result()

    def _give_up(self) -> None:
        self.log.warning("gave up on %d batches in hand: they will be delivered again", self._unfinished())
        self._ledger.abandon()
        self.unacked.clear()


class BatchTransport(Transport):
    """Faust's aiokafka transport with the exact consumer."""

    Consumer = BatchConsumer
