"""What Faust's own bookkeeping commits when it is told by public means only: never early, and in the end everything."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.batches import BatchApp, RecordBatch, TopicPartition, private_names
from streams.batches.private_names import NAMES, Name
from streams.batches.public import _Notes
from tests.streams.rows import Row

TP = TopicPartition("traffic", 0)


@dataclass
class Reader:
    """Faust's consumer, fed as its own loop feeds it, without a broker."""

    app: BatchApp
    committed: int | None
    open: list[RecordBatch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.consumer = self.app.consumer
        self.app.topics._acking_topics.add("traffic")
        self.consumer._read_offset[TP] = self.consumer._committed_offset[TP] = self.committed
        self.app.delivery.ledger.open([TP])
        self.app.delivery.ledger.start(TP, self.committed)
        self.app.delivery._notes[TP] = _Notes(read=self.committed)

    async def read(self, rows: list[Row]) -> None:
        for tp, slice_ in self.app.conf.ConsumerScheduler().iterate({TP: rows}):
            message = self.consumer._to_message(tp, slice_)
            read = self.consumer._read_offset[tp]
            if message.offset - (read or 0) > 1 and read:
                await self.consumer._add_gap(tp, read + 1, message.offset)
            message.incref()
            self.app.delivery.enter(message)
            self.consumer._read_offset[tp] = message.offset
            self.open.append(message.value)

    async def ack(self, which: int) -> None:
        assert self.open.pop(which).ack()
        await asyncio.sleep(0)

    def commit(self) -> None:
        self.app.sensors.on_commit_initiated(self.consumer)
        offset = self.consumer._new_offset(TP)
        if offset is not None and self.consumer._should_commit(TP, offset):
            assert all(batch.first_offset >= offset for batch in self.open), "committed past an open batch"
            self.consumer._committed_offset[TP] = self.committed = offset
            self.app.monitor.on_tp_commit({TP: offset})
            self.app.delivery.ledger.commit(TP, offset)


async def play(start: int, steps: list[tuple[int, int, int, bool]]) -> tuple[int | None, int]:
    """Read slices of ``(size, gap before it)``, acknowledge the nth open one, now and then commit."""
    app = BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"}, max_batch=8)
    reader = Reader(app, start or None)
    end = start
    for size, gap, which, commit in steps:
        rows = [Row(offset) for offset in range(end + gap, end + gap + size)]
        end = rows[-1].offset + 1
        await reader.read(rows)
        if which < len(reader.open):
            await reader.ack(which)
        if commit:
            reader.commit()
    while reader.open:
        await reader.ack(len(reader.open) // 2)
        reader.commit()
    for _ in range(8 + len(steps)):
        reader.commit()
    return reader.committed, end


@settings(deadline=None, max_examples=100)
@example(start=0, steps=[(1, 0, 0, True), (5, 0, 0, True), (3, 0, 0, True)])  # a lone offset 0
@example(start=0, steps=[(4, 0, 0, False), (1, 0, 0, False), (4, 0, 0, True)])  # a lone record in the middle
@given(
    start=st.sampled_from([0, 1, 2, 300]),
    steps=st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from([0, 0, 0, 1, 2, 30]), st.integers(0, 3), st.booleans()),
        min_size=1,
        max_size=25,
    ),
)
def test_any_slices_in_any_order_are_committed_in_the_end_and_never_early(start, steps):
    names = private_names.NAMES
    private_names.NAMES = (*NAMES, Name("faust:App.gone_in_the_next_release"))
    try:
        committed, end = asyncio.run(play(start, steps))
    finally:
        private_names.NAMES = names
    assert committed == end or (committed is None and end == 1)
