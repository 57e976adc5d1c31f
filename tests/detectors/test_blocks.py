from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import blocks
from detectors.blocks import NAMES, Block, Cut, collect
from detectors.features.tails import TAILS

DAY = 86400.0


class Partition:
    def __init__(self, principals: int = 64, cut: Cut = blocks.DEFAULT):
        self.state = np.zeros(principals, blocks.state)
        self.block = np.zeros(1, blocks.open_block)
        self.cut = cut

    def feed(self, slots, time, tails, *, label=None, confidence=None, trusted=None) -> list[Block]:
        n = len(slots)
        columns = {
            "tails": np.asarray(tails, np.float32),
            "label": np.zeros(n, np.int32) if label is None else np.asarray(label, np.int32),
            "confidence": np.full(n, 0.9, np.float32) if confidence is None else np.asarray(confidence, np.float32),
        }
        return collect(
            columns,
            np.asarray(slots, np.int64),
            np.asarray(time, float),
            self.state,
            self.block,
            trusted=trusted,
            cut=self.cut,
        )


def traffic(n, *, principals=20, seed=0, pause=60.0):
    """Records of principals taking turns, one a minute, each with tail scores about 0.4."""
    r = np.random.default_rng(seed)
    slots = r.permuted(np.tile(np.arange(principals), (n // principals + 1, 1)), axis=1).ravel()[:n]
    return slots, 1e9 + pause * np.arange(n), r.exponential(0.4, (n, len(TAILS))), r.integers(0, 12, n)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 600), max_size=12), st.integers(0, 5))
def test_blocks_do_not_depend_on_where_the_stream_is_cut(cuts, seed):
    slots, time, tails, label = traffic(600, seed=seed)
    trusted = np.random.default_rng(seed).random(600) < 0.9
    whole = Partition(cut=Cut(voices=8))
    expected = whole.feed(slots, time, tails, label=label, trusted=trusted)
    parts = Partition(cut=Cut(voices=8))
    found = []
    edges = sorted({0, 600, *cuts})
    for a, b in pairwise(edges):
        found += parts.feed(slots[a:b], time[a:b], tails[a:b], label=label[a:b], trusted=trusted[a:b])
    assert found == expected
    assert len(expected) > 10
    assert parts.state.tobytes() == whole.state.tobytes()
    assert parts.block.tobytes() == whole.block.tobytes()


def test_a_principal_has_one_voice_however_much_it_sends():
    partition = Partition(cut=Cut(voices=8))
    slots, time, tails, _ = traffic(400)
    partition.feed(slots, time, tails)
    before = partition.block[0]["voices"]
    n = 5000
    blocks_ended = partition.feed(np.zeros(n), np.full(n, time[-1]), np.full((n, len(TAILS)), 9.0))
    assert not blocks_ended
    assert partition.block[0]["voices"] <= before + 1
    assert abs(partition.block[0]["moved"][0]) <= blocks.FARTHEST[0] * partition.block[0]["voices"]


def test_newcomers_are_counted_and_move_nothing():
    partition = Partition(principals=5000, cut=Cut(voices=8))
    slots, time, tails, _ = traffic(400)
    partition.feed(slots, time, tails)
    crowd = np.arange(100, 5000)
    partition.feed(crowd, np.full(len(crowd), time[-1]), np.full((len(crowd), len(TAILS)), 9.0))
    block = partition.block[0]
    assert block["newcomers"] >= len(crowd)
    assert block["voices"] <= 20
    assert np.abs(block["moved"]).max() < 5.0


def test_who_comes_late_waits_a_day_for_a_voice():
    partition = Partition(cut=Cut(voices=4))
    slots, time, tails, _ = traffic(3000, principals=8)
    late = slots == 7
    early = late & (time < time[0] + 1.2 * DAY)
    slots, time, tails = slots[~early], time[~early], tails[~early]
    arrived = time[slots == 7][0]
    made = partition.feed(slots, time, tails)
    young = [b for b in made if arrived + 3600 < b.first and b.last < arrived + DAY]
    old = [b for b in made if b.first > arrived + DAY + 3600]
    assert all(b.newcomers <= 1 and b.voices <= 7 for b in young)
    assert any(b.newcomers == 1 for b in young)
    assert all(b.newcomers == 0 for b in old)


def test_who_was_there_in_the_burn_in_need_not_wait():
    slots, time, tails, _ = traffic(400, principals=8)
    partition = Partition(cut=Cut(voices=4))
    blocks.found(slots, time - 2 * DAY, partition.state, partition.block)
    made = partition.feed(slots, time, tails)
    assert made[-1].voices >= 4
    stranger = Partition(cut=Cut(voices=4))
    blocks.found(slots[:1], time[:1] - 2 * DAY, stranger.state, stranger.block)
    assert sum(b.voices for b in stranger.feed(slots, time, tails)) < 20


def test_a_move_of_everybody_shows_with_its_size():
    partition = Partition(cut=Cut(voices=16))
    slots, time, tails, _ = traffic(2000)
    partition.feed(slots, time, tails)
    moved = tails.copy()
    moved[:, 0] += 0.3
    made = partition.feed(slots, time + 60.0 * 2000, moved)
    rise = np.mean([b.level[0] - b.usual[0] for b in made[1:8]])
    assert rise == pytest.approx(0.3, abs=0.1)
    mean = np.mean([b.moved for b in made[:10]], axis=0)
    assert mean[0] > 0.03
    assert np.abs(mean[1:6]).max() < 0.03


def test_what_is_not_trusted_teaches_nothing():
    slots, time, tails, _ = traffic(600)
    clean, poisoned = Partition(), Partition()
    expected = clean.feed(slots, time, tails)
    n = len(slots)
    order = np.repeat(np.arange(n), 2)
    poison = np.tile([False, True], n)
    values = tails[order].copy()
    values[poison] = 50.0
    assert poisoned.feed(slots[order], time[order], values, trusted=~poison) == expected


def test_missing_numbers_and_labels_are_no_move():
    partition = Partition()
    slots, time, tails, _ = traffic(600)
    tails[:, 3] = np.nan
    made = partition.feed(slots, time, tails, label=np.full(600, -1), confidence=np.full(600, np.nan))
    moved = np.array([b.moved for b in made])
    assert np.isfinite(moved).all()
    assert not moved[:, 3].any()
    assert not moved[:, NAMES.index("confidence") :].any()


def test_a_quiet_partition_ends_blocks_by_time_and_a_busy_one_is_slowed():
    quiet = Partition()
    made = quiet.feed(np.zeros(40), 1e9 + 1200.0 * np.arange(40), np.full((40, len(TAILS)), 0.4))
    assert [b.records for b in made] == [7] * 5
    busy = Partition(principals=1000)
    slots = np.tile(np.arange(1000), 20)
    made = busy.feed(slots, 1e9 + 0.1 * np.arange(20_000), np.full((20_000, len(TAILS)), 0.4))
    assert all(b.last - b.first >= blocks.DEFAULT.shortest for b in made)
    assert [b.number for b in made] == list(range(1, len(made) + 1))


def test_times_that_step_back_or_leap_break_nothing():
    partition = Partition()
    slots, time, tails, _ = traffic(600)
    time[100], time[200], time[300] = 0.0, 4e9, -5.0
    made = partition.feed(slots, time, tails)
    assert sum(b.records for b in made) <= 600
    assert all(b.last >= b.first or b.first == 4e9 for b in made)


def test_samples_come_from_different_principals_and_are_few():
    partition = Partition(cut=Cut(voices=16))
    slots, time, tails, label = traffic(2000)
    made = partition.feed(slots, time, tails, label=label)
    assert made[-1].names == list(NAMES)
    assert len(made[-1].sample) == blocks.SAMPLES
    assert {len(s) for s in made[-1].sample} == {len(NAMES)}
