"""Where reading begins when partitions come while the brokers are still being asked about others."""

from collections import defaultdict
from types import SimpleNamespace

import pytest
from faust.transport.consumer import ThreadDelegateConsumer

from streams.batches.delivery import TopicPartition
from streams.batches.exact import BatchConsumer
from streams.batches.ledger import Ledger

OLD, NEW = TopicPartition("traffic", 0), TopicPartition("traffic", 1)
COMMITTED = {OLD: 100, NEW: 700}


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch):
    """A consumer that gets a second partition while it asks what was committed on the first."""
    one = object.__new__(BatchConsumer)
    one.resumed, one.mine = {}, {OLD}

    async def on_assigned(_: object) -> None: ...

    def resume_offset(tp: TopicPartition, committed: int | None) -> None:
        one.resumed[tp] = committed

    async def asked(self: BatchConsumer) -> dict[TopicPartition, int]:
        answer = {tp: COMMITTED[tp] for tp in self.mine}
        if NEW not in self.mine:
            self.mine = {OLD, NEW}
            self._fresh = {OLD, NEW}
            self._ledger.open({OLD, NEW})
        return answer

    monkeypatch.setattr(ThreadDelegateConsumer, "seek_to_committed", asked)
    monkeypatch.setattr(BatchConsumer, "assignment", lambda self: self.mine)
    hooks = SimpleNamespace(resume_offset=resume_offset, on_assigned=on_assigned)
    one.app = SimpleNamespace(batch_topics={"traffic"}, hooks=hooks)
    one._read_offset, one._committed_offset = {}, defaultdict(lambda: None)
    one._fresh, one._owned, one._sought, one._ledger = {OLD}, set(), set(), Ledger()
    one._ledger.open({OLD})
    return one


async def test_what_was_committed_on_a_partition_that_came_meanwhile_is_asked_too(consumer: BatchConsumer):
    await consumer.perform_seek()
    assert consumer.resumed == COMMITTED
    assert consumer._ledger.committed(NEW) == COMMITTED[NEW]
    assert consumer._owned == {OLD, NEW}
