"""A partition sees by itself that its population has moved."""

import numpy as np
import pytest
from msgspec.structs import replace

from detectors.blocks import WIDTH
from detectors.drift import ModelDrift
from detectors.moves import FURTHER, Moves
from detectors.packing import Corrupt, pack
from tests.detectors.test_drift import DAY, START, blocks_of, sessions

STILL = np.zeros(WIDTH, np.float32)


def length(far: float) -> np.ndarray:
    """Medians that lie so far from 0."""
    return np.full(WIDTH, far / np.sqrt(WIDTH), np.float32)


def moved(one_in: int, seed: int = 21):
    """Blocks of five days; for the last two one principal in so many sends rarer values."""
    slots, time, tails, label, confidence = sessions(5, seed=seed)
    theirs = (time >= START + 3 * DAY) & (slots % one_in == 0)
    tails[np.ix_(theirs, [0, 3])] += 2.0
    return blocks_of(slots, time, tails, label, confidence)


def told(blocks, moves: Moves | None = None) -> list[float]:
    moves = moves or Moves()
    return [block.last for block in blocks if moves.follow(block, STILL)]


def test_that_all_send_something_else_is_a_move():
    (when,) = told(moved(1))
    assert 0 < when - (START + 3 * DAY) < DAY / 4


def test_what_a_third_of_the_principals_does_is_none_though_the_drift_is_told_of():
    moves = Moves()
    assert told(moved(3), moves) == []
    assert moves.drift.changes > 0


def test_still_days_have_no_move():
    assert told(blocks_of(*sessions(5, seed=2))) == []


def after(days: float, block, far: float):
    """The block so many days later, and medians that far from 0."""
    return replace(block, last=block.last + days * DAY), length(far)


def test_medians_that_went_far_are_a_move_and_so_is_their_way_back():
    block, moves = blocks_of(*sessions(1, seed=2))[0], Moves()
    way = [0.0, 0.6, 1.1, 1.1, 1.6, 1.7, 0.1, 0.1]
    found = [moves.follow(*after(2.0 * day, block, far * FURTHER)) for day, far in enumerate(way)]
    assert found == [False, False, True, False, False, False, True, False]


def test_medians_that_go_to_and_fro_are_one_move_a_day():
    """Each move lets gates begin anew, which would excuse everybody if there were one an hour."""
    block, moves = blocks_of(*sessions(1, seed=2))[0], Moves()
    found = [moves.follow(*after(hour / 24, block, 2 * FURTHER * (hour % 2))) for hour in range(72)]
    assert sum(found) == 3


def test_a_partition_goes_on_where_it_stopped():
    blocks = moved(1)
    whole, first = Moves(), Moves()
    expected = told(blocks, whole)
    half = len(blocks) // 2
    found = told(blocks[:half], first)
    second = Moves.from_bytes(first.to_bytes())
    assert found + told(blocks[half:], second) == expected
    assert second.to_bytes() == whole.to_bytes()


def test_blocks_of_another_release_say_nothing():
    assert told([replace(block, names=["x"]) for block in moved(1)]) == []


@pytest.mark.parametrize(
    ("arrays", "fields"),
    [
        ({}, {"held": 0.0}),
        ({"known": STILL}, {"held": 0.0}),
        ({"known": STILL.astype(float), "drift": np.zeros(3, np.uint8)}, {"held": 0.0}),
        ({"known": STILL[:3], "drift": np.zeros(3, np.uint8)}, {"held": 0.0}),
        ({"known": STILL, "drift": np.zeros(3, np.uint8)}, {"held": 0.0}),
        ({"known": STILL, "drift": np.frombuffer(ModelDrift().to_bytes(), np.uint8)}, {}),
        ({"known": STILL, "drift": np.frombuffer(ModelDrift().to_bytes(), np.uint8)}, {"held": "soon"}),
    ],
)
def test_damaged_state_is_refused(arrays, fields):
    with pytest.raises(Corrupt):
        Moves.from_bytes(pack(fields, arrays))
