from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import stage, suspects
from detectors.affinity import PER_Z
from detectors.suspects import EACH, EVERY, FREE, KNOWN, MOST, NAME


def traffic():
    """Columns of two days and their slots; of the second day's records one in ten gets another's answer."""
    made = stage.day(0, stage.customers()).followed_by(stage.day(1, stage.customers(4)))
    late = np.flatnonzero((made.time >= stage.MONDAY + stage.DAY) & (np.arange(len(made.time)) % 10 == 0))
    p = made.probabilities.copy()
    p[late] = np.roll(np.array([0.97, 0.01, 0.01, 0.01], np.float32), 2)
    made = stage.Traffic(made.names, made.code, made.time, made.features, p, made.latency, made.tokens, made.lone)
    known = stage.reference()
    first = stage.columns(known, stage.burn_in().batch(slice(None)), stage.burn_in().principal.astype(np.int64))
    known = known.with_learnt({NAME: suspects.learn(first.shared)})
    return stage.columns(known, made.batch(), made.slots()), made.slots(), set(late.tolist())


ROWS, SLOTS, WRONG = traffic()
FIRST_DAY = int((ROWS.batch.time < stage.MONDAY + stage.DAY).sum())


def told(cuts=()):
    state = np.zeros(1, suspects.state)
    edges = [FIRST_DAY, *sorted(FIRST_DAY + cut for cut in cuts), len(SLOTS)]
    found = []
    for a, b in pairwise(edges):
        found += suspects.follow(stage.part(ROWS, slice(a, b)), SLOTS[a:b], state)
    return found, state


def test_sure_answers_that_contradict_their_neighbourhood_are_suspects_and_few_others():
    found, _ = told()
    rows = {int(one.record[1:]) for one in found}
    others = len(SLOTS) - FIRST_DAY - len(WRONG)
    assert len(rows & WRONG) > 60
    assert len(rows - WRONG) < 0.02 * others


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=6))
def test_any_cut_gives_the_same_suspects(cuts):
    whole, state = told()
    parts, after = told([cut for cut in cuts if cut < len(SLOTS) - FIRST_DAY])
    assert parts == whole
    assert stage.same(after, state)


def test_numbers_count_up_and_the_first_says_what_columns_are_like():
    found, state = told()
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    centre, unit = np.frombuffer(found[0].scale, np.float32).reshape(2, -1)
    z = np.frombuffer(found[0].z, np.int8)
    x = ROWS.batch.features[int(found[0].record[1:])]
    inner = np.abs(z) < 127
    assert np.allclose(centre[inner] + z[inner] * unit[inner], x[inner], atol=float(unit.max()))
    assert not any(one.scale for one in found[1:])
    assert int(state["number"][0]) == len(found)


def flood(n, principals):
    """Records of one moment, all suspects: (rows, slots)."""
    one = next(
        row
        for row in sorted(WRONG)
        if suspects.follow(stage.part(ROWS, [row]), SLOTS[[row]], np.zeros(1, suspects.state))
    )
    at = np.full(n, one)
    return stage.part(ROWS, at), np.arange(n) % principals


def test_a_flood_of_suspects_is_not_sent():
    rows, slots = flood(20_000, 256)
    found = suspects.follow(rows, slots, np.zeros(1, suspects.state))
    assert FREE < len(found) <= min(MOST, FREE + 20_000 // EVERY)


def test_one_principal_cannot_use_up_what_all_may_send():
    rows, slots = flood(500, 1)
    assert len(suspects.follow(rows, slots, np.zeros(1, suspects.state))) == EACH


def test_the_clean_period_shows_some_of_its_own():
    part = stage.part(ROWS, slice(0, FIRST_DAY))
    found = suspects.acquaint(part, np.zeros(1, suspects.state))
    assert 0 < len(found) <= KNOWN
    assert all(one.known for one in found)


def test_without_inputs_or_before_it_was_learnt_there_are_none():
    part = stage.part(ROWS, slice(FIRST_DAY, None))
    unlearnt = stage.Columns(part.batch, stage.reference(), part.shared, part.statistics, part.z)
    assert suspects.follow(unlearnt, SLOTS[FIRST_DAY:], np.zeros(1, suspects.state)) == []
    assert suspects.acquaint(unlearnt, np.zeros(1, suspects.state)) == []


def test_a_suspect_says_how_its_principal_behaves_and_one_of_the_clean_period_does_not():
    found, _ = told()
    for one in found[:20]:
        z = ROWS.z[int(one.record[1:])]
        assert np.abs(np.frombuffer(one.profile, np.int8) / PER_Z - z).max() <= 1 / PER_Z
    first = stage.part(ROWS, slice(0, FIRST_DAY))
    assert {one.profile for one in suspects.acquaint(first, np.zeros(1, suspects.state))} == {b""}
