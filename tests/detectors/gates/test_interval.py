import numpy as np
import pytest
from scipy import stats

from detectors.gates import interval


@pytest.mark.parametrize(("rank", "units"), [(1, 1), (1, 144), (2, 144), (144, 144), (30, 4000), (250, 3000)])
def test_beta_intervals_are_those_of_scipy(rank, units):
    expected = stats.beta(rank, units + 1 - rank).ppf([0.05, 0.95])
    assert interval.beta(rank, units) == pytest.approx(tuple(expected), rel=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2, 30, 500])
def test_poisson_intervals_are_those_of_garwood(count):
    low = stats.chi2(2 * count).ppf(0.05) / 2 if count else 0.0
    assert interval.poisson(count) == pytest.approx((low, stats.chi2(2 * count + 2).ppf(0.95) / 2), rel=1e-6)


def test_tail_factors_hold_nine_true_levels_of_ten():
    random, k, m = np.random.default_rng(0), 10, 144
    for alpha in (0.5 / (m + 1), 0.05 / (m + 1)):
        q = k * ((k + 1) / (alpha * (m + 1))) ** (1 / k) - k
        level = random.beta(k + 1, m - k, 20_000) * np.exp(-q * random.gamma(k, 1 / k, 20_000))
        low, high = interval.tail(q, k, k + 1, m)
        assert np.mean((level > low * alpha) & (level < high * alpha)) == pytest.approx(0.9, abs=0.02)
        assert np.mean(level) == pytest.approx(alpha, rel=0.1)


@pytest.mark.parametrize(("rank", "units"), [(0, 10), (11, 10)])
def test_a_rank_outside_the_sample_is_refused(rank, units):
    with pytest.raises(ValueError, match="rank"):
        interval.beta(rank, units)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="count"):
        interval.poisson(-1)
