"""Surprise: nats against the peaks of clean principals' days."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import surprise

DAY = 86_400.0


def fitted(peaks):
    """Tails where every one of 64 statistics peaked so, once a principal."""
    z = np.repeat(np.asarray(peaks, np.float32)[:, None], 64, axis=1)
    return surprise.fit(z, np.arange(len(z)), np.zeros(len(z)))


def nats(x, peaks):
    out = np.empty(64, np.float32)
    surprise.nats(np.full(64, x, np.float32), peaks, out)
    return out


def test_the_share_of_clean_days_with_such_a_peak_is_what_surprise_says():
    peaks = np.random.default_rng(0).exponential(1.0, 4000) + 1
    law = fitted(peaks)
    for share in (0.25, 0.1, 0.01):
        assert np.allclose(nats(np.quantile(peaks, 1 - share), law), -np.log(share), rtol=0.1)


def test_a_statistic_that_honest_principals_often_raise_surprises_less():
    chance = np.random.default_rng(0)
    calm, restless = fitted(chance.exponential(0.5, 500)), fitted(chance.exponential(3.0, 500))
    assert nats(6.0, calm)[0] > 3 * nats(6.0, restless)[0]


def test_sides_have_tails_of_their_own():
    z = np.zeros((200, 64), np.float32)
    z[:, 0] = np.random.default_rng(0).exponential(3.0, 200)
    law = surprise.fit(z, np.arange(200), np.zeros(200))
    out = np.empty(64, np.float32)
    surprise.nats(np.array([5.0, -5.0] + [0.0] * 62, np.float32), law, out)
    up = out[0]
    surprise.nats(np.array([-5.0] + [0.0] * 63, np.float32), law, out)
    assert out[0] > 2 * up


def test_peaks_are_those_of_days():
    z = np.zeros((4, 64), np.float32)
    z[:, 0] = [1, 9, 2, 8]
    law = surprise.fit(z, np.array([0, 0, 1, 1]), np.array([0.0, DAY, 0.0, DAY]))
    assert law.start[0, 0] == np.quantile([1, 9, 2, 8], 0.75)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 8, width=32), min_size=1, max_size=40),
    st.floats(-8, 8, width=32),
    st.floats(-8, 8, width=32),
)
def test_further_out_is_never_less_surprising(peaks, a, b):
    law = fitted(peaks)
    near, far = sorted((abs(a), abs(b)))
    assert nats(near, law)[0] <= nats(far, law)[0]
    assert nats(0.0, law)[0] == 0
    assert np.isfinite(nats(8.0, law)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_the_mean_is_over_the_largest_of_those_that_count(seed, largest):
    chance = np.random.default_rng(seed)
    z = chance.normal(0, 3, (5, 64)).astype(np.float32)
    counted = chance.random(64) < 0.7
    counted[:largest] = True
    law = fitted(chance.exponential(2.0, 30))
    value = np.empty(5)
    surprise.mean_of_largest(z, counted, law, np.empty(largest, np.float32), value)
    for row, made in zip(z, value, strict=True):
        single = np.empty(64, np.float32)
        surprise.nats(row, law, single)
        assert np.isclose(made, np.sort(single[counted])[-largest:].mean(), rtol=1e-5)
