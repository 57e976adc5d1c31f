"""A snapshot is whole and ours, or it is not loaded."""

import os
import stat
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.snapshots import STALE, Snapshots

KEY = b"k" * 32


def test_what_was_written_last_is_read_back(tmp_path):
    kept = Snapshots(tmp_path, key=KEY)
    assert kept.read("traffic", 3) is None
    kept.write("traffic", 3, 17, b"old")
    kept.write("traffic", 3, 2**40, b"state")
    assert Snapshots(tmp_path, key=KEY).read("traffic", 3) == (2**40, b"state")


@settings(deadline=None, max_examples=60)
@given(state=st.binary(max_size=200), data=st.data())
def test_a_snapshot_with_any_changed_byte_is_refused(tmp_path_factory, state, data):
    kept = Snapshots(tmp_path_factory.mktemp("snapshots"), key=KEY)
    kept.write("traffic", 0, 5, state)
    path = kept.path("traffic", 0)
    written = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(written))
    assert kept.read("traffic", 0) is None


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_a_snapshot_cut_short_or_grown_is_refused(tmp_path_factory, data):
    kept = Snapshots(tmp_path_factory.mktemp("snapshots"), key=KEY)
    kept.write("traffic", 0, 5, b"state")
    path = kept.path("traffic", 0)
    written = path.read_bytes()
    length = data.draw(st.integers(0, len(written) - 1))
    for other in (written[:length], written + bytes(data.draw(st.integers(1, 9)))):
        path.write_bytes(other)
        assert kept.read("traffic", 0) is None


@pytest.mark.parametrize(("topic", "partition"), [("traffic", 1), ("traffic2", 0), ("traffic\x1f0", 0)])
def test_the_snapshot_of_another_partition_is_refused(tmp_path, topic, partition):
    kept = Snapshots(tmp_path, key=KEY)
    kept.write("traffic", 0, 5, b"state")
    kept.path("traffic", 0).rename(kept.path(topic, partition))
    assert kept.read(topic, partition) is None


def test_state_sealed_with_another_secret_is_refused(tmp_path):
    Snapshots(tmp_path, key=b"x" * 32).write("traffic", 0, 5, b"state")
    assert Snapshots(tmp_path, key=KEY).read("traffic", 0) is None


def test_hostile_topic_names_stay_in_the_directory(tmp_path):
    kept = Snapshots(tmp_path / "snapshots", key=KEY)
    for topic in ("../../etc/passwd", "a/b", "a\\b", "", ".", "ü" * 300, "nul\0"):
        assert kept.path(topic, 0).parent == tmp_path / "snapshots"
        kept.write(topic, 0, 1, topic.encode())
    assert kept.read("a/b", 0) == (1, b"a/b")
    assert kept.read("a\\b", 0) == (1, b"a\\b")


def test_without_a_secret_workers_agree_on_a_key_of_their_own(tmp_path):
    made: list[bytes] = []
    workers = [threading.Thread(target=lambda: made.append(Snapshots(tmp_path).key)) for _ in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(made) == 16
    assert {len(key) for key in made} == {32}
    assert len(set(made)) == 1
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.new"))


def test_a_key_that_is_no_key_is_not_used(tmp_path):
    (tmp_path / "key").write_bytes(b"")
    with pytest.raises(OSError, match="no key"):
        Snapshots(tmp_path)


def test_a_write_that_fails_leaves_the_previous_one_and_no_litter(tmp_path, monkeypatch):
    kept = Snapshots(tmp_path, key=KEY)
    kept.write("traffic", 0, 5, b"state")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.write("traffic", 0, 6, b"newer")
    assert kept.read("traffic", 0) == (5, b"state")
    assert not list(tmp_path.glob("*.new"))


def test_what_a_crash_left_half_written_is_cleared_away_later(tmp_path):
    old, new = tmp_path / "a.1.new", tmp_path / "b.2.new"
    old.write_bytes(b"half")
    new.write_bytes(b"being written")
    long_ago = time.time() - STALE - 60
    os.utime(old, (long_ago, long_ago))
    Snapshots(tmp_path, key=KEY)
    assert not old.exists()
    assert new.exists()
