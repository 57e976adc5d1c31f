"""Cutting what was fetched into slices, without a broker."""

import pytest
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.batches import BatchApp, TopicPartition
from streams.batches.slices import Slice
from tests.streams.rows import Row


def an_app(max_batch: int) -> BatchApp:
    return BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"}, max_batch=max_batch)


APPS = {size: an_app(size) for size in (1, 2, 3, 7, 100)}


@given(
    size=st.sampled_from(sorted(APPS)),
    fetched=st.dictionaries(
        st.integers(0, 5),
        st.lists(st.integers(0, 10_000), min_size=1, max_size=30, unique=True).map(sorted),
        max_size=4,
    ),
)
def test_every_record_is_in_one_slice_in_order_and_no_slice_is_too_long(size, fetched):
    app = APPS[size]
    records = {TP("traffic", partition): [Row(offset) for offset in offsets] for partition, offsets in fetched.items()}
    slices = list(app.conf.ConsumerScheduler().iterate(records))
    for tp, rows in records.items():
        mine = [each.value for where, each in slices if where == tp]
        assert [row for batch in mine for row in batch.records] == rows
        assert all(0 < len(batch) <= size and batch.tp == tp for batch in mine)
        assert [each.offset for where, each in slices if where == tp] == [batch.next_offset - 1 for batch in mine]


def test_partitions_take_turns():
    records = {TP("traffic", partition): [Row(offset) for offset in range(4)] for partition in (0, 1)}
    order = [tp.partition for tp, _ in APPS[2].conf.ConsumerScheduler().iterate(records)]
    assert order == [0, 1, 0, 1]


def test_other_topics_come_record_by_record_and_first():
    records = {TP("traffic", 0): [Row(0), Row(1)], TP("control", 0): [Row(7), Row(8)]}
    got = list(APPS[100].conf.ConsumerScheduler().iterate(records))
    assert [tp.topic for tp, _ in got] == ["control", "control", "traffic"]
    assert [each.offset for _, each in got] == [7, 8, 1]


def test_a_slice_looks_like_a_record_to_faust():
    fetched = [Row(5), Row(9, timestamp=1_700_000_000_000)]
    (tp, slice_), *_ = APPS[100].conf.ConsumerScheduler().iterate({TP("traffic", 3): fetched})
    assert isinstance(slice_, Slice)
    assert (slice_.topic, slice_.partition, slice_.offset) == ("traffic", 3, 9)
    assert (slice_.timestamp, slice_.key, slice_.headers) == (1_700_000_000_000, None, ())
    assert tp == TopicPartition("traffic", 3)


@pytest.mark.parametrize("setting", ["topic_allow_declare", "web_enabled", "worker_redirect_stdouts"])
def test_the_app_neither_creates_topics_nor_serves_nor_redirects(setting: str):
    assert getattr(APPS[1].conf, setting) is False


def test_settings_of_the_user_win():
    app = BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"}, broker_commit_interval=7.0)
    assert app.conf.broker_commit_interval == 7.0
