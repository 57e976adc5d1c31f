import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.gates import budget, payment


def run(slots, values, *, epochs=None, rows=None, meter=None, alerts=1.0, forecast=100, gamma=1.0):
    rows = np.zeros(64, budget.state) if rows is None else rows
    meter = payment.opened(budget=alerts, forecast=forecast, newcomers=1.0) if meter is None else meter
    epochs = np.zeros(len(slots), np.int64) if epochs is None else np.array(epochs, np.int64)
    made = budget.cross(np.array(slots, np.int64), epochs, np.array(values, float), rows=rows, meter=meter, gamma=gamma)
    return made, rows, meter


def test_evidence_follows_the_formula():
    _, rows, _ = run([0, 0, 0], [2.0, 0.5, 3.0], gamma=0.9)
    w = payment.HEAD / (1 + 115)  # 100 newcomers are forecast, and may be 15 more
    expected = (0.9 * ((0.9 * (w * 2.0) + w) * 0.5) + w) * 3.0
    assert rows["evidence"][0] == pytest.approx(expected)


def test_a_run_of_evidence_alerts_once_an_epoch():
    made, _, meter = run([0] * 40, [10.0] * 40, epochs=[0] * 20 + [1] * 20)
    assert made.rows.tolist() == [2, 20]
    assert meter["alerts"][0] == 1
    assert (made.threshold == 1.0).all()


def test_evidence_left_after_an_alert_is_at_most_a_half():
    _, rows, _ = run([0], [1e300])
    assert rows["evidence"][0] == 0.5


def test_benign_traffic_cannot_bank_evidence_against_a_later_attack():
    long = run([0] * 5000 + [0] * 12, [0.5] * 5000 + [3.0] * 12, forecast=10_000)[0]
    assert len(long.rows) == 1


def test_an_alert_knows_what_its_key_has_paid_since_the_last_one():
    made, rows, meter = run([0, 1, 0, 1, 0], [1.0, 1.0, 1.0, 1.0, 1e6])
    assert made.rows.tolist() == [4]
    assert made.paid[0] + rows["paid"].sum() == pytest.approx(meter["paid"][0])


@pytest.mark.parametrize("value", [0.0, -1.0, 1e308, np.inf, -np.inf, 5e-324])
def test_evidence_stays_finite_and_not_negative(value):
    _, rows, _ = run([0] * 50, [value] * 50)
    assert np.isfinite(rows["evidence"]).all()
    assert (rows["evidence"] >= 0.0).all()


def test_no_opinion_costs_nothing_and_changes_nothing():
    made, rows, meter = run([0, 1], [np.nan, np.nan])
    assert len(made.rows) == 0
    assert not rows.tobytes().strip(b"\0")
    assert meter["paid"][0] == 0.0


@pytest.mark.parametrize("gamma", [0.0, -0.1, 1.1, np.nan])
def test_a_gamma_that_is_no_share_is_refused(gamma):
    with pytest.raises(ValueError, match="gamma"):
        run([0], [1.0], gamma=gamma)


streams = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.floats(0, 50) | st.just(np.nan)), min_size=1, max_size=80
)


@settings(deadline=None)  # the first example compiles
@given(stream=streams, data=st.data())
def test_batch_cuts_do_not_matter(stream, data):
    slots, steps, values = zip(*stream, strict=True)
    epochs = np.cumsum(steps)
    whole, rows, meter = run(slots, values, epochs=epochs)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    parts, held, kept = [], np.zeros(64, budget.state), None
    for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        made, held, kept = run(slots[a:b], values[a:b], epochs=epochs[a:b], rows=held, meter=kept)
        parts += [(r + a, p) for r, p in zip(made.rows, made.paid, strict=True)]
    assert parts == list(zip(whole.rows, whole.paid, strict=True))
    assert held.tobytes() == rows.tobytes()
    assert kept.tobytes() == meter.tobytes()


@pytest.mark.parametrize("dependence", ["none", "keys alike", "every second key the opposite"])
@pytest.mark.parametrize("bet", [0.3, 1.0])
@pytest.mark.parametrize("gamma", [1.0, 0.95])
def test_realised_alerts_are_at_most_what_was_paid(dependence, bet, gamma):
    """The theorem: e-values of mean one given a key's past, any dependence between keys and detectors."""
    keys, turns, runs = 32, 40, 150
    slots = np.tile(np.arange(keys), turns)
    alerts, paid = np.zeros(runs), np.zeros(runs)
    for seed in range(runs):
        random = np.random.default_rng(seed)
        x = random.normal(size=(turns, keys))
        if dependence != "none":
            x[:] = x[:, :1]
        if dependence.startswith("every"):
            x[:, ::2] *= -1.0
        for sign in (1.0, -1.0):
            values = np.exp(bet * sign * x.ravel() - bet**2 / 2)
            made, _, meter = run(slots, values, alerts=4.0, forecast=len(slots), gamma=gamma)
            alerts[seed] += len(made.rows)
            paid[seed] += meter["paid"][0]
    margin = 3.5 * alerts.std(ddof=1) / np.sqrt(runs)
    assert alerts.mean() - margin <= paid.mean()
    assert (paid <= 8.0).all()


def test_a_bet_on_a_true_change_is_won():
    random = np.random.default_rng(1)
    x = random.normal(size=400) + 1.5 * (np.arange(400) >= 200)
    made, _, _ = run(np.zeros(400), np.exp(x - 0.5), alerts=0.01, forecast=400)
    assert 200 <= made.rows[0] < 230
