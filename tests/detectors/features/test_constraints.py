"""Constraints: what is learnt of each column, and what a record that breaks it is told."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detectors.features import constraints
from detectors.features.constraints import KINDS, K

ROWS = 400


@pytest.fixture(scope="module")
def clean():
    """Amount, count, share, constant, never lit, one-hot of three, two flags that exclude each other, a rounded one."""
    chance = np.random.default_rng(0)
    x = np.zeros((ROWS, 11), np.float32)
    x[:, 0] = chance.normal(50, 10, ROWS)
    x[:, 1] = chance.poisson(4, ROWS)
    x[:, 2] = chance.random(ROWS)
    x[:, 3] = 7.0
    x[np.arange(ROWS), 5 + chance.integers(0, 3, ROWS)] = 1.0
    which = chance.integers(0, 3, ROWS)
    x[:, 8], x[:, 9] = which == 1, which == 2
    x[:, 10] = np.round(chance.normal(0, 1, ROWS), 2)
    return x


@pytest.fixture(scope="module")
def rules(clean):
    return constraints.learn(clean)


def broken(rules, row, bad=0):
    counts, columns = np.zeros((1, K), np.uint16), np.full((1, K), -1, np.int32)
    constraints.check(np.asarray(row, np.float32)[None], np.array([bad], np.uint16), rules, counts, columns)
    return {KINDS[k]: (int(counts[0, k]), int(columns[0, k])) for k in range(K) if counts[0, k]}


def changed(clean, **values):
    row = clean[0].copy()
    row[8:10] = 0
    for column, value in values.items():
        row[int(column[1:])] = value
    return row


def test_what_was_learnt_from_breaks_nothing(clean, rules):
    assert [broken(rules, row) for row in clean] == [{}] * ROWS


@pytest.mark.parametrize(
    ("values", "kind", "column"),
    [
        ({"c0": 500.0}, "out_of_range", 0),
        ({"c1": 3.5}, "off_grid", 1),
        ({"c1": -1.0}, "out_of_range", 1),
        ({"c2": 1.2}, "out_of_range", 2),
        ({"c3": 8.0}, "changed_constant", 3),
        ({"c4": 1.0}, "unseen_category", 4),
        ({"c5": 1.0, "c6": 1.0}, "broken_group", 4),
        ({"c8": 1.0, "c9": 1.0}, "impossible_pair", 9),
        ({"c8": 0.5}, "off_grid", 8),
        ({"c10": 0.1234}, "unrounded", 10),
    ],
)
def test_each_kind_of_violation_is_seen_where_it_is(clean, rules, values, kind, column):
    assert broken(rules, changed(clean, **values))[kind] == (1, column)


def test_a_little_beyond_what_was_seen_is_no_violation(clean, rules):
    assert broken(rules, changed(clean, c0=clean[:, 0].max() + 5, c1=clean[:, 1].max() + 1)) == {}


def test_numbers_that_were_tamed_are_counted(clean, rules):
    assert broken(rules, clean[0], bad=3) == {"bad_number": (3, -1)}


def test_a_column_where_some_clients_send_all_digits_is_not_held_to_a_grid(clean):
    mixed = clean.copy()
    mixed[::5, 10] += 0.0012
    assert constraints.learn(mixed).per_unit[10] == 0


def test_a_group_survives_a_few_empty_rows(clean):
    some = clean.copy()
    some[:8, 5:8] = 0
    assert constraints.learn(some).group.tolist() == [[4, 8]]


def test_one_row_is_enough_to_learn_something():
    rules = constraints.learn(np.array([[1.0, 0.0, 3.5]], np.float32))
    assert broken(rules, [1.0, 0.0, 3.5]) == {}
    assert set(broken(rules, [2.0, 1.0, 3.5])) == {"changed_constant", "unseen_category"}


FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**39), max_value=2.0**39)


@given(arrays(np.float32, (6, 4), elements=FLOATS), arrays(np.float32, (3, 4), elements=FLOATS))
@example(np.array([[0, 1e-41, 1e-41, 1e-41]] + [[1e-41] * 4] * 5, np.float32), np.zeros((3, 4), np.float32))
@settings(max_examples=40)
def test_anything_can_be_learnt_from_and_each_row_is_judged_by_itself(known, seen):
    rules = constraints.learn(known)
    counts, columns = np.zeros((3, K), np.uint16), np.zeros((3, K), np.int32)
    constraints.check(seen, np.zeros(3, np.uint16), rules, counts, columns)
    alone = [broken(rules, row) for row in seen]
    assert [
        {KINDS[k]: (int(c[k]), int(j[k])) for k in range(K) if c[k]} for c, j in zip(counts, columns, strict=True)
    ] == alone
