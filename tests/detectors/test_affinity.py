import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import affinity
from detectors.affinity import COUNTED, LONG, PER_Z, SHORT, WHOLE
from detectors.statistics import TABLE, TIMING


def sketched(level, count, seed=0) -> np.ndarray:
    """Deviations (64,) of a principal at a level (64,), as its profile shows them after so many records."""
    r = np.random.default_rng(seed)
    x = np.asarray(level) + r.normal(0, np.sqrt(affinity.WITHIN / count), len(TABLE))
    x[SHORT] *= min(count, 24) / (min(count, 24) + 8)
    x[LONG] *= min(count, 240) / (min(count, 240) + 16)
    return np.clip(np.rint(x * PER_Z), -127, 127).astype(np.int8)


def likeness(a, b) -> float:
    z, count = np.array([a[0], b[0]]), np.array([a[1], b[1]])
    s, n = affinity.sums(z, count), affinity.records(count)
    return float(affinity.likeness(s[0], int(n[0]), s[1:], n[1:])[0])


ODD = np.where(np.arange(64) % 3 == 0, 3.0, 0.0)


def test_two_at_the_same_unusual_level_are_taken_for_one_and_two_at_different_ones_are_not():
    a, b = (sketched(ODD, 40, 1), 40), (sketched(ODD, 40, 2), 40)
    usual, opposite = (sketched(0 * ODD, 40, 3), 40), (sketched(-ODD, 40, 4), 40)
    assert likeness(a, b) > 5
    assert likeness(a, usual) < 0
    assert likeness(a, opposite) < likeness(a, usual)


def test_usual_principals_and_few_records_attract_each_other_little():
    usual = [likeness((sketched(0 * ODD, 20, k), 20), (sketched(0 * ODD, 20, k + 99), 20)) for k in range(50)]
    assert max(usual) < 5
    few = [likeness((sketched(ODD, 4, k), 4), (sketched(ODD, 4, k + 99), 4)) for k in range(20)]
    many = [likeness((sketched(ODD, 60, k), 60), (sketched(ODD, 60, k + 99), 60)) for k in range(20)]
    assert np.mean(few) < np.mean(many)


def test_pace_alone_makes_nobody_alike():
    pace = np.zeros(64)
    pace[TIMING] = 6
    assert not set(COUNTED) & set(TIMING)
    assert likeness((sketched(pace, 40, 1), 40), (sketched(pace, 40, 2), 40)) < 5


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32))
def test_likeness_is_the_same_from_either_side_but_for_what_campaigns_may_differ_by(n, m, seed):
    r = np.random.default_rng(seed)
    a, b = (r.integers(-127, 128, 64).astype(np.int8), n), (r.integers(-127, 128, 64).astype(np.int8), m)
    assert abs(likeness(a, b) - likeness(b, a)) < 8
    assert np.isfinite(likeness(a, b))


def test_many_with_few_records_are_as_one_with_all_of_them():
    parts = np.array([sketched(ODD, 8, seed) for seed in range(20)])
    whole = affinity.together(parts, np.full(20, 8))
    assert whole[COUNTED] == pytest.approx(ODD[COUNTED] * 160 / 176, abs=0.5)
    assert np.abs(whole - parts.mean(0) / PER_Z)[LONG].max() > 1.5
    assert whole[WHOLE] == pytest.approx(parts[:, WHOLE].mean(0) / PER_Z)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30), st.randoms())
def test_nothing_depends_on_the_order_of_members(counts, random):
    z = np.array([sketched(ODD, n, n) for n in counts])
    turned = list(range(len(counts)))
    random.shuffle(turned)
    count = np.array(counts)
    assert (affinity.together(z, count) == affinity.together(z[turned], count[turned])).all()
    assert affinity.suspicion(z, count) == affinity.suspicion(z[turned], count[turned])
    assert (np.abs(affinity.together(z, count)) <= 8).all()
