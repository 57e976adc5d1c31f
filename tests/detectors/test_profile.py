"""The profile: one row a principal, the same however the stream is cut, stopped or interleaved."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import profile
from detectors.burn_in import take
from detectors.features import numeric
from detectors.statistics import NAMES, TABLE, TIMING

ROWS = 240


def mixed(today, *, trusted=0.8):
    """Rows of a day, some of them not trusted, times not always rising."""
    chance = np.random.default_rng(2)
    batch = today.batch(slice(0, ROWS))
    time = batch.time - np.where(chance.random(ROWS) < 0.1, 400.0, 0.0)
    return replace(batch, time=time, trusted=chance.random(ROWS) < trusted)


def statistics(reference, batch, slots, state):
    return profile.run(reference, numeric.columns(reference, batch), batch.time, slots, state)


def fresh(count):
    return np.zeros(count, profile.state)


def test_statistics_and_state_do_not_depend_on_where_the_stream_is_cut(shaped):
    sample, reference, today = shaped
    batch = mixed(today)
    slots = batch.principal.astype(np.int64)
    state = fresh(len(sample.principals))
    whole = statistics(reference, batch, slots, state)

    @settings(max_examples=10, deadline=None)
    @given(st.sets(st.integers(1, ROWS - 1), max_size=12))
    def cut(places):
        after = fresh(len(sample.principals))
        edges = [0, *sorted(places), ROWS]
        parts = [statistics(reference, take(batch, slice(a, b)), slots[a:b], after) for a, b in pairwise(edges)]
        assert np.concatenate(parts).tobytes() == whole.tobytes()
        assert after.tobytes() == state.tobytes()

    cut()


def test_a_snapshot_resumed_goes_on_as_if_nothing_had_happened(known):
    sample, reference, today = known
    batch = mixed(today)
    slots = batch.principal.astype(np.int64)
    state = fresh(len(sample.principals))
    statistics(reference, take(batch, slice(0, 100)), slots[:100], state)
    resumed = np.frombuffer(state.tobytes(), profile.state).copy()
    rest = take(batch, slice(100, None))
    assert (
        statistics(reference, rest, slots[100:], state).tobytes()
        == statistics(reference, rest, slots[100:], resumed).tobytes()
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(st.booleans(), min_size=ROWS, max_size=ROWS))
def test_two_principals_interleaved_are_as_two_apart(known, whose):
    _, reference, today = known
    batch = mixed(today)
    slots = np.array(whose, np.int64)
    together = statistics(reference, batch, slots, fresh(2))
    for key in (0, 1):
        own = np.flatnonzero(slots == key)
        apart = statistics(reference, take(batch, own), np.zeros(len(own), np.int64), fresh(1))
        assert apart.tobytes() == together[own].tobytes()


def test_untrusted_rows_are_judged_and_teach_nothing(known):
    _, reference, today = known
    batch = today.batch(slice(0, ROWS))
    slots = np.zeros(ROWS, np.int64)
    state = fresh(1)
    statistics(reference, take(batch, slice(0, 100)), slots[:100], state)
    before = state.copy()
    untrusted = replace(take(batch, slice(100, 101)), trusted=np.zeros(1, np.bool_))
    judged = statistics(reference, untrusted, slots[:1], state)
    assert state.tobytes() == before.tobytes()
    assert judged.tobytes() == statistics(reference, take(batch, slice(100, 101)), slots[:1], state).tobytes()
    assert state.tobytes() != before.tobytes()


def test_every_statistic_is_finite_whatever_was_logged(shaped):
    sample, reference, today = shaped
    batch = mixed(today)
    made = statistics(reference, batch, batch.principal.astype(np.int64), fresh(len(sample.principals)))
    z = profile.normalise(reference, made)
    assert np.isfinite(made).all()
    assert (np.abs(z) <= profile.CLIP).all()


def test_what_a_log_does_not_carry_deviates_nowhere(clean, shaped):
    _, reference, today = shaped
    batch = mixed(today)
    made = statistics(reference, batch, batch.principal.astype(np.int64), fresh(30))
    z = profile.normalise(reference, made)
    of = {name: [k for k, s in enumerate(TABLE) if s.group == name] for name in ("odd", "chains", "answers")}
    if not reference.features:
        assert (z[:, of["odd"] + of["chains"]] == 0).all()
    if not reference.classes:
        assert (z[:, of["answers"]] == 0).all()


def test_clean_records_lie_on_both_sides_of_the_usual_value_and_few_beyond_one(known):
    sample, reference, _ = known
    batch = sample.batch(slice(None))
    made = statistics(reference, batch, batch.principal.astype(np.int64), fresh(len(sample.principals)))
    z = profile.normalise(reference, made)
    assert (np.maximum((z > 0).mean(0), (z < 0).mean(0)) < 0.62).all()
    assert ((np.abs(z) > 1).mean(0) < 0.13).all()


def test_a_newcomer_is_not_suspicious_by_its_first_two_records(known):
    _, reference, today = known
    batch = today.batch(slice(0, ROWS))
    slots = np.arange(ROWS) // 2
    made = statistics(reference, batch, slots.astype(np.int64), fresh(ROWS))
    behaviour = np.setdiff1d(np.arange(len(NAMES)), TIMING)
    assert np.quantile(np.abs(profile.normalise(reference, made)[:, behaviour]).mean(1), 0.95) < 1.5


def test_a_blank_row_is_a_principal_never_seen(known):
    _, reference, today = known
    batch = today.batch(slice(0, 50))
    slots = np.zeros(50, np.int64)
    spelled_out = np.full(1, np.uint8(255), f"V{profile.state.itemsize}").view(profile.state)
    profile.blank(reference, spelled_out)
    assert np.allclose(spelled_out["short"][0], reference.habits.prior)
    assert (
        statistics(reference, batch, slots, spelled_out).tobytes()
        == statistics(reference, batch, slots, fresh(1)).tobytes()
    )


def test_a_principal_costs_less_than_4300_bytes():
    assert profile.state.itemsize < 4300
    assert not profile.state.hasobject


def test_times_that_step_back_count_as_no_gap(known):
    _, reference, today = known
    batch = today.batch(slice(0, 3))
    slots = np.zeros(3, np.int64)
    together = replace(batch, time=np.array([1.7e9, 1.7e9, 1.7e9]))
    back = replace(batch, time=np.array([1.7e9, 1.7e9 - 5000, 1.7e9 - 1e9]))
    assert (
        statistics(reference, back, slots, fresh(1)).tobytes()
        == statistics(reference, together, slots, fresh(1)).tobytes()
    )


def test_what_is_usual_moves_with_the_population_so_that_words_and_numbers_agree(known):
    """Where everybody moved up, a value above the clean median may be less than others have now."""
    sample, reference, _ = known
    batch = sample.batch(slice(0, ROWS))
    made = statistics(reference, batch, batch.principal.astype(np.int64), fresh(len(sample.principals)))[-1]
    z = profile.normalise(reference, made[None])[0]
    assert np.array_equal(profile.usual_now(reference, made, z), reference.usual.median)
    inside = np.abs(z) < 5
    for shift in (2.0, -2.0):
        usual = profile.usual_now(reference, made, z - np.float32(shift))
        clear = inside & (np.abs(z - shift) > 0.01)
        assert (np.sign(made - usual)[clear] == np.sign(z - shift)[clear]).all()
        assert (np.sign(usual - reference.usual.median)[inside] == np.sign(shift)).all()
