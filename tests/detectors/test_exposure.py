"""The exposure meter: what a principal holds of a model, counted in different inputs spread as customers' are."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import exposure
from detectors.exposure import CELLS, Known
from detectors.features import numeric
from detectors.features.tails import TAILS
from detectors.fitting import copies


@pytest.fixture(scope="module")
def curves(known):
    sample, reference, _ = known
    shared = numeric.columns(reference, sample.batch(slice(None)))
    return Known(**copies.learn(reference, sample, shared, np.random.default_rng(1)))


@pytest.fixture(scope="module")
def asked(known):
    """Another day of the same customers: its columns and times."""
    _, reference, day = known
    return numeric.columns(reference, day.batch(slice(None))), day.time


def levels(curves, asked, slots, rows=None):
    columns, time = asked
    rows = np.zeros(int(slots.max(initial=0)) + 1, exposure.state) if rows is None else rows
    n = len(slots)
    return exposure.follow(curves, {k: v[:n] for k, v in columns.items()}, slots, time[:n], rows)


def test_who_asks_what_all_customers_ask_holds_about_as_much_as_he_asked(curves, asked):
    risen = levels(curves, asked, np.zeros(300, np.int64))
    assert 100 <= curves.inputs[risen.level[-1] - 1] <= 300
    assert risen.answers.tolist() == sorted(risen.answers.tolist())


def test_asking_the_same_again_teaches_nothing(curves, asked):
    columns, time = asked
    again = {name: np.repeat(column[:20], 40, axis=0) for name, column in columns.items()}
    once = levels(curves, asked, np.zeros(20, np.int64)).level[-1]
    assert levels(curves, (again, np.repeat(time[:20], 40)), np.zeros(800, np.int64)).level[-1] == once


def test_many_inputs_around_one_are_worth_few(curves, asked):
    columns, time = asked
    narrow = dict(columns)
    narrow["u"] = np.repeat(columns["u"][:1], len(time), axis=0)
    narrow["group"] = np.repeat(columns["group"][:1], len(time))
    assert levels(curves, (narrow, time), np.zeros(300, np.int64)).level[-1] == 0


@pytest.mark.parametrize("name", ["off_manifold", "far_from_known", "rare_values"])
def test_inputs_unlike_any_of_customers_are_worth_nothing(curves, asked, name):
    columns, time = asked
    odd = columns["tails"].copy()
    odd[:, TAILS.index(name)] = 3.0
    assert levels(curves, (columns | {"tails": odd}, time), np.zeros(300, np.int64)).level[-1] == 0


def test_a_log_without_inputs_has_no_meter():
    assert exposure.known({}) is None
    assert exposure.known({"exposure": {}}) is None


def test_principals_are_counted_apart(curves, asked):
    alone = levels(curves, asked, np.zeros(200, np.int64)).level
    columns, time = asked
    twice = {name: np.repeat(column[:200], 2, axis=0) for name, column in columns.items()}
    both = levels(curves, (twice, np.repeat(time[:200], 2)), np.tile([0, 1], 200)).level
    assert both[::2].tolist() == both[1::2].tolist() == alone.tolist()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=300), st.data())
def test_no_cut_changes_a_level_nor_who_is_told_of(curves, asked, who, data):
    slots = np.array(who, np.int64)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(who)), max_size=5)))
    whole = levels(curves, asked, slots)
    rows, parts, at = np.zeros(4, exposure.state), [], []
    columns, time = asked
    for a, b in itertools.pairwise([0, *cuts, len(who)]):
        part = {name: column[a:b] for name, column in columns.items()}
        made = exposure.follow(curves, part, slots[a:b], time[a:b], rows)
        parts.append(made.level)
        at += (made.row + a).tolist()
    assert np.concatenate(parts).tolist() == whole.level.tolist()
    assert at == whole.row.tolist()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=300))
def test_a_level_only_rises_and_every_rise_is_told(curves, asked, who):
    slots = np.array(who, np.int64)
    risen = levels(curves, asked, slots)
    for slot in set(who):
        mine = risen.level[slots == slot].astype(int)
        assert (np.diff(mine) >= 0).all()
        told = [int(risen.level[row]) for row in risen.row if slots[row] == slot]
        assert told == sorted(set(mine.tolist()) - {0})


def test_an_alert_says_what_a_copy_would_be_worth_and_what_is_usual(curves):
    nothing, much = exposure.why(curves, 0), exposure.why(curves, len(curves.inputs))
    assert (nothing.name, nothing.value, much.name) == ("exposure", 0.0, "exposure")
    assert much.value == curves.agreement[-1] > curves.guess[0]
    assert f"at least {much.value:.0%}" in much.text
    assert much.typical == nothing.typical


def test_a_bitmap_counts_more_inputs_than_the_last_level_needs(curves):
    assert curves.bits[-1] < CELLS
    assert 10 + 2 * 8 + exposure.state.itemsize <= 320
