"""Tail curves: rarer is higher, and the height is the share of clean records."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.features import tails
from detectors.features.tails import RAW, TAILS


def applied(curves, raw):
    out = np.empty((len(raw), len(TAILS)), np.float32)
    tails.apply(np.asarray(raw, np.float32), curves, out)
    return out


def test_a_score_that_one_clean_record_in_ten_reaches_is_worth_one():
    raw = np.repeat(np.linspace(0, 1, 5001)[:, None], len(RAW), axis=1)
    made = applied(tails.fit(raw), np.full((1, len(RAW)), 0.9))[0]
    odd = [TAILS.index(name) for name in RAW if name != "margin"]
    assert np.allclose(made[odd], 1.0, atol=0.01)
    assert np.isclose(made[TAILS.index("low_margin")], -np.log10(0.9), atol=0.01)
    assert np.isclose(made[TAILS.index("margin_rank")], 0.8, atol=0.01)
    assert np.isclose(made[TAILS.index("margin_extremes")], 0.64 - 1 / 3, atol=0.02)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-(2.0**20), 2.0**20, width=32), min_size=3, max_size=60),
    st.floats(-(2.0**30), 2.0**30, width=32),
    st.floats(-(2.0**30), 2.0**30, width=32),
)
def test_rarer_is_never_lower(clean_scores, a, b):
    curves = tails.fit(np.repeat(np.array(clean_scores)[:, None], len(RAW), axis=1))
    low, high = applied(curves, [[min(a, b)] * len(RAW), [max(a, b)] * len(RAW)])
    rising = [k for k, name in enumerate(TAILS) if name not in ("low_margin", "margin_extremes")]
    assert (high[rising] >= low[rising]).all()
    assert high[TAILS.index("low_margin")] <= low[TAILS.index("low_margin")]
    assert np.isfinite([low, high]).all()


def test_what_does_not_apply_stays_so_and_what_never_applied_is_flat():
    raw = np.repeat(np.linspace(0, 1, 50)[:, None], len(RAW), axis=1)
    raw[:, 4] = np.nan
    made = applied(tails.fit(raw), [[np.nan] * len(RAW), [0.5] * len(RAW)])
    assert np.isnan(made[0]).all()
    assert made[1, 4] == 0
    assert np.isfinite(made[1]).all()
