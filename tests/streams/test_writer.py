import asyncio
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.dead_letters import DeadLetters
from streams.sinks.api import Unavailable
from streams.sinks.memory import Memory
from streams.writer import Writer, WriterFailed, WriteSet


class Gate(Memory):
    """A sink that is away while its gate is shut, and counts inserts."""

    def __init__(self):
        super().__init__()
        self.open = threading.Event()
        self.open.set()
        self.inserts = 0

    def write(self, table, columns, token):
        if not self.open.is_set():
            raise Unavailable("the gate is shut")
        self.inserts += 1
        super().write(table, columns, token)


class Broken(Memory):
    def write(self, table, columns, token):
        raise ZeroDivisionError("a mistake of ours")


def rows(start, count):
    return WriteSet({"t": {"n": np.arange(start, start + count)}})


def numbers(sink):
    return [row["n"] for row in sink.tables.get("t", [])]


def writer(sink, **arguments):
    arguments.setdefault("calm", arguments.get("seconds", 0.05))
    made = Writer(sink, dead_letters=DeadLetters(None), **arguments)
    made.start()
    return made


async def test_an_alert_does_not_wait_as_long_as_counts_do_and_takes_along_what_was_before_it():
    sink, durable = Gate(), []
    one = writer(sink, seconds=0.01, calm=60)
    await one.put(rows(0, 1), lambda: durable.append("counts"))
    await asyncio.sleep(0.2)
    assert durable == []
    await one.put(WriteSet({"alerts": {"n": np.arange(1)}}), lambda: durable.append("alert"))
    async with asyncio.timeout(5):
        while len(durable) < 2:  # noqa: ASYNC110  # the writer calls back, it sets no event
            await asyncio.sleep(0.01)
    assert durable == ["counts", "alert"]
    await one.close()


async def test_many_sets_become_few_inserts():
    sink = Gate()
    one = writer(sink, seconds=0.2)
    for step in range(100):
        await one.put(rows(10 * step, 10), lambda: None)
    assert await one.drain(5)
    await one.close()
    assert numbers(sink) == list(range(1000))
    assert sink.inserts <= 3
    assert one.written == {"t": 1000}


async def test_a_set_does_not_wait_longer_than_it_should():
    one = writer(Gate(), seconds=0.05)
    durable = asyncio.Event()
    began = time.monotonic()
    await one.put(rows(0, 1), durable.set)
    await asyncio.wait_for(durable.wait(), 2)
    assert 0.03 < time.monotonic() - began < 1.0
    await one.close()


async def test_a_full_group_does_not_wait_at_all():
    one = writer(Gate(), seconds=60, rows=100)
    durable = asyncio.Event()
    await one.put(rows(0, 100), durable.set)
    await asyncio.wait_for(durable.wait(), 2)
    assert one.written == {"t": 100}
    await one.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 60), st.integers(1, 200), st.integers(0, 5))
def test_durable_is_said_in_order_of_put_and_never_early(counts, group, capacity, closures):
    async def scenario():
        sink = Gate()
        one = writer(sink, seconds=0.001, rows=group, capacity=capacity)
        told, total = [], 0

        def durable(number, least):
            told.append(number)
            assert len(numbers(sink)) >= least

        for number, count in enumerate(counts):
            if closures and number % (closures + 1) == closures:
                sink.open.clear()
                asyncio.get_running_loop().call_later(0.003, sink.open.set)
            start, total = total, total + count
            await one.put(rows(start, count), lambda number=number, least=total: durable(number, least))
        sink.open.set()
        assert await one.drain(20)
        await one.close()
        assert told == list(range(len(counts)))
        assert numbers(sink) == list(range(total))
        assert one.waiting == 0

    asyncio.run(scenario())


async def test_a_sink_that_is_away_holds_back_whoever_puts():
    sink = Gate()
    sink.open.clear()
    one = writer(sink, seconds=0.001, capacity=100)
    told = []
    await one.put(rows(0, 100), lambda: told.append(0))
    blocked = asyncio.create_task(one.put(rows(100, 1), lambda: told.append(1)))
    await asyncio.sleep(0.1)
    assert not blocked.done()
    assert told == []
    assert one.problem == "the gate is shut"
    sink.open.set()
    await asyncio.wait_for(blocked, 5)
    assert await one.drain(5)
    assert (told, one.problem) == ([0, 1], "")
    await one.close()


async def test_rows_that_are_large_count_by_their_bytes():
    sink = Gate()
    sink.open.clear()
    one = writer(sink, seconds=0.001, capacity_bytes=1 << 20, size_bytes=1 << 19)
    large = WriteSet({"t": {"n": np.arange(3), "payload": ["x" * (1 << 18)] * 3}})
    assert 3 << 18 <= large.size < 4 << 18
    for _ in range(2):
        await one.put(large, lambda: None)
    blocked = asyncio.create_task(one.put(large, lambda: None))
    await asyncio.sleep(0.05)
    assert not blocked.done()
    sink.open.set()
    await asyncio.wait_for(blocked, 5)
    assert await one.drain(5)
    assert sink.inserts >= 1
    assert len(numbers(sink)) == 3  # the same content three times, once for each token
    await one.close()


async def test_whoever_waits_first_is_let_in_first():
    sink = Gate()
    sink.open.clear()
    one = writer(sink, seconds=0.001, capacity=5)
    told = []
    await one.put(rows(0, 5), lambda: None)
    waiting = [asyncio.create_task(one.put(rows(5 + n, 1), lambda n=n: told.append(n))) for n in range(20)]
    await asyncio.sleep(0.02)
    sink.open.set()
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert await one.drain(5)
    await one.close()
    assert told == list(range(20))
    assert numbers(sink) == list(range(25))


async def test_a_drain_that_fails_says_so_and_tells_nobody():
    sink = Gate()
    sink.open.clear()
    one = writer(sink, seconds=0.001)
    told = []
    await one.put(rows(0, 1), lambda: told.append(0))
    assert not await one.drain(0.1)
    await one.close()
    assert told == []
    assert not one._thread.is_alive()


async def test_sets_without_rows_keep_their_place():
    one = writer(Gate(), seconds=0.01)
    told = []
    await one.put(rows(0, 3), lambda: told.append("rows"))
    await one.put(WriteSet(), lambda: told.append("none"))
    assert await one.drain(5)
    assert told == ["rows", "none"]
    await one.close()


async def test_one_bad_callback_does_not_silence_the_next():
    one = writer(Gate(), seconds=0.01)
    told, said = [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context["exception"]))
    await one.put(rows(0, 1), lambda: 1 // 0)
    await one.put(rows(1, 1), lambda: told.append(1))
    assert await one.drain(5)
    assert told == [1]
    assert isinstance(said[0], ZeroDivisionError)
    await one.close()


async def test_a_mistake_of_ours_is_heard_by_whoever_puts_or_drains():
    one = writer(Broken(), seconds=0.001)
    told = []
    await one.put(rows(0, 1), lambda: told.append(0))
    with pytest.raises(WriterFailed, match="a mistake of ours"):
        await one.drain(5)
    with pytest.raises(WriterFailed):
        await one.put(rows(1, 1), lambda: told.append(1))
    assert "a mistake of ours" in one.problem
    assert told == []
    await one.close()


async def test_the_event_loop_runs_on_while_rows_are_written():
    class Slow(Memory):
        def write(self, table, columns, token):
            time.sleep(0.2)
            super().write(table, columns, token)

    one = writer(Slow(), seconds=0.001)
    await one.put(rows(0, 1), lambda: None)
    beats = []
    for _ in range(20):
        beats.append(time.monotonic())
        await asyncio.sleep(0.01)
    assert await one.drain(5)
    assert max(np.diff(beats)) < 0.1
    await one.close()


async def test_columns_of_different_length_are_caught_at_once():
    with pytest.raises(ValueError, match="differ in length"):
        WriteSet({"t": {"a": [1], "b": [1, 2]}})


async def test_a_writer_that_never_started_can_be_closed():
    one = Writer(Memory(), dead_letters=DeadLetters(None))
    await one.close()
    assert not one.failed
    assert not one.waiting
