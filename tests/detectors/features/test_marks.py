import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.features.marks import BANDS, MARKS, NONE, fingerprints, insert, shared, step_of
from detectors.features.space import SKETCH

STEP = 100
NOTHING = np.zeros(0, np.uint64)


def prints(u) -> list[int]:
    out = np.empty(BANDS, np.uint64)
    fingerprints(np.asarray(u, np.int16), STEP, out)
    return out.tolist()


def kept(marks, common=NOTHING) -> list[int]:
    rows = np.full(MARKS, NONE)
    for mark in marks:
        insert(np.uint64(mark), common, rows)
    return rows[rows != NONE].tolist()


def test_the_same_input_has_the_same_fingerprints_and_another_has_others():
    r = np.random.default_rng(0)
    a, b = r.integers(-800, 800, (2, SKETCH))
    assert prints(a) == prints(a.copy())
    assert not set(prints(a)) & set(prints(b))
    assert len(set(prints(np.zeros(SKETCH)))) == BANDS


def test_near_copies_share_some_fingerprints_and_unrelated_inputs_none():
    r = np.random.default_rng(1)
    base = r.integers(-800, 800, (300, SKETCH))
    near = base + r.normal(0, 3, base.shape).round().astype(int)
    agree = [bool(set(prints(a)) & set(prints(b))) for a, b in zip(base, near, strict=True)]
    apart = [bool(set(prints(a)) & set(prints(b))) for a, b in zip(base[:-1], near[1:], strict=True)]
    assert np.mean(agree) > 0.95
    assert np.mean(apart) < 0.02


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 2), max_size=60), st.randoms())
def test_the_smallest_are_kept_once_in_rising_order_whatever_the_order_of_arrival(marks, random):
    other = marks + marks[:5]
    random.shuffle(other)
    assert kept(other) == sorted(set(marks))[:MARKS]


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=60), st.sets(st.integers(0, 200)))
def test_common_content_marks_nobody(marks, common):
    known = np.array(sorted(common), np.uint64)
    assert kept(marks, known) == sorted(set(marks) - common)[:MARKS]


def test_content_is_common_once_two_clean_principals_sent_it():
    r = np.random.default_rng(2)
    own, example = r.integers(-800, 800, (20, SKETCH)), r.integers(-800, 800, SKETCH)
    u = np.concatenate([own, np.tile(example, (3, 1)), own[:1]]).astype(np.int16)
    slots = np.array([*range(20), 3, 4, 4, 0])
    found = shared(u, slots, STEP)
    assert set(found.tolist()) == set(prints(example))
    assert (np.diff(found.astype(object)) > 0).all()


def test_a_step_is_half_the_usual_distance_and_never_nothing():
    assert step_of(np.array([640.0], np.float32)) == 320
    assert step_of(np.array([0.1], np.float32)) == 1
