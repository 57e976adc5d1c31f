"""What a model answered before: swaps under the same version, differences between versions, in fixed memory."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.answer_memory import DIFFERS, LARGEST, SWAPPED, AnswerMemory, Asked
from detectors.packing import pack


def asked(inputs, label, *, version=0, sure=0.9, who=None, time=None):
    n = len(inputs)
    hashes = np.array([hash_of(k) for k in inputs], np.uint64)
    people = np.arange(n) % 7 if who is None else np.full(n, who)
    return Asked(
        hashes,
        np.full(n, version, np.int16) if np.isscalar(version) else np.array(version, np.int16),
        np.broadcast_to(np.array(label, np.int32), n).copy(),
        np.broadcast_to(np.array(sure, np.float32), n).copy(),
        np.uint64(1) << people.astype(np.uint64),
        np.arange(n, dtype=float) + 1000.0 if time is None else np.array(time, float),
    )


def hash_of(k):
    return (int(k) * 0x9E3779B97F4A7C15 + 1) % 2**64 | 1


def memory(*versions):
    made = AnswerMemory()
    for name in versions or ("1",):
        made.version(name)
    return made


def joined(*parts):
    return Asked(*(np.concatenate(column) for column in zip(*parts, strict=True)))


ROUND = np.tile(np.arange(40), 10)


def test_a_model_that_keeps_to_its_answers_is_never_told_of():
    assert memory().follow(asked(ROUND, ROUND % 3)) == []


@pytest.mark.parametrize("change", [{"label": 5}, {"label": 0, "sure": 0.6}])
def test_a_model_that_was_exchanged_is_told_of_within_a_few_repeats_and_once(change):
    stream = joined(asked(ROUND, 0), asked(ROUND, **change))
    (found,) = memory().follow(stream)
    assert found.kind == SWAPPED
    assert len(ROUND) <= found.row < len(ROUND) + 12
    assert found.tally["changes"] == 0


def test_a_small_change_of_few_answers_takes_longer_and_is_found():
    chance = np.random.default_rng(3)
    label = (chance.random(4000) < 0.08).astype(np.int32)[np.tile(np.arange(400), 10)]
    stream = joined(asked(np.tile(np.arange(400), 10), 0), asked(np.tile(np.arange(400), 10), label))
    (found,) = memory().follow(stream)
    assert found.row < 4000 + 400


def test_a_model_that_rolls_dice_is_never_told_of():
    chance = np.random.default_rng(5)
    inputs = chance.integers(0, 60, 20_000)
    assert memory().follow(asked(inputs, chance.integers(0, 2, 20_000))) == []


def test_one_client_who_logs_half_of_what_it_sends_is_no_exchanged_model():
    steady = asked(np.tile(np.arange(40), 20), 0)
    alone = asked(1000 + np.tile(np.arange(20), 10), np.arange(200) % 5, who=9)
    assert memory().follow(joined(steady, alone)) == []


def test_where_only_one_principal_repeats_inputs_its_word_is_enough():
    (found,) = memory().follow(joined(asked(ROUND, 0, who=4), asked(ROUND, 1, who=4)))
    assert found.kind == SWAPPED


def test_what_differs_between_versions_is_told_once_with_counts():
    both = np.repeat(np.arange(60), 2)
    label = np.where(np.arange(120) % 2, both % 10 == 0, 0)
    (found,) = memory("1", "2").follow(asked(both, label, version=np.arange(120) % 2, sure=0.8))
    assert (found.kind, found.version) == (DIFFERS, 1)
    assert (int(found.tally["compared"]), int(found.tally["differ"]), int(found.tally["other"])) == (50, 5, 0)


def test_it_does_not_matter_which_version_is_asked_first():
    both = np.repeat(np.arange(60), 2)
    first, then = (
        memory("1", "2").follow(asked(both, order % 2, version=order, sure=0.5 + 0.1 * order))
        for order in (np.arange(120) % 2, 1 - np.arange(120) % 2)
    )
    assert [(one.kind, one.version) for one in first] == [(one.kind, one.version) for one in then] == [(DIFFERS, 1)]
    assert first[0].tally["surer"] == pytest.approx(then[0].tally["surer"]) == pytest.approx(0.1 * 20)


def test_a_canary_whose_versions_answer_in_turn_is_no_swap():
    inputs = np.tile(np.arange(30), 40)
    version = np.random.default_rng(1).integers(0, 2, len(inputs))
    found = memory("1", "2").follow(asked(inputs, version, version=version))
    assert {one.kind for one in found} == {DIFFERS}


def test_memory_is_bounded_and_inputs_that_come_back_outlast_those_that_do_not():
    made = memory()
    chance = np.random.default_rng(2)
    rare = chance.integers(1000, 10**9, 60_000)
    rare[::20] = np.tile(np.arange(30), 100)
    made.follow(asked(rare, 0))
    assert len(made.table) == LARGEST
    made.follow(asked(np.arange(30), 0))
    assert made.tallies["repeats"][0] + made.tallies["lately"][0] > 2_500


def test_records_without_inputs_or_of_too_many_versions_are_passed_over():
    made = memory(*map(str, range(64)))
    assert made.version("one more") == -1
    nothing = asked(ROUND, 0)._replace(hash=np.zeros(len(ROUND), np.uint64))
    assert made.follow(nothing) == made.follow(asked(ROUND, 0, version=-1)) == []
    assert not made.table["hash"].any()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_cut_and_no_trip_through_bytes_changes_what_is_found(data):
    n = data.draw(st.integers(1, 400))
    chance = np.random.default_rng(data.draw(st.integers(0, 1000)))
    stream = asked(
        chance.integers(0, 300, n), chance.integers(0, 2, n) * (np.arange(n) > n // 2),
        version=chance.integers(0, 2, n), sure=chance.choice([0.5, 0.9], n),
    )  # fmt: skip
    whole = memory("1", "2")
    expected = [(one.row, one.kind, one.version, one.tally.tobytes()) for one in whole.follow(stream)]
    made, found = memory("1", "2"), []
    cuts = sorted(data.draw(st.sets(st.integers(0, n), max_size=5)))
    for a, b in itertools.pairwise([0, *cuts, n]):
        for one in made.follow(Asked(*(column[a:b] for column in stream))):
            found.append((one.row + a, one.kind, one.version, one.tally.tobytes()))
        made = AnswerMemory.of(list(made.versions), {k: v.copy() for k, v in made.arrays().items()})
    assert found == expected
    assert pack({}, made.arrays()) == pack({}, whole.arrays())
