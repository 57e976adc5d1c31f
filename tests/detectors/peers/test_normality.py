import numpy as np
import pytest
from scipy.stats import shapiro

from detectors.peers.normality import w_statistic, weights


@pytest.mark.parametrize("count", [6, 11, 50, 200])
@pytest.mark.parametrize("law", ["normal", "exponential", "uniform"])
def test_w_is_that_of_scipy(count, law):
    values = np.sort(getattr(np.random.default_rng(count), law)(size=count))
    assert w_statistic(values, weights(200)) == pytest.approx(shapiro(values).statistic, abs=2e-3)


def test_equal_or_few_values_are_as_normal_as_can_be():
    assert w_statistic(np.full(20, 3.0), weights(20)) == 1.0
    assert w_statistic(np.arange(4.0), weights(20)) == 1.0
