import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from detectors.gates import tail
from detectors.gates.tail import Sample

NONE = np.zeros(0)


def sample(values, *, exceeded=0, crossed=NONE):
    return Sample(np.sort(np.asarray(values, float)), len(values) + exceeded, exceeded, np.asarray(crossed, float))


def levels(draw, survival, *, units, alpha, runs=3000):
    """True level of the threshold, over calibration sets."""
    random = np.random.default_rng(7)
    at = np.array([alpha])
    return np.array([survival(tail.thresholds(sample(draw(random, units)), at)[0]) for _ in range(runs)])


def exponential(random, n):
    return random.exponential(size=n)


def uniform(random, n):
    return random.random(n)


@pytest.mark.parametrize(("units", "alpha"), [(59, 0.05), (144, 1 / 145), (144, 3 / 145), (499, 0.1)])
def test_a_threshold_by_ranks_has_the_level_that_beta_says(units, alpha):
    """Level of the r-th largest of m is Beta(r, m + 1 - r): mean r / (m + 1), and its variance."""
    made = levels(uniform, lambda t: 1.0 - t, units=units, alpha=alpha)
    mean = alpha
    variance = mean * (1 - mean) / (units + 2)
    assert made.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / len(made)))
    assert made.var() == pytest.approx(variance, rel=0.2)


@pytest.mark.parametrize("alpha", [0.01, 0.003, 0.05])
@pytest.mark.parametrize(
    "draw", [exponential, uniform, lambda r, n: np.exp(r.normal(size=n)), lambda r, n: r.integers(0, 4, n)]
)
def test_ranks_are_super_uniform_whatever_the_law(draw, alpha):
    random = np.random.default_rng(3)
    m = int(np.ceil(1 / alpha)) + 5
    hits = np.array([_exceeds(draw(random, m + 1), alpha) for _ in range(6000)])
    assert hits.mean() <= alpha + 4 * np.sqrt(alpha / len(hits))


def _exceeds(values, alpha):
    return values[-1] > tail.thresholds(sample(values[:-1]), np.array([alpha]))[0]


@pytest.mark.parametrize("units", [10, 30, 144])
@pytest.mark.parametrize("expected", [0.05, 0.3, 0.9])
def test_beyond_ranks_the_level_is_exact_for_exponential_tails_at_any_size(units, expected):
    made = levels(exponential, lambda t: np.exp(-t), units=units, alpha=expected / (units + 1), runs=8000)
    assert made.mean() * (units + 1) / expected == pytest.approx(1.0, abs=4 * made.std() / made.mean() / 89)


@pytest.mark.parametrize("expected", [1.3, 1.9, 4.5])
def test_between_ranks_the_level_is_kept(expected):
    alpha = expected / 145
    for draw, survival in ((uniform, lambda t: 1.0 - t), (exponential, lambda t: np.exp(-t))):
        made = levels(draw, survival, units=144, alpha=alpha)
        assert 0.85 * alpha < made.mean() < alpha * (1 + 4 / np.sqrt(len(made)))


def test_a_heavier_tail_asks_for_more_beyond_ranks_and_nothing_within():
    values = np.random.default_rng(0).exponential(size=144)
    light, heavy = tail.thresholds(sample(values)), tail.thresholds(sample(values), shape=0.4)
    ranks = tail.ALPHAS * 145 >= 1
    assert (heavy[ranks] == light[ranks]).all()
    assert (heavy[tail.ALPHAS * 145 < 0.1] > light[tail.ALPHAS * 145 < 0.1]).all()


def test_a_pareto_tail_keeps_its_level_with_its_own_shape():
    made = levels(lambda r, n: r.pareto(2.5, n), lambda t: (1 + t) ** -2.5, units=144, alpha=0.2 / 145, runs=2000)
    plain = np.mean(made) / (0.2 / 145)
    shaped = []
    random = np.random.default_rng(7)
    for _ in range(2000):
        t = tail.thresholds(sample(random.pareto(2.5, 144)), np.array([0.2 / 145]), 0.4)[0]
        shaped.append((1 + t) ** -2.5 / (0.2 / 145))
    assert np.mean(shaped) < 1.2 < plain


def test_beyond_ranks_lighter_tails_alarm_less_than_promised():
    made = levels(uniform, lambda t: max(0.0, 1.0 - t), units=144, alpha=0.3 / 145)
    assert made.mean() <= 0.3 / 145


def test_beyond_ranks_a_lognormal_tail_alarms_at_most_twice_as_often_as_promised():
    """What the exponential tail costs where it is wrong; docs/detection/budget.md has the table."""
    random, alpha = np.random.default_rng(5), 0.3 / 145
    reference = np.sort(random.normal(size=2_000_000))
    made = [
        1 - np.searchsorted(reference, np.log(tail.thresholds(sample(np.exp(x)), np.array([alpha]))[0])) / 2_000_000
        for x in random.normal(size=(1500, 144))
    ]
    assert np.mean(made) <= 2.0 * alpha


peaks = hnp.arrays(float, st.integers(2, 60), elements=st.floats(-50, 50))


@given(values=peaks, exceeded=st.integers(0, 5), crossed=st.floats(-50, 50))
def test_thresholds_never_rise_with_the_level_and_are_finite(values, exceeded, crossed):
    made = tail.thresholds(sample(values, exceeded=exceeded, crossed=np.full(max(1, exceeded), crossed)))
    assert np.isfinite(made).all()
    assert (np.diff(made) <= 0).all()
    assert (np.diff(tail.ALPHAS) > 0).all()


@given(values=peaks, shift=st.floats(-100, 100))
def test_peaks_that_all_move_move_the_thresholds(values, shift):
    moved = tail.thresholds(sample(values + shift))
    assert moved == pytest.approx(tail.thresholds(sample(values)) + shift, abs=1e-6, rel=1e-9)


def test_a_score_that_is_always_at_its_cap_never_alerts():
    assert (tail.thresholds(sample(np.full(144, 8.0))) >= 8.0).all()


def test_a_score_that_is_never_raised_keeps_some_distance():
    """A hundred zeros do not prove that one in a thousand is not above."""
    made = tail.thresholds(sample(np.zeros(144)), np.array([1e-3]))
    assert made[0] > tail.LEAST_SCALE


def test_censored_peaks_give_the_scale_back():
    """Peaks above a threshold are hidden, as those of alerted principals are; the tail is found nevertheless."""
    random = np.random.default_rng(2)
    ratios = []
    for _ in range(300):
        x = random.exponential(size=2000)
        hidden = x > 5.0
        made = sample(x[~hidden], exceeded=int(hidden.sum()), crossed=np.full(max(1, hidden.sum()), 5.0))
        ratios.append(np.exp(-tail.thresholds(made, np.array([0.006]))[0]) / 0.006)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)


def test_how_far_the_alerted_went_teaches_nothing():
    values = np.random.default_rng(0).normal(size=300)
    mild = tail.thresholds(sample(values, exceeded=2, crossed=[3.0, 3.0]))
    assert (mild == tail.thresholds(sample(values, exceeded=2, crossed=np.full(50, 3.0)))).all()


def test_a_mean_excess_known_beforehand_counts_for_twenty_peaks():
    peaks = sample(np.arange(40.0))
    at = np.array([1e-4])
    own, with_it = tail.tails(peaks, at), tail.tails(peaks, at, 9.0)
    assert own.scale[0] == pytest.approx(5.5)
    assert with_it.scale[0] == pytest.approx((10 * 5.5 + 20 * 9.0) / 30)
    assert (with_it.start[0], with_it.rank[0], with_it.behind[0]) == (own.start[0], own.rank[0], own.behind[0] + 20)


def test_what_is_known_beforehand_moves_no_rank():
    peaks = sample(np.random.default_rng(2).exponential(size=200))
    of_ranks = tail.ranks(peaks, tail.ALPHAS) > 0
    known, not_known = tail.thresholds(peaks, usual=3.0), tail.thresholds(peaks)
    assert (known[of_ranks] == not_known[of_ranks]).all()
    beyond = int(np.flatnonzero(~of_ranks)[-16])
    assert known[beyond] > not_known[beyond] + 0.5


def test_burn_ins_of_one_law_differ_less_in_their_levels_if_its_mean_excess_is_known():
    random, at = np.random.default_rng(8), np.array([0.2 / 145])
    sets = [sample(exponential(random, 144)) for _ in range(2000)]
    without, known = (np.log([np.exp(-tail.thresholds(one, at, 0.0, s)[0]) / at[0] for one in sets]) for s in (None, 1))
    assert known.std() < 0.6 * without.std()
    assert 0.75 < np.exp(known).mean() < 1.05


def test_where_no_one_in_the_clean_period_had_any_a_score_that_counts_needs_more_than_two():
    nobody = sample(np.zeros(40))
    level = np.array([0.0025])
    assert tail.thresholds(nobody, level, grain=1.0)[0] > 2.0
    assert tail.thresholds(nobody, level)[0] < 1.0


def test_a_grain_changes_nothing_where_peaks_have_a_spread_of_their_own_or_ranks_tell():
    peaks = sample(np.random.default_rng(3).exponential(5.0, 400))
    assert (tail.thresholds(peaks) == tail.thresholds(peaks, grain=1.0)).all()
    alike = sample(np.zeros(400))
    ranks = tail.ALPHAS * 401 >= 1
    assert (tail.thresholds(alike, grain=1.0)[ranks] == 0.0).all()
