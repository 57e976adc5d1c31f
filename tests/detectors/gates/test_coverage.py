import numpy as np
import pytest

from detectors.gates import coverage
from detectors.gates.tail import Sample


def sample(units, exceeded=0):
    values = np.sort(np.random.default_rng(0).exponential(size=units - exceeded))
    return Sample(values, units, exceeded, np.full(exceeded, values[-1]))


def test_more_clean_days_narrow_the_interval():
    widths = []
    for days in (1, 3, 30):
        said = coverage.of(sample(144 * days), budget=10.0, forecast=144)
        widths.append(said.high / said.low)
        assert said.low < 9.0 < said.high * 1.2
    assert widths[0] > widths[1] > widths[2]


@pytest.mark.parametrize("budget", [0.5, 2.0, 10.0])
def test_nine_true_rates_of_ten_lie_inside(budget):
    from detectors.gates.tail import thresholds

    random, inside = np.random.default_rng(1), []
    for _ in range(1500):
        values = np.sort(random.exponential(size=144))
        made = Sample(values, 144, 0, np.zeros(0))
        said = coverage.of(made, budget=budget, forecast=144)
        rate = 144 * np.exp(-thresholds(made, np.array([0.9 * budget / 144]))[0])
        inside.append(said.low <= rate <= said.high)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_a_tail_and_censored_peaks_are_named():
    assert "by an exponential tail" in coverage.of(sample(144), budget=0.1, forecast=144).text
    assert "alerted principals censored" in coverage.of(sample(144, 3), budget=2.0, forecast=144).text


def test_the_burn_in_rule_is_said_in_words():
    assert coverage.burn_in(10.0, 3) == (
        "The threshold for 10 false alerts a day is fixed by those that the clean traffic itself would have raised: "
        "about 27 in 3 days, so the true rate may lie between 6.4 and 12 a day. Within 18 % takes 30 of them, "
        "3.3 days, whatever the volume."
    )
    assert "too few to count" in coverage.burn_in(0.5, 1)
