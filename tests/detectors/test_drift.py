"""Drift on traffic that comes in sessions of few principals, each with habits of its own."""

import numpy as np
import pytest

from detectors import blocks, drift
from detectors.bar import LOWEST, USUAL
from detectors.blocks import NAMES
from detectors.drift import STATISTICS, Drift, ModelDrift
from detectors.features.tails import TAILS
from detectors.packing import Corrupt
from detectors.voices import MOST
from schemas.signal import Block

DAY = 86400.0
START = 1.75e9


def sessions(days, *, principals=60, seed=0, sessions_a_day=240):
    """Records in sessions: (slots, time, tails, label, confidence). A principal has its own level and labels."""
    r = np.random.default_rng(seed)
    weight = 1.0 / np.arange(1, principals + 1) ** 1.1
    level = r.gamma(4.0, 0.1, (principals, len(TAILS)))
    labels = r.dirichlet(np.full(6, 0.7), principals)
    n = int(days * sessions_a_day)
    start = np.sort(r.uniform(0, days * DAY, n))
    who = r.choice(principals, n, p=weight / weight.sum())
    length = r.geometric(0.15, n)
    slots = np.repeat(who, length)
    time = START + np.repeat(start, length) + np.concatenate([3.0 * np.arange(k) for k in length])
    mood = r.gamma(6.0, 1 / 6, (n, len(TAILS)))[np.repeat(np.arange(n), length)]
    tails = r.exponential(level[slots] * mood)
    favourite = np.array([r.choice(6, p=labels[p]) for p in who])
    stray = r.random(len(slots)) < 0.3
    label = np.where(stray, r.integers(0, 6, len(slots)), np.repeat(favourite, length))
    order = np.argsort(time, kind="stable")
    confidence = r.beta(9, 1, len(slots))
    return slots[order], time[order], tails[order].astype(np.float32), label[order].astype(np.int32), confidence


def blocks_of(slots, time, tails, label, confidence) -> list[Block]:
    state, block = np.zeros(slots.max() + 1, blocks.state), np.zeros(1, blocks.open_block)
    u = np.random.default_rng(5).integers(-400, 400, (len(slots), 32)).astype(np.int16)
    columns = {"tails": tails, "label": label, "confidence": confidence.astype(np.float32), "u": u}
    names = [f"u-{k}" for k in range(len(state))]
    z = np.zeros((len(slots), blocks.WIDTH), np.float32)
    ended = blocks.collect(columns, slots.astype(np.int64), time, z, state, block, names=names)
    return [one.block for one in ended]


def changes(made: list[Block], model: ModelDrift | None = None) -> list[Drift]:
    model = model or ModelDrift()
    return [found for block in made if (found := model.add(block)) is not None]


@pytest.mark.parametrize("seed", range(3))
def test_a_week_of_sessions_without_a_change_is_quiet(seed):
    assert changes(blocks_of(*sessions(7, seed=seed))) == []


def test_inputs_that_move_are_found_within_hundreds_of_records():
    slots, time, tails, label, confidence = sessions(5, seed=21)
    after = time >= START + 3 * DAY
    tails[np.ix_(after, [0, 3])] += 0.4
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert len(found) == 1
    assert found[0].inputs
    assert not found[0].outputs
    assert 0 < np.sum(after & (time <= found[0].time)) < 1000
    assert abs(found[0].since - (START + 3 * DAY)) < DAY / 3
    assert {m.name for m in found[0].moved} <= {"rare_values", "far_from_known", "odd_samples"}
    lead = found[0].moved[0]
    assert lead.now > lead.before + 0.2


def test_a_quiet_stream_is_judged_too():
    slots, time, tails, label, confidence = sessions(8, seed=4, sessions_a_day=60)
    after = time >= START + 5 * DAY
    tails[np.ix_(after, [0, 3])] += 0.8
    model = ModelDrift()
    found = changes(blocks_of(slots, time, tails, label, confidence), model)
    assert model.voices.pace() < USUAL
    assert len(found) == 1
    assert found[0].bar < LOWEST + 0.2
    assert 0 < np.sum(after & (time <= found[0].time)) < 1000


def test_a_change_says_which_bar_it_crossed():
    slots, time, tails, label, confidence = sessions(5, seed=21)
    tails[np.ix_(time >= START + 3 * DAY, [0, 3])] += 0.4
    model = ModelDrift()
    (found,) = changes(blocks_of(slots, time, tails, label, confidence), model)
    assert model.voices.pace() > USUAL
    assert LOWEST < found.bar < found.moved[0].margin


def test_answers_that_move_alone_are_said_to_move_alone():
    slots, time, tails, label, confidence = sessions(6, seed=12)
    after = (time >= START + 3 * DAY) & (np.random.default_rng(0).random(len(time)) < 0.6)
    label[after] = 2
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert len(found) == 1
    assert found[0].outputs
    assert not found[0].inputs
    assert found[0].moved[0].name == "label_2"


def test_both_sides_are_named_when_both_move():
    slots, time, tails, label, confidence = sessions(5, seed=13)
    after = time >= START + 3 * DAY
    tails[after, 0] += 0.6
    confidence[after] -= 0.25
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert len(found) == 1
    assert found[0].inputs
    assert found[0].outputs


def test_one_loud_principal_is_no_drift():
    slots, time, tails, label, confidence = sessions(5, seed=14)
    loud = (slots == 0) & (time >= START + 3 * DAY)
    tails[loud] += 5.0
    label[loud] = 5
    assert loud.mean() > 0.05
    assert changes(blocks_of(slots, time, tails, label, confidence)) == []


def test_a_crowd_of_new_principals_is_no_drift():
    slots, time, tails, label, confidence = sessions(5, seed=15)
    r = np.random.default_rng(1)
    n = len(slots)
    crowd = 60 + r.integers(0, 2000, n)
    when = START + 3 * DAY + r.uniform(0, 0.9 * DAY, n)
    order = np.argsort(np.concatenate([time, when]), kind="stable")
    made = blocks_of(
        np.concatenate([slots, crowd])[order],
        np.concatenate([time, when])[order],
        np.concatenate([tails, tails + 3.0])[order],
        np.concatenate([label, np.full(n, 5, np.int32)])[order],
        np.concatenate([confidence, confidence])[order],
    )
    assert changes(made) == []


def test_a_change_is_said_once_though_it_lasts():
    slots, time, tails, label, confidence = sessions(12, seed=16)
    tails[time >= START + 3 * DAY, 0] += 0.7
    assert len(changes(blocks_of(slots, time, tails, label, confidence))) == 1


def test_a_further_change_beyond_the_first_is_said_again():
    slots, time, tails, label, confidence = sessions(14, seed=17)
    tails[time >= START + 3 * DAY, 0] += 0.4
    tails[time >= START + 7 * DAY, 4] += 0.9
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert [d.again for d in found] == [False, True]
    assert found[1].moved[0].name == TAILS[4]


@pytest.mark.parametrize("cut", [0, 3, 40, 170])
def test_what_is_restored_goes_on_exactly(cut):
    slots, time, tails, label, confidence = sessions(6, seed=18)
    tails[time >= START + 3 * DAY, 0] += 0.4
    made = blocks_of(slots, time, tails, label, confidence)
    whole = ModelDrift()
    expected = changes(made, whole)
    first = ModelDrift()
    before = changes(made[:cut], first)
    second = ModelDrift.from_bytes(first.to_bytes())
    assert before + changes(made[cut:], second) == expected
    assert second.to_bytes() == whole.to_bytes()


def test_damaged_state_is_refused():
    model = ModelDrift()
    changes(blocks_of(*sessions(1)), model)
    data = model.to_bytes()
    for bad in (b"", data[:-1], data + b"x", data[:60] + b"\xff" * 8 + data[68:], drift.pack({}, {})):
        with pytest.raises(Corrupt):
            ModelDrift.from_bytes(bad)


def test_blocks_of_another_release_are_passed_over():
    block = blocks_of(*sessions(1))[-1]
    other = Block(**{name: getattr(block, name) for name in block.__struct_fields__} | {"names": ["other"]})
    model = ModelDrift()
    assert model.add(other) is None
    assert model.voices.blocks == 0


def test_memory_is_bounded():
    model = ModelDrift()
    made = blocks_of(*sessions(1.5))
    for k in range(12):
        for block in made:
            later = {"first": block.first + k * 2 * DAY, "last": block.last + k * 2 * DAY}
            model.add(Block(**{n: getattr(block, n) for n in block.__struct_fields__} | later))
    assert len(model.voices.ring) <= MOST
    assert len(model.series) <= 160
    assert len(model.to_bytes()) < 300_000


def test_statistics_have_names_of_their_own():
    assert len(STATISTICS) == len(set(STATISTICS)) == len(NAMES) + 1


def test_a_shift_of_some_is_said_to_be_theirs():
    slots, time, tails, label, confidence = sessions(7, seed=19, sessions_a_day=400)
    some = (slots >= 10) & (slots % 3 == 0)
    tails[some & (time >= START + 3 * DAY)] += 4.0
    found = changes(blocks_of(slots, time, tails, label, confidence))[0]
    assert found.few
    theirs = [name for name in found.movers if int(name[2:]) >= 10 and int(name[2:]) % 3 == 0]
    assert len(theirs) >= 5
    assert len(theirs) >= 0.6 * len(found.movers)


def test_a_shift_of_everybody_is_nobodys_own():
    slots, time, tails, label, confidence = sessions(5, seed=21)
    tails[time >= START + 3 * DAY] += 1.0
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert not found[0].few


def test_a_gradual_change_is_found_before_half_of_it():
    slots, time, tails, label, confidence = sessions(10, seed=20)
    share = np.clip((time - (START + 4 * DAY)) / (6 * DAY), 0, 1)
    tails[:, 2] += 2.0 * share
    found = changes(blocks_of(slots, time, tails, label, confidence))
    assert START + 4 * DAY < found[0].time < START + 7 * DAY
