import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.blocks import COUNT, NAMES
from detectors.packing import Corrupt
from detectors.voices import MANY, MOST, Voices
from detectors.window import ASSUMED, CLIP, LEAST
from schemas.signal import Block, identity

NOTHING = np.zeros(COUNT)


def block(number, speakers, level, usual=0.0, *, count=8, known=500) -> Block:
    n = len(speakers)
    rows = np.broadcast_to(np.asarray(level, np.float16), (n, COUNT))
    past = np.broadcast_to(np.asarray(usual, np.float16), (n, COUNT))
    return Block(
        number=number,
        first=1000.0 * number,
        last=1000.0 * number + 900.0,
        records=count * n,
        voices=n,
        newcomers=0,
        names=list(NAMES),
        speakers=[f"u-{k}" for k in speakers],
        counts=[count] * n,
        known=[known] * n,
        level=rows.tobytes(),
        usual=past.tobytes(),
        sample=[],
    )


def noisy(number, r, *, principals=40, shift=0.0) -> Block:
    speakers = r.choice(principals, 8, replace=False)
    width = ASSUMED * np.sqrt(0.05 + 0.15 + 0.1)
    return block(number, speakers, shift * ASSUMED + width * r.standard_normal((8, COUNT)))


def largest(voices: Voices) -> float:
    return max((float(np.abs(w.margin).max()) for w in voices.windows(NOTHING)), default=0.0)


@pytest.mark.parametrize("seed", range(3))
def test_margins_are_standard_errors_while_nothing_changes(seed):
    r, voices = np.random.default_rng(seed), Voices()
    found = []
    for number in range(1, 200):
        voices.add(noisy(number, r))
        found += [w.margin for w in voices.windows(NOTHING) if number > 20]
    assert 0.6 < np.std(found) < 1.15
    assert np.abs(found).max() < 4.8


def test_a_shift_of_a_deviation_needs_tens_of_principals():
    r, voices = np.random.default_rng(5), Voices()
    for number in range(1, 30):
        voices.add(noisy(number, r))
    heard = 0
    while largest(voices) < 5.2:
        heard += 1
        voices.add(noisy(29 + heard, r, shift=1.0))
    assert 8 * heard <= 40


def test_one_principal_counts_once_in_a_window():
    voices = Voices()
    for number in range(1, 13):
        voices.add(block(number, [0, 1, 2, 3, 4, 5, 6, 7], 0.0))
        voices.add(block(number, [9], 50.0))
    windows = voices.windows(NOTHING)
    assert windows
    for w in windows:
        assert len(w.first) <= 9
        assert np.abs(w.margin).max() <= CLIP


def test_a_window_needs_some_principals():
    voices = Voices()
    for number in range(1, 9):
        voices.add(block(number, range(LEAST - 1), 9.0))
    assert voices.windows(NOTHING) == []


def test_a_window_is_of_whole_blocks_and_compares_with_the_past_before_it():
    voices = Voices()
    voices.add(block(1, range(6), 1.0, 1.0))
    voices.add(block(2, range(6), 3.0, 1.0))
    voices.add(block(3, range(6), 3.0, 2.5))
    shortest, longest = voices.windows(NOTHING)[:2]
    assert [len(shortest.voices), len(longest.voices)] == [6, 12]
    assert shortest.moved == pytest.approx(0.5 * np.ones(COUNT))
    assert longest.moved == pytest.approx(2.0 * np.ones(COUNT))
    assert [len(w.voices) for w in voices.windows(NOTHING, since=2)] == [6]


def test_what_is_known_to_have_moved_is_no_move():
    voices = Voices()
    for number in range(1, 6):
        voices.add(block(number, range(8), 2.0))
    assert largest(voices) > 5.0
    assert max(np.abs(w.margin).max() for w in voices.windows(np.full(COUNT, 2.0))) < 0.01


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60), st.integers(0, 3))
def test_voices_that_are_restored_go_on_exactly(cut, seed):
    r = np.random.default_rng(seed)
    made = [noisy(number, r) for number in range(1, 61)]
    whole, first = Voices(), Voices()
    for one in made:
        whole.add(one)
    for one in made[:cut]:
        first.add(one)
    second = Voices.from_arrays(first.to_arrays())
    for one in made[cut:]:
        second.add(one)
    for name, array in whole.to_arrays().items():
        assert second.to_arrays()[name].tobytes() == array.tobytes()


def test_memory_is_bounded_and_another_layout_is_refused():
    r, voices = np.random.default_rng(7), Voices()
    for number in range(1, 200):
        voices.add(noisy(number, r))
    assert len(voices.ring) == MOST
    with pytest.raises(Corrupt):
        Voices.from_arrays(voices.to_arrays() | {"variance": np.ones(3)})


def test_a_block_without_voices_changes_nothing_but_the_count():
    voices = Voices()
    voices.add(block(1, [], 0.0))
    assert voices.blocks == 1
    assert voices.windows(NOTHING) == []


def test_the_pace_is_of_the_voices_that_are_kept():
    voices = Voices()
    assert voices.pace() == 0
    for number in range(1, 31):
        voices.add(block(number, range(4), 0.0))
    days = (1000.0 * 30 + 900 - 1000) / 86400
    assert voices.pace() == pytest.approx(120 / days)


def test_a_stream_that_has_just_begun_has_no_endless_pace():
    voices = Voices()
    voices.add(block(1, range(8), 0.0))
    assert voices.pace() == pytest.approx(8 / 0.1)


def test_who_moved_is_who_went_along_by_a_deviation():
    voices = Voices()
    level = np.zeros((8, COUNT))
    level[:3] = 5 * ASSUMED
    level[3] = -5 * ASSUMED
    voices.add(block(1, range(8), level))
    (window,) = voices.windows(NOTHING)[-1:]
    assert np.all(window.margin > 0)
    assert np.array_equal(window.going, np.full(COUNT, 3 / 8))
    assert sorted(window.movers(0).tolist()) == sorted(identity(f"u-{k}") for k in range(3))


def test_a_principal_keeps_its_number_however_many_come_by():
    voices, r = Voices(), np.random.default_rng(8)
    for number in range(1, MANY // 8 + 40):
        voices.add(block(number, [*range(8 * number, 8 * number + 7), 5], 0.01 * r.standard_normal((8, COUNT))))
        assert len(voices.codes) <= MANY + MOST
    names = voices.ring["who"].tolist()
    assert len({(name, code) for name, code in zip(names, voices.code.tolist(), strict=True)}) == len(set(names))
    assert max(len(w.first) for w in voices.windows(NOTHING)) == 7 * 64 + 1
