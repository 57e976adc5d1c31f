"""RecordBatch: one slice of a partition, raw, and the receipt that its acknowledgement settles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from time import monotonic
from typing import Protocol

from faust.types import TP

TopicPartition = TP
"""A topic and a partition number: Faust's own pair."""
_OFFSET, _VALUE = attrgetter("offset"), attrgetter("value")


class RawRecord(Protocol):
    """A record as the client library parsed it: nothing of it is decoded."""

    @property
    def offset(self) -> int:
        """Position in the partition."""

    @property
    def timestamp(self) -> int | None:
        """Milliseconds since the epoch, as the producer or the broker wrote it."""

    @property
    def key(self) -> bytes | None:
        """Key bytes."""

    @property
    def value(self) -> bytes | None:
        """Value bytes; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Headers in the order in which they were written."""


@dataclass(slots=True, eq=False)
class Receipt:
    """What the ledger knows of one delivered slice, without its records.

    Attributes
    ----------
    first, end : offsets of the first record, and one past the last
    received : s on the monotonic clock
    taken : the agent has it in its hands
    done : acknowledged
    live : its acknowledgement still counts; False once the partition was revoked or the slice given back
    token : what the transport wants to be told when the acknowledged prefix passes this slice
    """

    tp: TopicPartition
    first: int
    end: int
    records: int
    token: object = None
    received: float = field(default_factory=monotonic)
    taken: bool = False
    done: bool = False
    live: bool = True


class RecordBatch:
    """Consecutive raw records of one topic partition, at least one.

    Offsets rise but need not be dense: compaction and transaction markers leave gaps.

    Attributes
    ----------
    tp : topic and partition that the records come from
    records : the raw records
    next_offset : one past the last record
    """

    __slots__ = ("_acknowledge", "_release", "next_offset", "receipt", "records", "tp")

    def __init__(self, tp: TopicPartition, records: Sequence[RawRecord]) -> None:
        self.tp = tp
        self.records = records
        self.next_offset = records[-1].offset + 1
        self.receipt = Receipt(tp, records[0].offset, self.next_offset, len(records), live=False)
        self._acknowledge: Callable[[Receipt], bool] = refuse
        self._release: Callable[[Receipt], bool] = refuse

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.records)

    def __repr__(self) -> str:
        """Return topic, partition and offsets, for logs."""
        topic, partition = self.tp
        return f"<{topic}[{partition}] {self.receipt.first}..{self.next_offset - 1}>"

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return self.records[0].offset

    def offsets(self) -> list[int]:
        """Return the offset of every record."""
        return list(map(_OFFSET, self.records))

    def values(self) -> list[bytes | None]:
        """Return the value of every record, undecoded."""
        return list(map(_VALUE, self.records))

    def keys(self) -> list[bytes | None]:
        """Return the key of every record, undecoded."""
        return [record.key for record in self.records]

    def entrust(
        self, receipt: Receipt, acknowledge: Callable[[Receipt], bool], release: Callable[[Receipt], bool]
    ) -> None:
        """Bind this slice to the ledger that counts its acknowledgement."""
        self.receipt, self._acknowledge, self._release = receipt, acknowledge, release

    def ack(self) -> bool:
        """Say that everything these records caused is durable. Any thread, any order.

        Returns
        -------
        bool
            False if it no longer counts: said twice, given back, or the partition was revoked meanwhile.
            Then the records will be delivered again, here or elsewhere.
        """
        return self._acknowledge(self.receipt)

    def forget(self) -> None:
        """Let go of the records, which may be many megabytes, while the acknowledgement is still to come."""
        self.records = ()

    def release(self) -> bool:
        """Give the slice back undone: nobody waits for it any more, and no commit passes it.

        For an agent that stops, or that leaves its partition, with work it cannot finish.
        Returns False if it was settled already.
        """
        return self._release(self.receipt)


def refuse(_receipt: Receipt) -> bool:
    """Answer for a slice that no ledger knows."""
    return False
