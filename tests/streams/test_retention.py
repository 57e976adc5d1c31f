"""State is kept only once its offset is committed, one write after the other."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.batches import TopicPartition
from streams.retention import Retention
from streams.snapshots import Snapshots

TP = TopicPartition("traffic", 0)


@pytest.fixture
def store(tmp_path):
    return Snapshots(tmp_path, key=b"k" * 32)


@pytest.fixture
def thread():
    with ThreadPoolExecutor(1) as made:
        yield made


def kept(store, thread):
    thread.submit(lambda: None).result()  # all writes before are done
    return store.read(*TP)


def test_state_waits_for_the_commit_of_its_offset(store, thread):
    one = Retention(store, TP, interval=0.0, thread=thread)
    one.take(10, lambda: b"ten", committed=0)
    assert kept(store, thread) is None
    one.committed(9)
    assert kept(store, thread) is None
    assert one.kept is None
    one.committed(10)
    assert kept(store, thread) == (10, b"ten")
    assert one.kept is not None


def test_state_of_what_was_committed_long_ago_is_kept_at_once(store, thread):
    Retention(store, TP, interval=0.0, thread=thread).take(10, lambda: b"ten", committed=500)
    assert kept(store, thread) == (10, b"ten")


def test_while_one_waits_no_other_is_taken(store, thread):
    one = Retention(store, TP, interval=0.0, thread=thread)
    one.take(10, lambda: b"ten", committed=0)
    one.take(20, lambda: pytest.fail("taken"), committed=0)
    one.committed(25)
    assert kept(store, thread) == (10, b"ten")


def test_it_is_taken_no_oftener_than_asked(store, thread):
    one = Retention(store, TP, interval=60.0, thread=thread)
    one.take(10, lambda: pytest.fail("taken"), committed=10)
    assert kept(store, thread) is None


def test_a_state_that_takes_long_is_taken_seldom(store, thread):
    one = Retention(store, TP, interval=0.0, thread=thread)
    one.take(10, lambda: time.sleep(0.05) or b"slow", committed=10)
    assert one.due - time.monotonic() > 2.0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12))
def test_what_is_kept_was_always_committed(tmp_path_factory, steps):
    store = Snapshots(tmp_path_factory.mktemp("snapshots"), key=b"k" * 32)
    with ThreadPoolExecutor(1) as thread:
        one = Retention(store, TP, interval=0.0, thread=thread)
        committed = 0
        for offset, commit in steps:
            one.due = 0.0
            one.take(offset, lambda offset=offset: b"%d" % offset, committed=committed)
            committed = max(committed, commit)
            one.committed(commit)
            found = kept(store, thread)
            assert found is None or (found[0] <= committed and found[1] == b"%d" % found[0])


async def test_the_last_one_is_written_after_all_before(store, thread):
    one = Retention(store, TP, interval=0.0, thread=thread)
    gate = threading.Event()
    thread.submit(gate.wait)
    one.take(10, lambda: b"ten", committed=10)
    last = asyncio.create_task(one.last(20, b"twenty"))
    await asyncio.sleep(0.05)
    assert not last.done()
    gate.set()
    await last
    assert store.read(*TP) == (20, b"twenty")


async def test_without_a_directory_nothing_is_taken(thread):
    one = Retention(None, TP, interval=0.0, thread=thread)
    one.take(10, lambda: pytest.fail("taken"), committed=10)
    one.committed(10)
    await one.last(10, b"state")
    assert one.read() is None


def test_a_full_disk_is_said_and_survived(store, thread, monkeypatch, capsys):
    def full(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(store, "write", full)
    one = Retention(store, TP, interval=0.0, thread=thread)
    one.take(10, lambda: b"ten", committed=10)
    assert kept(store, thread) is None
    assert one.kept is None
    assert "the previous one stays" in capsys.readouterr().out
