"""Examples: which requests an alert shows, and what it puts beside them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import examples, scorer
from detectors.api import Columns
from detectors.example_words import CROSSED, told
from detectors.features import numeric


@pytest.fixture(scope="module")
def ordinary(known):
    sample, reference, _ = known
    shared = numeric.columns(reference, sample.batch(slice(None)))
    learnt = examples.learn(sample.features, sample.principal.astype(np.int64), shared)
    made = examples.known({examples.NAME: learnt})
    assert made is not None
    return made


@pytest.fixture(scope="module")
def rows(known):
    """Another day of the same customers, with one request far from all of them."""
    _, reference, day = known
    batch = scorer.encode(reference, day.batch(slice(0, 400)))
    features = batch.features.copy()
    features[123] += 40
    batch = replace(batch, features=features)
    shared = numeric.columns(reference, batch)
    none = np.zeros((len(batch), 64), np.float32)
    return Columns(batch=batch, reference=reference, shared=shared, statistics=none, z=none)


def kept(ordinary, rows, cuts=()):
    slots = rows.batch.principal.astype(np.int64)
    epochs = np.ones(len(slots), np.int64)
    state = np.zeros(int(slots.max()) + 1, examples.state)
    for a, b in pairwise([0, *sorted(cuts), len(slots)]):
        examples.follow(ordinary, rows, slice(a, b), slots, epochs, state)
    return state


def test_ordinary_requests_come_from_many_principals_and_none_of_them_is_odd(known, ordinary):
    sample, reference, _ = known
    shared = numeric.columns(reference, sample.batch(slice(None)))
    drawn = {row.tobytes() for row in ordinary.features}
    mine = np.array([row.tobytes() in drawn for row in sample.features])
    assert len(ordinary.features) <= 256
    assert len(np.unique(sample.principal[mine])) == len(sample.principals)
    assert all(examples.oddest(tails)[0] < examples.LEAST for tails in shared["tails"][mine])


def test_the_oddest_request_is_shown_with_the_values_that_make_it_odd(ordinary, rows):
    state = kept(ordinary, rows)
    mine = np.flatnonzero(rows.batch.principal == rows.batch.principal[123])
    last = int(mine[-1]) if mine[-1] != 123 else int(mine[-2])
    crossing, oddest, *_ = told(ordinary, rows, last, state[rows.batch.principal[123]], 1)
    assert crossing.text.startswith(CROSSED)
    assert crossing.id == rows.batch.records[last].id
    assert oddest.time == rows.batch.time[123]
    assert "one ordinary request in" in oddest.text
    assert len(oddest.differs) == min(examples.TOLD_BEFORE, rows.batch.features.shape[1])
    assert all(one.value - one.ordinary > 20 for one in oddest.differs)


def test_requests_of_another_epoch_are_not_shown(ordinary, rows):
    state = kept(ordinary, rows)
    assert len(told(ordinary, rows, 123, state[rows.batch.principal[123]], 2)) == 1


def test_the_request_that_crossed_the_line_is_shown_once(ordinary, rows):
    state = kept(ordinary, rows)
    shown = told(ordinary, rows, 123, state[rows.batch.principal[123]], 1)
    assert [one.time for one in shown].count(float(rows.batch.time[123])) == 1


def test_whoever_asks_before_the_request_that_crossed_the_line_is_taken_in_finds_the_oddest_before_it(ordinary, rows):
    mine = rows.batch.principal.astype(np.int64) == rows.batch.principal[123]
    before = int(np.flatnonzero(mine & (np.arange(len(mine)) < 123))[-1])
    tails = np.zeros_like(rows.shared["tails"])
    tails[before, examples.SAYS], tails[123, examples.SAYS] = 3, 4
    again = replace(rows, shared={**rows.shared, "tails": tails})
    slots, epochs = rows.batch.principal.astype(np.int64), np.ones(len(mine), np.int64)
    state = np.zeros(int(slots.max()) + 1, examples.state)
    shown = []
    for part in (slice(0, 123), slice(123, 124)):
        examples.follow(ordinary, again, part, slots, epochs, state)
        shown.append([one.time for one in told(ordinary, again, 123, state[slots[123]], 1)])
    assert shown == [[rows.batch.time[123], rows.batch.time[before]], [rows.batch.time[123]]]


def test_the_same_input_sent_again_takes_no_second_place(ordinary, rows):
    twice = np.array([123, 123, 123])
    shared = {name: column[twice] for name, column in rows.shared.items()}
    again = replace(rows, batch=replace(rows.batch, features=rows.batch.features[twice], ids=rows.batch.ids[twice],
                                        time=rows.batch.time[twice]), shared=shared)  # fmt: skip
    state = np.zeros(1, examples.state)
    examples.follow(ordinary, again, slice(0, 3), np.zeros(3, np.int64), np.ones(3, np.int64), state)
    assert (state["odd"][0] > 0).sum() == 1


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(1, 399), max_size=12))
def test_what_is_kept_does_not_depend_on_how_the_stream_is_cut(ordinary, rows, cuts):
    assert kept(ordinary, rows, cuts).tobytes() == kept(ordinary, rows).tobytes()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=1, max_size=9), st.data())
def test_the_values_told_are_those_that_differ_most(x, data):
    one = np.array(x, np.float32)
    other = np.array(data.draw(st.lists(st.floats(-100, 100, width=32), min_size=len(x), max_size=len(x))), np.float32)
    column, value = np.zeros(3, np.uint16), np.zeros(3, np.float32)
    examples.differences(one, other, np.ones(len(x), np.float32), column, value)
    far = np.abs(one - other)
    found = [c for c in column.tolist() if c != examples.NO_COLUMN]
    assert sorted(far[found], reverse=True) == sorted(far[far > 0], reverse=True)[:3]
    assert [float(one[c]) for c in found] == value[: len(found)].tolist()


def test_without_inputs_there_are_no_examples():
    columns = {"tails": np.zeros((5, 9), np.float32), "u": np.zeros((5, 32), np.int16), "label": np.zeros(5, np.int32)}
    learnt = examples.learn(np.zeros((5, 0), np.float32), np.zeros(5, np.int64), columns)
    assert learnt == {}
    assert examples.known({examples.NAME: learnt}) is None
