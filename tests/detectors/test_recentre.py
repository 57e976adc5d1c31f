from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import blocks, recentre, stage
from detectors.api import Columns
from detectors.moves import Moves
from detectors.recentre import LEAST, SMALLEST, VOICES, recentred

DAY = 86400.0
START = 1.75e9


class Partition:
    def __init__(self, principals: int = 40):
        self.heard = np.zeros(principals, blocks.state)
        self.block = np.zeros(1, blocks.open_block)
        self.centre = np.zeros(1, recentre.centre)
        self.moves = Moves()
        self.moved: list[float] = []

    def feed(self, rows: Columns, slots) -> np.ndarray:
        names = [f"u-{k}" for k in range(len(self.heard))]
        codes = np.asarray(slots, np.int64)
        made = recentred(rows, codes, self.heard, self.block, self.centre, self.moves, names=names)
        self.moved += rows.batch.time[made.moved].tolist()
        return made.rows.z


def traffic(days: float, *, principals=20, seed=0, since=0.0) -> tuple[Columns, np.ndarray]:
    """Rows of ordinary columns with a usual profile, a hundred an hour."""
    r = np.random.default_rng(seed)
    n = int(2400 * days)
    rows, _ = stage.ordinary()
    rows = stage.part(rows, np.random.default_rng([seed, 1]).integers(0, len(rows.z), n))
    slots = r.integers(0, principals, n)
    rows.batch.time[:] = START + since + np.sort(r.uniform(0, days * DAY, n))
    rows.z[:] = 0.6 * r.standard_normal(rows.z.shape)
    return rows, slots


def moving(share: float, *, days=3.0, size=3.0, principals=20, seed=1, k=5) -> tuple[Columns, np.ndarray]:
    """The same, but from half of it on a statistic lies elsewhere for a share of principals."""
    rows, slots = traffic(days, principals=principals, seed=seed)
    late = rows.batch.time > START + days * DAY / 2
    rows.z[late & (slots < share * principals), k] += size
    return rows, slots


def test_what_everybody_does_is_usual():
    rows, slots = moving(1.0)
    z = Partition().feed(rows, slots)
    last = z[-500:]
    assert abs(np.median(last[:, 5])) < 0.5
    assert abs(np.median(last[:, 6])) < 0.5


def test_what_fewer_than_half_do_stays_theirs():
    rows, slots = moving(0.4)
    before = rows.z.copy()
    z = Partition().feed(rows, slots)
    theirs = slots < 8
    assert z[-500:, 5][theirs[-500:]] == pytest.approx(before[-500:, 5][theirs[-500:]], abs=1.3)
    assert np.median(z[-500:, 5][theirs[-500:]]) > 2.0


def test_that_everybody_moves_is_told_once_and_soon():
    rows, slots = moving(1.0)
    partition = Partition()
    partition.feed(rows, slots)
    assert len(partition.moved) == 1
    assert 0 < partition.moved[0] - (START + 1.5 * DAY) < DAY / 2


def test_what_a_fifth_does_is_no_move():
    rows, slots = moving(0.2)
    partition = Partition()
    partition.feed(rows, slots)
    assert partition.moved == []


def test_nothing_changes_while_nothing_moves():
    rows, slots = traffic(3.0)
    before = rows.z.copy()
    z = Partition().feed(rows, slots)
    assert np.mean(z != before) < 0.05
    assert np.abs(z - before).max() < 1.0


def test_no_move_is_told_while_nothing_moves():
    partition = Partition()
    partition.feed(*traffic(3.0, seed=2))
    assert partition.centre["heard"][0] > VOICES
    assert partition.moved == []


def test_a_loud_attacker_moves_nothing():
    rows, slots = traffic(3.0)
    late = np.flatnonzero(rows.batch.time > START + DAY)
    slots[late[np.arange(len(late)) % 10 != 0]] = 3
    rows.z[slots == 3] = 8.0
    partition = Partition()
    z = partition.feed(rows, slots)
    assert z[slots == 3][-1].min() > 6.0
    assert partition.moved == []


def test_a_crowd_of_new_accounts_moves_nothing():
    rows, slots = traffic(3.0)
    crowd = rows.batch.time > START + 2.2 * DAY
    crowd &= np.random.default_rng(3).random(len(slots)) < 0.9
    slots[crowd] = 20 + np.arange(crowd.sum()) % 400
    rows.z[crowd] = 6.0
    partition = Partition(principals=420)
    assert partition.feed(rows, slots)[crowd].min() > 5.0
    assert partition.moved == []


def test_few_principals_are_no_population():
    rows, slots = moving(1.0, principals=LEAST - 1)
    before = rows.z.copy()
    assert Partition().feed(rows, slots).tobytes() == before.tobytes()


def test_a_small_move_is_none():
    rows, slots = moving(1.0, size=SMALLEST / 3)
    before = rows.z.copy()
    z = Partition().feed(rows, slots)
    assert np.mean(z != before) < 0.05


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 7200), max_size=8))
def test_deviations_do_not_depend_on_where_the_stream_is_cut(cuts):
    rows, slots = moving(1.0)
    whole, parts = Partition(), Partition()
    edges = sorted({0, len(slots), *(c for c in cuts if c <= len(slots))})
    pieces = [stage.part(rows, np.arange(a, b)) for a, b in pairwise(edges)]
    found = [parts.feed(piece, slots[a:b]) for piece, (a, b) in zip(pieces, pairwise(edges), strict=True)]
    assert np.concatenate(found).tobytes() == whole.feed(rows, slots).tobytes()
    assert parts.centre.tobytes() == whole.centre.tobytes()
    assert parts.moved == whole.moved
    assert parts.moves.to_bytes() == whole.moves.to_bytes()


def test_only_the_last_voices_count():
    rows, slots = traffic(3.0)
    partition = Partition()
    partition.feed(rows, slots)
    assert partition.centre[0]["heard"] > VOICES
    assert set(partition.centre[0]["slot"]) <= set(range(20))


def test_those_of_the_night_are_not_like_those_of_the_day_and_nothing_has_moved():
    """Each is compared with itself: else honest customers look odd at every change of the shift."""
    rows, slots = traffic(4.0, principals=40)
    night = np.floor((rows.batch.time - START) / (DAY / 2)) % 2 == 1
    slots[:] = np.where(night, slots % 20, 20 + slots % 20)
    rows.z[slots < 20, 7] += 2.0
    before = rows.z.copy()
    z = Partition().feed(rows, slots)
    assert np.mean(z != before) < 0.05
    assert np.abs(z - before).max() < 1.0


def test_who_comes_after_a_move_begins_where_the_population_was_then():
    """Else a move would be forgotten as fast as customers are replaced."""
    rows, slots = moving(1.0, days=6.0, principals=40)
    late = rows.batch.time > START + 4.5 * DAY
    slots[:] = np.where(late, 20 + slots % 20, slots % 20)
    came = rows.batch.time > START + 3.2 * DAY
    slots[came & ~late & (np.arange(len(slots)) % 2 == 0)] += 20
    z = Partition().feed(rows, slots)
    assert abs(np.median(z[late][-500:, 5])) < 0.7


def test_a_beginning_is_the_profile_behind_the_last_record_of_the_burn_in():
    state, block = np.zeros(3, blocks.state), np.zeros(1, blocks.open_block)
    z = np.zeros((4, blocks.WIDTH), np.float32)
    z[:, 0] = [1.0, 2.0, 3.0, 40.0]
    blocks.found(np.array([0, 1, 0, 1]), START + np.arange(4.0), z, state, block)
    assert (state["usual"][:, 0] / blocks.PER_Z).tolist() == pytest.approx([3.0, 127 / blocks.PER_Z, 0.0])
    assert state["compared"].tolist() == [1, 1, 0]
