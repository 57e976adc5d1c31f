"""Records out of a fetch at the speed of the client library's parser: whole record batches, not one by one."""
# ruff: noqa: SLF001 - aiokafka has no public way to its parser's own records

from collections.abc import Iterator
from inspect import GEN_CREATED, getgeneratorstate
from itertools import chain
from operator import length_hint
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.errors import CorruptRecordException

from streams.batches.delivery import RawRecord


class RawPartitionRecords(PartitionRecords):  # type: ignore[misc]
    """Hands out the parser's own records: no dataclass and no Python per record, a third of the time of a fetch.

    aiokafka made the object, and hands out each record through two generators and a constructor. What is done for a
    record batch is the same here: its checksum, aborted transactions, markers.
    """

    _block: list[RawRecord]
    _left: Iterator[RawRecord]
    _follows: int

    @classmethod
    def take_over(cls, made: PartitionRecords) -> None:
        """Turn aiokafka's object into one of these, unless it has begun: it alone knows what is left of its batch.

        A fetch that comes in while somebody waits for one is handed out at once.
        """
        if getgeneratorstate(made._records_iterator) != GEN_CREATED:
            return
        offset = made.__dict__.pop("next_fetch_offset")
        made.__class__ = cls
        made.next_fetch_offset = offset
        made._records_iterator = chain.from_iterable(made._blocks())

    @property
    def next_fetch_offset(self) -> int:
        """Offset after what was handed out."""
        given = len(self._block) - length_hint(self._left)
        return self._block[given - 1].offset + 1 if given else self._follows

    @next_fetch_offset.setter
    def next_fetch_offset(self, offset: int) -> None:
        self._follows, self._block, self._left = offset, [], iter(())

    def __iter__(self) -> Iterator[RawRecord]:
        """Go on behind what was handed out."""
        return iter(self._records_iterator or ())

    def _blocks(self) -> Iterator[Iterator[RawRecord]]:
        while self._records.has_next():
            batch = self._records.next_batch()
            if self._check_crcs and not batch.validate_crc():
                raise CorruptRecordException(f"Invalid CRC - {self._tp}")
            if not self._passed_over(batch):
                wanted = self.next_fetch_offset
                self._block = [r for r in batch if r.offset >= wanted] if batch.base_offset < wanted else list(batch)
                self._left = iter(self._block)
                yield self._left
            self.next_fetch_offset = batch.next_offset  # beyond what compaction took from its end

    def _passed_over(self, batch: Any) -> bool:
        """Tell whether nothing of a record batch is for consumers: markers, and what was aborted."""
        aborted = False
        if self._isolation_level == READ_COMMITTED and batch.producer_id is not None:
            self._consume_aborted_up_to(batch.base_offset)
            if batch.is_control_batch and self._contains_abort_marker(batch):
                self._aborted_producers.discard(batch.producer_id)
            aborted = batch.is_transactional and batch.producer_id in self._aborted_producers
        return bool(aborted or batch.is_control_batch)
