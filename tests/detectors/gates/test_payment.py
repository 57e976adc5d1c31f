import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.gates import payment

budgets = st.floats(0.0, 1e6)
forecasts = st.floats(0.0, 1e9)
lanes = st.lists(st.integers(0, 1), max_size=300)


@settings(deadline=None)  # the first example compiles
@given(budget=budgets, forecast=forecasts, newcomers=st.floats(0, 1), lanes=lanes)
def test_an_epoch_never_pays_more_than_its_budget(budget, forecast, newcomers, lanes):
    meter = payment.opened(budget=budget, forecast=forecast, newcomers=newcomers)
    paid = payment.payments(np.array(lanes, np.int64), meter)
    assert (paid >= 0.0).all()
    assert paid.sum() <= budget * (1 + 1e-9)
    assert meter["paid"][0] <= budget
    assert meter["units"][0] == len(lanes)


@settings(deadline=None)  # the first example compiles
@given(forecast=st.floats(0, 1e4), units=st.integers(0, 10**12))
def test_the_closed_form_stays_below_one_at_any_volume(forecast, units):
    assert 0.0 <= payment.spent(units, forecast) < 1.0


@settings(deadline=None)  # the first example compiles
@given(forecast=st.integers(1, 300), units=st.integers(0, 3000))
def test_payments_add_up_to_the_closed_form(forecast, units):
    meter = payment.opened(budget=1.0, forecast=2.0 * forecast, newcomers=0.5)
    paid = payment.payments(np.zeros(units, np.int64), meter).sum()
    share = forecast / (forecast + np.ceil(forecast + payment.MORE * np.sqrt(forecast)))
    assert paid == pytest.approx(share * payment.spent(units, forecast), abs=1e-12)


@settings(deadline=None)  # the first example compiles
@given(forecast=st.integers(1, 3000))
def test_newcomers_pay_alike_while_no_more_of_them_come_than_chance_explains(forecast):
    meter = payment.opened(budget=1.0, forecast=forecast, newcomers=1.0)
    many = int(forecast + payment.MORE * np.sqrt(forecast))
    paid = payment.payments(np.full(many + 2, payment.NEWCOMER), meter)
    assert (paid[:many] == paid[0]).all()
    assert paid[-1] < paid[0] / 2


def test_each_unit_pays_no_more_than_the_one_before():
    meter = payment.opened(budget=3.0, forecast=100, newcomers=0.0)
    paid = payment.payments(np.zeros(1000, np.int64), meter)
    assert (np.diff(paid) <= 1e-18).all()


def test_an_eightfold_day_keeps_paying():
    """The last principal of such a day needs 7.2 nats more evidence than the first, not infinitely much."""
    meter = payment.opened(budget=2.0, forecast=1000, newcomers=0.0)
    paid = payment.payments(np.zeros(8000, np.int64), meter)
    assert paid.sum() <= 2.0
    assert np.log(paid[0] / paid[-1]) < 7.2
    assert np.log(paid[0] / paid).mean() < 5.2


def test_a_flood_of_newcomers_takes_nothing_from_returning_principals():
    quiet = payment.opened(budget=2.0, forecast=100)
    flooded = payment.opened(budget=2.0, forecast=100)
    payment.payments(np.full(100_000, payment.NEWCOMER), flooded)
    returning = np.full(75, payment.RETURNING)
    assert (payment.payments(returning, flooded) == payment.payments(returning, quiet)).all()


def test_a_budget_lowered_within_the_epoch_is_not_overspent():
    meter = payment.opened(budget=10.0, forecast=10)
    payment.payments(np.zeros(5, np.int64), meter)
    before = float(meter["paid"][0])
    meter["budget"] = before / 2
    assert payment.payments(np.zeros(50, np.int64), meter).sum() == 0.0
    meter["budget"] = before + 0.5
    payment.payments(np.zeros(50, np.int64), meter)
    assert meter["paid"][0] <= before + 0.5


def test_the_forecast_follows_the_volume_but_at_most_doubles():
    meter = payment.opened(budget=1.0, forecast=100, newcomers=0.0)
    for epoch, volume, expected in ((1, 150, 100), (2, 10_000, 125), (3, 0, 250), (4, 0, 250 * 6 / 7)):
        payment.enter(meter[0], epoch)
        assert meter["forecast"][0, 0] == pytest.approx(expected)
        payment.payments(np.zeros(volume, np.int64), meter)


def test_what_was_not_spent_is_not_carried_over():
    meter = payment.opened(budget=1.0, forecast=100)
    for epoch in range(1, 100):
        payment.enter(meter[0], epoch)
    assert payment.payments(np.zeros(100_000, np.int64), meter).sum() <= 1.0


@pytest.mark.parametrize(("budget", "forecast"), [(-1, 1), (1, -1), (np.nan, 1), (1, np.inf)])
def test_a_budget_or_forecast_that_is_no_amount_is_refused(budget, forecast):
    with pytest.raises(ValueError, match="finite and not negative"):
        payment.opened(budget=budget, forecast=forecast)


def test_a_share_outside_zero_to_one_is_refused():
    with pytest.raises(ValueError, match="must be in"):
        payment.opened(budget=1, forecast=1, newcomers=1.5)
