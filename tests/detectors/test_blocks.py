from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import blocks
from detectors.blocks import NAMES, WIDTH, Block, Cut, collect
from detectors.features.tails import TAILS

DAY = 86400.0


class Partition:
    def __init__(self, principals: int = 64, cut: Cut = blocks.DEFAULT):
        self.state = np.zeros(principals, blocks.state)
        self.block = np.zeros(1, blocks.open_block)
        self.cut = cut

    def feed(self, slots, time, tails, *, label=None, confidence=None, u=None, z=None, trusted=None) -> list[Block]:
        n = len(slots)
        columns = {
            "tails": np.asarray(tails, np.float32),
            "label": np.zeros(n, np.int32) if label is None else np.asarray(label, np.int32),
            "confidence": np.full(n, 0.9, np.float32) if confidence is None else np.asarray(confidence, np.float32),
            "u": np.zeros((n, 32), np.int16) if u is None else np.asarray(u, np.int16),
        }
        self.ended = collect(
            columns,
            np.asarray(slots, np.int64),
            np.asarray(time, float),
            np.zeros((n, WIDTH), np.float32) if z is None else z,
            self.state,
            self.block,
            names=[f"p{k}" for k in range(len(self.state))],
            trusted=trusted,
            cut=self.cut,
        )
        return [one.block for one in self.ended]


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


def levels(block: Block) -> np.ndarray:
    return np.frombuffer(block.level, np.float16).reshape(block.voices, len(NAMES)).astype(float)


def usual(block: Block) -> np.ndarray:
    return np.frombuffer(block.usual, np.float16).reshape(block.voices, len(NAMES)).astype(float)


def test_a_principal_has_one_voice_however_much_it_sends():
    partition = Partition(cut=Cut(voices=8))
    slots, time, tails, _ = traffic(400)
    partition.feed(slots, time, tails)
    loud = np.where(np.arange(4000) % 4 == 0, np.resize(slots, 4000), 0)
    made = partition.feed(loud, time[-1] + 3.0 * np.arange(4000), np.full((4000, len(TAILS)), 9.0))
    assert made
    assert all(len(set(b.speakers)) == b.voices for b in made)
    assert all(b.speakers.count("p0") <= 1 for b in made)


def test_who_has_spoken_rests_for_half_an_hour():
    partition = Partition(cut=Cut(voices=4))
    slots, time, tails, _ = traffic(2000, principals=6, pause=20.0)
    made = partition.feed(slots, time, tails)
    speakers = {one for b in made for one in b.speakers}
    assert len(speakers) == 6
    for name in speakers:
        spoke = np.array([b.last for b in made if name in b.speakers])
        assert len(spoke) > 3
        assert np.diff(spoke).min() >= blocks.REST


def test_a_voice_speaks_of_what_its_principal_sent_since_about_the_block_began():
    partition = Partition(cut=Cut(voices=8))
    slots, time, tails, label = traffic(1200)
    u = np.random.default_rng(3).integers(-2000, 2000, (1200, 32))
    last = partition.feed(slots, time, tails, label=label, u=u)[-1]
    assert last.voices == len(last.speakers) >= 8
    for name, count, level in zip(last.speakers, last.counts, levels(last), strict=True):
        own = np.flatnonzero((slots == int(name[1:])) & (time <= last.last))[-count:]
        assert time[own[0]] >= last.first - blocks.REST - 60
        assert level[: len(TAILS)] == pytest.approx(tails[own].mean(0), rel=2e-3)
        shares = np.bincount(np.minimum(label[own], blocks.LABELS), minlength=blocks.LABELS + 1) / count
        assert level[10:19] == pytest.approx(shares, abs=1e-3)
        inside = np.clip(u[own, : blocks.DIRECTIONS] / 256, -4, 4)
        assert level[19:] == pytest.approx(inside.mean(0), abs=4e-3)


def test_a_block_says_where_it_ended_and_what_its_speakers_profiles_were_then():
    partition = Partition(cut=Cut(voices=8))
    slots, time, tails, _ = traffic(600)
    z = np.random.default_rng(4).standard_normal((600, WIDTH)).astype(np.float32)
    trusted = np.arange(600) % 7 != 0
    partition.feed(slots, time, tails, z=z, trusted=trusted)
    assert len(partition.ended) > 6
    for one in partition.ended[3:]:
        assert one.block.last == time[one.row]
        assert [f"p{k}" for k in one.slots] == one.block.speakers
        for slot, found in zip(one.slots, one.z, strict=True):
            at = np.flatnonzero((slots == slot) & trusted & (np.arange(600) <= one.row))[-1]
            assert found.tobytes() == z[at].tobytes()


def test_what_is_said_joins_the_past_a_day_later():
    partition = Partition(cut=Cut(voices=8))
    slots, time, tails, _ = traffic(3000)
    partition.feed(slots, time, tails)
    moved = partition.feed(slots, time + 60.0 * 3000, tails + 2.0)
    early = [b for b in moved if b.last < time[-1] + 0.9 * DAY]
    late = [b for b in moved if b.first > time[-1] + 1.8 * DAY]
    assert max(usual(b)[:, 0].max() for b in early) < 1.5
    assert min(usual(b)[:, 0].mean() for b in late) > 0.9


def test_newcomers_are_counted_and_not_heard():
    partition = Partition(principals=5000, cut=Cut(voices=8))
    slots, time, tails, _ = traffic(400)
    partition.feed(slots, time, tails)
    crowd = np.arange(100, 5000)
    partition.feed(crowd, np.full(len(crowd), time[-1]), np.full((len(crowd), len(TAILS)), 9.0))
    block = partition.block[0]
    assert block["newcomers"] >= len(crowd)
    assert block["speakers"] <= 8


def test_of_a_crowd_only_some_are_heard():
    partition = Partition(principals=200)
    slots, time, tails, _ = traffic(20_000, principals=200, pause=1.0)
    made = partition.feed(slots, time, tails)
    assert max(b.voices for b in made) == blocks.SPEAKERS
    assert max(max(b.counts) for b in made if b.voices) < 60


def test_who_comes_late_waits_a_day_for_a_voice():
    partition = Partition(cut=Cut(voices=4))
    slots, time, tails, _ = traffic(4000, principals=8)
    late = slots == 7
    early = late & (time < time[0] + 1.2 * DAY)
    slots, time, tails = slots[~early], time[~early], tails[~early]
    arrived = time[slots == 7][0]
    made = partition.feed(slots, time, tails)
    young = [b for b in made if arrived + 3600 < b.first and b.last < arrived + DAY]
    old = [b for b in made if b.first > arrived + DAY + 3600]
    assert all(b.newcomers <= 1 and "p7" not in b.speakers for b in young)
    assert any(b.newcomers == 1 for b in young)
    assert all(b.newcomers == 0 for b in old)
    assert any("p7" in b.speakers for b in old)


def test_who_was_there_in_the_burn_in_need_not_wait():
    slots, time, tails, _ = traffic(400, principals=8)
    partition = Partition(cut=Cut(voices=4))
    blocks.found(
        slots, time - 2 * DAY, np.zeros((len(slots), blocks.WIDTH), np.float32), partition.state, partition.block
    )
    made = partition.feed(slots, time, tails)
    assert made[-1].voices >= 4
    stranger = Partition(cut=Cut(voices=4))
    blocks.found(slots[:1], time[:1] - 2 * DAY, np.zeros((1, blocks.WIDTH), np.float32), stranger.state, stranger.block)
    assert sum(b.voices for b in stranger.feed(slots, time, tails)) < 20


def test_a_move_of_everybody_shows_with_its_size():
    partition = Partition(cut=Cut(voices=16))
    slots, time, tails, _ = traffic(2000)
    partition.feed(slots, time, tails)
    moved = tails.copy()
    moved[:, 0] += 0.3
    made = partition.feed(slots, time + 60.0 * 2000, moved)
    rise = np.mean([(levels(b) - usual(b)).mean(0) for b in made[1:8]], axis=0)
    assert rise[0] == pytest.approx(0.3, abs=0.1)
    assert np.abs(rise[1:6]).max() < 0.1


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
    heard = np.concatenate([levels(b) for b in made])
    assert np.isfinite(heard).all()
    assert not heard[:, 3].any()
    assert not heard[:, NAMES.index("confidence") :].any()


def test_a_quiet_partition_ends_blocks_by_time_and_a_busy_one_is_slowed():
    quiet = Partition()
    made = quiet.feed(np.zeros(40), 1e9 + 1200.0 * np.arange(40), np.full((40, len(TAILS)), 0.4))
    assert [b.records for b in made] == [4] * 10
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
