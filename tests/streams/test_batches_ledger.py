"""What may be committed, under any order of acknowledgements, any thread, any rebalance."""

import threading

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from streams.batches.delivery import RecordBatch, TopicPartition
from streams.batches.ledger import Ledger
from tests.streams.rows import Row, delivered

TP = TopicPartition("traffic", 0)
OTHER = TopicPartition("traffic", 1)


def a_batch(ledger: Ledger, first: int, end: int, tp: TopicPartition = TP, *, taken: bool = True) -> RecordBatch:
    batch = delivered(ledger, tp, [Row(offset) for offset in range(first, end)])
    if taken:
        ledger.take(batch.receipt)
    return batch


def an_open_ledger(*tps: TopicPartition, committed: int | None = None, resumed: int | None = None) -> Ledger:
    ledger = Ledger()
    ledger.open(tps or (TP,))
    for tp in tps or (TP,):
        ledger.start(tp, committed, resumed)
    return ledger


def test_a_batch_tells_what_it_holds():
    batch = RecordBatch(TP, [Row(3), Row(7, value=None)])
    assert (len(batch), batch.first_offset, batch.next_offset, batch.offsets()) == (2, 3, 8, [3, 7])
    assert (batch.keys(), batch.values(), repr(batch)) == ([b"k", b"k"], [b"v", None], "<traffic[0] 3..7>")


def test_a_batch_that_no_ledger_knows_cannot_be_acknowledged():
    batch = RecordBatch(TP, [Row(0)])
    assert not batch.ack()
    assert not batch.release()


def test_nothing_is_committed_past_a_batch_that_is_still_open():
    ledger = an_open_ledger()
    first, second, third = (a_batch(ledger, start, start + 10) for start in (0, 10, 20))
    assert second.ack()
    assert third.ack()
    assert ledger.committable(TP) is None
    assert first.ack()
    assert ledger.committable(TP) == 30


def test_gaps_in_the_offsets_do_not_hold_up_the_commit():
    ledger = an_open_ledger(committed=100)
    first, second = a_batch(ledger, 105, 110), a_batch(ledger, 400, 401)
    assert first.ack()
    assert ledger.committable(TP) == 110
    assert second.ack()
    assert ledger.committable(TP) == 401


def test_an_acknowledgement_counts_once():
    ledger = an_open_ledger()
    batch = a_batch(ledger, 0, 5)
    assert batch.ack()
    assert not batch.ack()
    assert not batch.release()
    assert (ledger.batches_acked, ledger.records_acked) == (1, 5)


def test_a_commit_that_failed_is_offered_again_and_one_that_succeeded_is_not():
    ledger = an_open_ledger()
    a_batch(ledger, 0, 5).ack()
    assert [ledger.committable(TP), ledger.committable(TP)] == [5, 5]
    ledger.commit(TP, 5)
    assert ledger.committable(TP) is None
    assert ledger.ready() == []
    assert ledger.committed(TP) == 5


def test_an_acknowledgement_after_the_partition_left_says_so():
    ledger = an_open_ledger()
    batch = a_batch(ledger, 0, 5)
    ledger.close([TP])
    assert not batch.ack()
    assert ledger.in_flight == 0


def test_an_acknowledgement_of_an_earlier_assignment_commits_nothing_of_the_next():
    ledger = an_open_ledger()
    old = a_batch(ledger, 0, 5)
    ledger.close([TP])
    ledger.open([TP])
    new = a_batch(ledger, 0, 5)
    assert not old.ack()
    assert ledger.committable(TP) is None
    assert new.ack()
    assert ledger.committable(TP) == 5


def test_opening_a_partition_twice_forgets_the_first_time():
    ledger = an_open_ledger()
    old = a_batch(ledger, 0, 5)
    ledger.open([TP])
    assert not old.ack()


def test_a_slice_of_a_partition_that_is_not_ours_is_dead():
    batch = a_batch(an_open_ledger(TP), 0, 5, OTHER)
    assert not batch.ack()


def test_partitions_do_not_wait_for_each_other():
    ledger = an_open_ledger(TP, OTHER)
    a_batch(ledger, 0, 5)
    a_batch(ledger, 0, 7, OTHER).ack()
    assert ledger.ready() == [OTHER]


def test_rereading_below_the_committed_offset_commits_nothing_backwards():
    ledger = an_open_ledger(committed=100, resumed=40)
    again, new = a_batch(ledger, 40, 100), a_batch(ledger, 100, 120)
    assert again.ack()
    assert ledger.committable(TP) is None
    assert new.ack()
    assert ledger.committable(TP) == 120


def test_a_batch_given_back_blocks_the_commit_and_no_drain_waits_for_it():
    ledger = an_open_ledger()
    batch, later = a_batch(ledger, 0, 5), a_batch(ledger, 5, 9)
    assert batch.release()
    assert later.ack()
    assert (ledger.in_hand, ledger.in_flight, ledger.committable(TP)) == (0, 0, None)
    assert not batch.ack()


def test_a_drain_waits_for_what_the_agent_took_and_not_for_what_is_queued():
    ledger = an_open_ledger()
    taken = a_batch(ledger, 0, 5)
    a_batch(ledger, 5, 9, taken=False)
    assert (ledger.in_hand, ledger.in_flight) == (1, 2)
    taken.ack()
    assert ledger.in_hand == 0


def test_giving_up_releases_everything_open_and_keeps_what_is_done():
    ledger = an_open_ledger()
    first, second = a_batch(ledger, 0, 5), a_batch(ledger, 5, 9)
    first.ack()
    ledger.abandon()
    assert not second.ack()
    assert ledger.committable(TP) == 5


def test_being_sent_back_reads_on_after_the_last_batch_that_was_taken():
    ledger = an_open_ledger(committed=100, resumed=40)
    assert ledger.rewind(TP) == 40
    first = a_batch(ledger, 40, 50)
    queued = a_batch(ledger, 50, 60, taken=False)
    assert ledger.rewind(TP) == 50
    assert not queued.ack()
    assert first.ack()
    assert ledger.rewind(TP) == 50
    assert ledger.rewind(OTHER) is None


def test_a_slice_delivered_again_replaces_its_older_self():
    ledger = an_open_ledger()
    old = a_batch(ledger, 0, 10)
    new = a_batch(ledger, 0, 6)
    assert not old.ack()
    assert new.ack()
    assert ledger.committable(TP) == 6


def test_paused_partitions_do_not_count_as_old():
    ledger = an_open_ledger(TP, OTHER)
    a_batch(ledger, 0, 5)
    assert ledger.oldest_unacked_age() > 0.0
    assert ledger.oldest_unacked_age(without={TP}) == 0.0


def test_many_threads_acknowledging_at_once_leave_no_gap_and_no_remainder():
    passed: list[int] = []
    ledger = Ledger(passed=lambda receipts: passed.extend(receipt.first for receipt in receipts))
    ledger.open([TP])
    batches = [a_batch(ledger, first, first + 3) for first in range(0, 3000, 3)]
    threads = [threading.Thread(target=lambda i=i: [each.ack() for each in batches[i::8]]) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.committable(TP) == 3000
    assert passed == list(range(0, 3000, 3))


class AnyHistory(RuleBasedStateMachine):
    """Deliveries, acknowledgements in any order, commits that fail, rebalances, seeks: against a plain model."""

    batches = Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.open_slices: dict[RecordBatch, bool] = {}
        self.position: int | None = None
        self.committed: int | None = None
        self.next = 0
        self.assign(committed=0)

    @rule(committed=st.integers(0, 50))
    def assign(self, committed: int) -> None:
        self.ledger.open([TP])
        self.open_slices.clear()
        self.position, self.committed = None, committed or None
        self.next = committed
        self.ledger.start(TP, self.committed)

    @rule(target=batches, gap=st.integers(0, 3), records=st.integers(1, 5), taken=st.booleans())
    def deliver(self, gap: int, records: int, taken: bool) -> RecordBatch:
        batch = a_batch(self.ledger, self.next + gap, self.next + gap + records, taken=taken)
        self.next = batch.next_offset
        self.open_slices[batch] = False
        return batch

    @rule(batch=consumes(batches), twice=st.booleans())
    def acknowledge(self, batch: RecordBatch, twice: bool) -> None:
        assert batch.ack() == (batch in self.open_slices)
        if batch in self.open_slices:
            self.open_slices[batch] = True
        while self.open_slices and self.open_slices[head := next(iter(self.open_slices))]:
            self.position = head.next_offset
            del self.open_slices[head]
        assert not (twice and batch.ack())

    @rule(target=batches, batch=consumes(batches))
    def reread(self, batch: RecordBatch):
        """The consumer is sent back to the start of a slice that is still open."""
        if batch not in self.open_slices or self.open_slices[batch]:
            return multiple()
        for later in [each for each in self.open_slices if each.first_offset >= batch.first_offset]:
            del self.open_slices[later]
        self.next = batch.first_offset
        return self.deliver(0, len(batch), True)

    @rule(accepted=st.booleans())
    def commit(self, accepted: bool) -> None:
        offer = self.ledger.committable(TP)
        if offer is not None and accepted:
            self.ledger.commit(TP, offer)
            self.committed = offer

    @invariant()
    def the_offer_is_the_acknowledged_prefix(self) -> None:
        beyond = self.position is not None and (self.committed is None or self.position > self.committed)
        assert self.ledger.committable(TP) == (self.position if beyond else None)

    @invariant()
    def nothing_open_is_below_the_offer(self) -> None:
        offer = self.ledger.committable(TP)
        assert offer is None or all(batch.first_offset >= offer for batch in self.open_slices)


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
