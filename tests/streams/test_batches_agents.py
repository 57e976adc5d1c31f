"""Retries, rejects and coalescing, without a broker."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.batches import BatchApp, RecordBatch, TopicPartition, coalesce
from streams.batches.agents import one_by_one, whole_stream
from streams.batches.ledger import Ledger
from tests.streams.rows import Row, delivered, stream

TP = TopicPartition("traffic", 0)


def batches(ledger: Ledger, *sizes: int) -> list[RecordBatch]:
    made, start = [], 0
    for size in sizes:
        made.append(delivered(ledger, TP, [Row(offset) for offset in range(start, start + size)]))
        start += size
    return made


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger()
    ledger.open([TP])
    return ledger


@pytest.fixture
def app() -> BatchApp:
    return BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"})


async def test_a_batch_that_fails_is_tried_again_and_acknowledged_once_it_succeeds(app: BatchApp, ledger: Ledger):
    seen: list[int] = []

    async def handle(batch: RecordBatch) -> None:
        seen.append(batch.first_offset)
        if seen.count(5) < 3 and batch.first_offset == 5:
            raise OSError("not yet")

    await one_by_one(app, handle, retries=5, backoff=0.0, on_poison=None)(stream(batches(ledger, 5, 5, 5)))
    assert seen == [0, 5, 5, 5, 10]
    assert ledger.committable(TP) == 15
    assert not app.crashed


async def test_a_batch_that_never_succeeds_goes_where_bad_batches_go_and_counts_as_done(app: BatchApp, ledger: Ledger):
    rejected: list[tuple[int, str]] = []

    async def handle(batch: RecordBatch) -> None:
        if batch.first_offset == 5:
            raise OSError("never")

    async def reject(batch: RecordBatch, error: Exception) -> None:
        rejected.append((batch.first_offset, str(error)))

    await one_by_one(app, handle, retries=2, backoff=0.0, on_poison=reject)(stream(batches(ledger, 5, 5, 5)))
    assert rejected == [(5, "never")]
    assert ledger.committable(TP) == 15


@pytest.mark.parametrize("rejects", [False, True], ids=["nowhere to put it", "even the reject fails"])
async def test_a_batch_that_cannot_even_be_rejected_crashes_the_app_uncommitted(
    app: BatchApp, ledger: Ledger, rejects: bool
):
    async def handle(batch: RecordBatch) -> None:
        if batch.first_offset == 5:
            raise OSError("never")

    async def reject(batch: RecordBatch, error: Exception) -> None:
        raise ConnectionError("the rejects topic is away too")

    on_poison = reject if rejects else None
    await one_by_one(app, handle, retries=0, backoff=0.0, on_poison=on_poison)(stream(batches(ledger, 5, 5, 5)))
    assert app.crashed
    assert ledger.committable(TP) == 5


async def test_an_error_of_a_stream_agent_crashes_the_app_instead_of_skipping_the_batch(app: BatchApp, ledger: Ledger):
    async def body(arriving: AsyncIterator[RecordBatch]) -> None:
        async for batch in arriving:
            if batch.first_offset == 5:
                raise ArithmeticError("indigestible")
            batch.ack()

    await whole_stream(app, body)(stream(batches(ledger, 5, 5, 5)))
    assert app.crashed
    assert ledger.committable(TP) == 5


def test_a_topic_that_is_not_delivered_in_batches_cannot_be_asked_for_in_batches(app: BatchApp):
    with pytest.raises(ValueError, match="not in batch_topics: other"):
        app.batch_topic("other")


@given(
    sizes=st.lists(st.integers(1, 9), max_size=40),
    enough=st.integers(1, 30),
    linger=st.sampled_from([0.0, 0.0005]),
    slow=st.booleans(),
)
def test_coalescing_keeps_every_batch_once_and_in_order_whatever_the_sizes(sizes, enough, linger, slow):
    async def collect() -> list[list[RecordBatch]]:
        lists = []
        async for drawn in coalesce(stream(made), max_records=enough, linger=linger, max_pending=2 * enough):
            lists.append(drawn)
            await asyncio.sleep(0.0005 if slow and len(lists) < 5 else 0)
        return lists

    made = batches(Ledger(), *sizes)
    lists = asyncio.run(collect())
    assert [batch for drawn in lists for batch in drawn] == made
    assert all(len(drawn) == 1 or sum(map(len, drawn)) <= enough for drawn in lists)


async def test_what_arrives_while_the_caller_is_busy_is_handed_over_together(ledger: Ledger):
    arriving = coalesce(stream(batches(ledger, 1, 1, 1, 1)), linger=0.0)
    first = await anext(arriving)
    await asyncio.sleep(0.02)
    rest = await anext(arriving)
    assert len(first) + len(rest) == 4
    assert len(rest) > 1
    await arriving.aclose()


async def test_lingering_gathers_what_trickles_in(ledger: Ledger):
    arriving = coalesce(stream(batches(ledger, *[1] * 5), gap=0.001), linger=0.5, max_records=5)
    assert len(await anext(arriving)) == 5
    await arriving.aclose()


async def test_what_stops_the_stream_is_raised_after_everything_before_it_was_handed_over(ledger: Ledger):
    async def broken() -> AsyncIterator[RecordBatch]:
        for batch in batches(ledger, 2, 2):
            yield batch
        raise ConnectionError("gone")

    seen = []

    async def read() -> None:
        async for drawn in coalesce(broken(), linger=0.0):
            seen.extend(drawn)

    with pytest.raises(ConnectionError, match="gone"):
        await read()
    assert len(seen) == 2
