from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import newcomers, stage
from detectors.affinity import PER_Z
from detectors.features.marks import MARKS
from detectors.newcomers import FIRST, KNOWN, LAST, NAME


def traffic(new=4):
    """Columns of a day with some newcomers, and slots; a reference that knows what content is common."""
    known = stage.reference()
    sample = stage.burn_in()
    slots = sample.principal.astype(np.int64)
    u = stage.columns(known, sample.batch(slice(None)), slots).shared["u"]
    known = known.with_learnt({NAME: newcomers.learn(known, u, slots)})
    made = stage.day(0, stage.customers()).followed_by(stage.day(1, stage.customers(new)))
    return stage.columns(known, made.batch(), made.slots()), made.slots(), made.names


ROWS, SLOTS, NAMES = traffic()
FIRST_DAY = int((ROWS.batch.time < stage.MONDAY + stage.DAY).sum())


def blank():
    """Nobody's state, on a partition that has met those of the burn-in."""
    return np.zeros(len(NAMES), newcomers.state), np.array([(0, 1)], newcomers.numbered)


def told(cuts=()):
    state, numbers = blank()
    edges = [FIRST_DAY, *sorted(FIRST_DAY + cut for cut in cuts), len(SLOTS)]
    part = slice(0, FIRST_DAY)
    newcomers.acquaint(stage.part(ROWS, part), SLOTS[part], state, numbers)
    found = []
    for a, b in pairwise(edges):
        found += newcomers.follow(stage.part(ROWS, slice(a, b)), SLOTS[a:b], state, numbers, {})
    return found, state


def test_newcomers_are_sketched_at_doubles_of_their_records_and_known_principals_never():
    found, _ = told()
    assert {one.principal for one in found} <= {name for name in NAMES if name.startswith("newcomer")}
    assert len({one.principal for one in found}) == 4
    for name in {one.principal for one in found}:
        counts = [one.count for one in found if one.principal == name]
        assert counts == [FIRST * 2**k for k in range(len(counts))]
    assert [one.number for one in found] == list(range(found[0].number, found[0].number + len(found)))


def test_a_sketch_says_who_since_when_how_and_behind_which_record():
    found, _ = told()
    one = next(sketch for sketch in found if sketch.count == 8)
    mine = np.flatnonzero(np.array([NAMES[s] == one.principal for s in SLOTS]))
    assert (one.first, one.last) == (ROWS.batch.time[mine[0]], ROWS.batch.time[mine[7]])
    assert one.record == ROWS.batch.records[mine[7]].id
    z = np.frombuffer(one.z, np.int8) / PER_Z
    assert np.abs(z - np.clip(ROWS.z[mine[7]], -127 / PER_Z, 127 / PER_Z)).max() <= 0.5 / PER_Z + 1e-6
    assert 0 < len(one.marks) <= MARKS
    assert one.marks == sorted(one.marks)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(1, len(SLOTS) - FIRST_DAY - 1), max_size=8))
def test_sketches_do_not_depend_on_where_the_stream_was_cut(cuts):
    expected, state = told()
    found, after = told(cuts)
    assert found == expected
    assert stage.same(after, state)


def test_whoever_was_there_in_the_burn_in_is_sketched_once_to_say_what_is_usual():
    state, numbers = blank()
    part = slice(0, FIRST_DAY)
    found = newcomers.acquaint(stage.part(ROWS, part), SLOTS[part], state, numbers)
    assert all(one.known for one in found)
    assert len({one.principal for one in found}) == len(found) <= KNOWN
    assert len(found) > 40
    assert state["known"][np.unique(SLOTS[part])].all()


def test_records_that_may_not_teach_are_passed_over():
    state, numbers = blank()
    doubtful = stage.part(ROWS, slice(None))
    doubtful.shared["trusted"] = np.zeros(len(SLOTS), np.bool_)
    assert newcomers.follow(doubtful, SLOTS, state, numbers, {}) == []
    assert not state["count"].any()


def test_a_newcomer_that_stays_is_left_alone_in_the_end():
    state, numbers = blank()
    slots = np.ones(len(SLOTS), np.int64)
    found = newcomers.follow(ROWS, slots, state, numbers, {})
    assert found[-1].count == LAST < len(SLOTS)
    assert state["count"][1] == LAST


def test_to_one_that_inherited_and_has_met_nobody_nobody_is_new():
    state, _ = blank()
    assert newcomers.follow(ROWS, SLOTS, state, np.zeros(1, newcomers.numbered), {}) == []
    assert not state["count"].any()


def test_of_people_who_talk_to_a_model_there_is_no_profile_for_a_network_that_saw_attacks_on_classifiers():
    slots, part = SLOTS, slice(FIRST_DAY, None)
    for text, classes, empty in ((67, 0, True), (67, 3, False), (0, 0, False)):
        known = replace(ROWS.reference, text=text, classes=classes)
        state, numbers = blank()
        found = newcomers.follow(replace(stage.part(ROWS, part), reference=known), slots[part], state, numbers, {})
        assert found
        assert {one.z == b"" for one in found} == {empty}
