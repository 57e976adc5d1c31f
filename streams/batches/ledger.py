"""Ledger: which slices of each partition were delivered, taken and acknowledged, and what may be committed."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from time import monotonic

from streams.batches.delivery import Receipt, TopicPartition


@dataclass(slots=True)
class _Account:
    """One assigned partition: what is still open, and how far everything before it is done."""

    committed: int | None = None
    resumed: int | None = None
    position: int | None = None
    open: deque[Receipt] = field(default_factory=deque)


def _unheard(_passed: list[Receipt]) -> None:
    """Tell nobody."""


class Ledger:
    """Exact acknowledgement of prefixes, per partition. Safe to call from any thread.

    The guarantee: `committable` never answers an offset beyond a delivered slice that is not acknowledged,
    whatever the order and the threads of the acknowledgements; a commit that failed is offered again.
    Offsets may have gaps. Acknowledged prefixes are forgotten at once, so memory is bounded by what is open.

    Parameters
    ----------
    passed : told, under the lock and in order, which receipts an acknowledged prefix has just passed
    """

    def __init__(self, passed: Callable[[list[Receipt]], None] = _unheard) -> None:
        self._passed = passed
        self._accounts: dict[TopicPartition, _Account] = {}
        self._lock = threading.Lock()
        self.batches_in = self.batches_acked = self.records_in = self.records_acked = 0

    def open(self, partitions: Iterable[TopicPartition]) -> None:
        """Begin afresh with these partitions; receipts of an earlier assignment no longer count."""
        with self._lock:
            for partition in partitions:
                self._void(partition)
                self._accounts[partition] = _Account()

    def close(self, partitions: Iterable[TopicPartition]) -> None:
        """Forget these partitions: every open receipt stops counting."""
        with self._lock:
            for partition in partitions:
                self._void(partition)

    def start(self, partition: TopicPartition, committed: int | None, resumed: int | None = None) -> None:
        """Note what the group had committed when the partition came, and where reading begins instead.

        Nothing at or below `committed` is ever offered. Both None: the consumer's reset policy decides.
        """
        with self._lock:
            account = self._accounts.get(partition)
            if account is not None:
                account.committed, account.resumed = committed, resumed

    def deliver(self, receipt: Receipt) -> Receipt:
        """Enter a slice, in delivery order; it stays dead if the partition is not ours.

        A slice that starts at or before open ones replaces them: the consumer was sent back.
        """
        with self._lock:
            account = self._accounts.get(receipt.tp)
            receipt.live = account is not None
            if account is not None:
                while account.open and account.open[-1].first >= receipt.first:
                    account.open.pop().live = False
                account.open.append(receipt)
                self.batches_in += 1
                self.records_in += receipt.records
        return receipt

    def take(self, receipt: Receipt) -> None:
        """Note that the agent has the slice in its hands: a drain waits for it."""
        with self._lock:
            receipt.taken = receipt.live

    def ack(self, receipt: Receipt) -> bool:
        """Mark a slice as done; False if that no longer counts."""
        with self._lock:
            if receipt.done or not receipt.live:
                return False
            receipt.done = True
            self.batches_acked += 1
            self.records_acked += receipt.records
            self._passed(self._advance(self._accounts[receipt.tp]))
            return True

    def release(self, receipt: Receipt) -> bool:
        """Give a slice back undone; it keeps blocking the commit, and can no longer be acknowledged."""
        with self._lock:
            if receipt.done or not receipt.live:
                return False
            receipt.live = False
            self._passed([])
            return True

    def abandon(self) -> None:
        """Give back every slice that is not acknowledged."""
        with self._lock:
            for account in self._accounts.values():
                for receipt in account.open:
                    receipt.live = receipt.live and receipt.done

    def rewind(self, partition: TopicPartition) -> int | None:
        """Drop what was delivered but not taken; return the offset to read from again, None if nothing.

        For a consumer whose fetch position was moved within one assignment.
        """
        with self._lock:
            account = self._accounts.get(partition)
            if account is None:
                return None
            while account.open and not account.open[-1].taken:
                account.open.pop().live = False
            if account.open:
                return account.open[-1].end
            return account.resumed if account.position is None else account.position

    def committable(self, partition: TopicPartition) -> int | None:
        """Return the offset to commit: the end of the acknowledged prefix, if beyond what is committed."""
        with self._lock:
            account = self._accounts.get(partition)
            return None if account is None else _offer(account)

    def ready(self) -> list[TopicPartition]:
        """Return the partitions that have something to commit."""
        with self._lock:
            return [each for each, account in self._accounts.items() if _offer(account) is not None]

    def commit(self, partition: TopicPartition, offset: int) -> None:
        """Note that the broker accepted this commit."""
        with self._lock:
            account = self._accounts.get(partition)
            if account is not None and (account.committed is None or offset > account.committed):
                account.committed = offset

    def committed(self, partition: TopicPartition) -> int | None:
        """Return the committed offset as far as this consumer knows; None if none or not ours."""
        with self._lock:
            account = self._accounts.get(partition)
            return None if account is None else account.committed

    @property
    def partitions(self) -> set[TopicPartition]:
        """The partitions that are ours."""
        with self._lock:
            return set(self._accounts)

    @property
    def in_hand(self) -> int:
        """Number of slices that the agent holds and has neither acknowledged nor given back."""
        return sum(receipt.taken and receipt.live and not receipt.done for receipt in self._receipts())

    @property
    def in_flight(self) -> int:
        """Number of slices delivered and not acknowledged."""
        return sum(receipt.live and not receipt.done for receipt in self._receipts())

    def oldest_unacked_age(self, without: Collection[TopicPartition] = ()) -> float:
        """Return the age in s of the oldest slice not acknowledged, 0 if none, leaving out some partitions."""
        oldest = min(
            (
                receipt.received
                for receipt in self._receipts()
                if receipt.live and not receipt.done and receipt.tp not in without
            ),
            default=None,
        )
        return 0.0 if oldest is None else monotonic() - oldest

    def _receipts(self) -> list[Receipt]:
        with self._lock:
            return [receipt for account in self._accounts.values() for receipt in account.open]

    def _void(self, partition: TopicPartition) -> None:
        account = self._accounts.pop(partition, None)
        for receipt in account.open if account is not None else ():
            receipt.live = False

    @staticmethod
    def _advance(account: _Account) -> list[Receipt]:
        passed = []
        while account.open and account.open[0].done:
            receipt = account.open.popleft()
            account.position = receipt.end
            passed.append(receipt)
        return passed


def _offer(account: _Account) -> int | None:
    """Return what an account has to commit."""
    position, committed = account.position, account.committed
    if position is None or (committed is not None and position <= committed):
        return None
    return position
