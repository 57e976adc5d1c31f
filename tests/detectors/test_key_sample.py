"""A key sample keeps principals wholly, by numbers that nobody can choose."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.key_sample import Bounds, KeySample

BOUNDS = Bounds(per_principal=10, rows=60, numbers=600)
TRAFFIC = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=300)


def told(made, rows):
    """Tell of rows (principal, weight); the codes of those that had a place, and what they weigh."""
    names = [f"u-{who}" for who, _ in rows]
    codes = made.admit(list(dict.fromkeys(names)))
    own = np.array([codes[list(dict.fromkeys(names)).index(name)] for name in names])
    weights = np.array([weight for _, weight in rows], np.int64)
    made.count(own[own >= 0], weights[own >= 0])
    return own[own >= 0], weights[own >= 0]


def names(made):
    return {name for name, kept in zip(made.names, made.kept.tolist(), strict=True) if kept}


@settings(max_examples=60, deadline=None)
@given(TRAFFIC, st.integers(1, 299))
def test_who_is_kept_does_not_depend_on_cuts(rows, cut):
    once, twice = KeySample(BOUNDS, b"s"), KeySample(BOUNDS, b"s")
    told(once, rows)
    for part in (rows[:cut], rows[cut:]):
        if part:
            told(twice, part)
    assert names(once) == names(twice)
    assert (once.each, once.ceiling) == (twice.each, twice.ceiling)
    assert once.others.tolist() == twice.others.tolist()


@settings(max_examples=60, deadline=None)
@given(TRAFFIC)
def test_those_kept_have_the_smallest_numbers_and_their_rows_fit(rows):
    made = KeySample(BOUNDS, b"s")
    codes, weights = told(made, rows)
    latest = made.latest(codes, weights)
    assert len(latest) <= BOUNDS.rows
    assert weights[latest].sum() <= BOUNDS.numbers
    out = made.rank[~made.kept]
    assert not made.kept.any() or not len(out) or made.rank[made.kept].max() < out.min()
    assert len(names(made)) + len(made.others) == len({who for who, _ in rows})


@settings(max_examples=60, deadline=None)
@given(TRAFFIC)
def test_the_latest_rows_of_each_are_kept_as_far_as_they_fit(rows):
    made = KeySample(BOUNDS, b"s")
    codes, weights = told(made, rows)
    latest = set(made.latest(codes, weights).tolist())
    for code in np.flatnonzero(made.kept).tolist():
        own = np.flatnonzero(codes == code).tolist()[::-1]
        kept = [row for row in own if row in latest]
        assert kept == own[: len(kept)]
        more = len(kept) < len(own) and len(kept) < made.each
        assert not more or weights[own[: len(kept) + 1]].sum() > BOUNDS.share(made.each)


def test_who_lost_its_place_never_gets_it_back():
    made = KeySample(Bounds(10, 20, 1000), b"s")
    told(made, [(who, 1) for who in range(8) for _ in range(10)])
    kept = names(made)
    assert len(kept) == 2
    made.forget()
    told(made, [(who, 1) for who in range(8)])
    assert names(made) == kept


def test_another_secret_keeps_others():
    kept = []
    for secret in (b"one", b"two"):
        made = KeySample(Bounds(10, 200, 10_000), secret)
        told(made, [(who, 1) for who in range(60) for _ in range(10)])
        kept.append(names(made))
    assert kept[0] != kept[1]


def test_where_there_is_room_who_sends_much_keeps_all():
    made = KeySample(Bounds(10, 100, 10_000), b"s")
    told(made, [(1, 1)] * 60 + [(2, 1)] * 20)
    assert made.latest(np.zeros(60, np.int64), np.ones(60, np.int64)).tolist() == list(range(60))
    told(made, [(2, 1)] * 30)
    assert made.each == 50
    told(made, [(3, 1)] * 40)
    assert made.each == 25
    assert made.kept.all()
