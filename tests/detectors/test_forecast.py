"""Forecast: rates, seasons and clumps of principals, and evidence that one sends more."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import forecast
from detectors.forecast import HOUR, Law, Patience

DAY = 24 * HOUR
GRANT = Patience(caution=2.0, keep=0.5 ** (1 / 168), prior=48.0)
LAW = Law(
    season=np.ones(24),
    shape=np.array([0.5, 0.5]),
    mass=np.array([0.5, 0.5]) * HOUR / 10,
    spread=np.array([5.0, 5.0]),
)
TIMES = st.lists(st.floats(0, 3 * DAY), min_size=1, max_size=60).map(sorted)


def watch(times, state=None, *, law=LAW, cost=None, trusted=True):
    n = len(times)
    state = np.zeros(1, forecast.state) if state is None else state
    weight = np.ones((n, 2), np.float32)
    weight[:, 1] = 0 if cost is None else cost
    value, seen = np.empty((n, 2)), np.empty((n, 2, 3), np.float32)
    slots = np.zeros(n, np.int64)
    forecast.watch(np.asarray(times, float), slots, weight, np.full(n, trusted), law, GRANT, state, value, seen)
    return value, seen, state


def nights(number, size, pace=1.0):
    return np.concatenate([d * DAY + 2 * HOUR + pace * np.arange(size) for d in range(number)])


def test_a_nightly_job_that_came_every_night_is_ever_less_surprising():
    value, _, _ = watch(nights(10, 200))
    peak = value[:, 0].reshape(10, 200).max(1)
    assert peak[9] < peak[1] < peak[0]
    assert peak[9] < 0.25 * peak[0]


def test_twenty_times_the_usual_is_evidence_and_grows_with_every_record():
    usual = np.arange(0, 10 * DAY, 600.0)
    _, _, state = watch(usual)
    value, seen, _ = watch(10 * DAY + 30.0 * np.arange(600), state)
    assert value[-1, 0] > 40
    assert (np.diff(value[50:, 0]) > 0).mean() > 0.95
    assert seen[-1, 0, 0] > 5 * seen[-1, 0, 1]


def test_a_principal_as_busy_as_ever_gives_no_evidence():
    value, seen, _ = watch(np.arange(0, 20 * DAY, 300.0))
    assert value[-500:, 0].max() < 2
    assert np.abs(seen[-1, 0, 1] - 12) < 6


def test_evidence_drains_in_a_pause():
    burst, _, state = watch(np.arange(400.0))
    after, _, _ = watch([400 + 6 * HOUR], state)
    assert burst[-1, 0] > 20
    assert after[0, 0] < 1


def test_a_flood_teaches_little():
    _, before, state = watch(np.arange(0, 5 * DAY, 600.0))
    watch(5 * DAY + 0.1 * np.arange(20_000), state)
    _, after, _ = watch([5 * DAY + 30 * HOUR], state)
    assert after[0, 0, 1] < 6 * before[-1, 0, 1]


def test_dear_requests_are_evidence_where_their_number_is_not():
    _, _, state = watch(np.arange(0, 10 * DAY, 600.0), cost=1.0)
    value, _, _ = watch(10 * DAY + 600.0 * np.arange(60), state, cost=60.0)
    assert value[-1, 1] > 20
    assert value[-1, 0] < 2


def test_records_that_are_not_trusted_leave_no_trace():
    _, _, state = watch(np.arange(0, DAY, 600.0))
    before = state.copy()
    watch(DAY + np.arange(100.0), state, trusted=False)
    assert all(before[name].tobytes() == state[name].tobytes() for name in state.dtype.names)


@given(TIMES, st.data())
@settings(max_examples=40)
def test_where_the_stream_is_cut_does_not_matter(times, data):
    cut = data.draw(st.integers(0, len(times)))
    whole, _, _ = watch(times)
    first, _, state = watch(times[:cut])
    second, _, _ = watch(times[cut:], state)
    assert np.concatenate([first, second]).tobytes() == whole.tobytes()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=20))
@settings(max_examples=40)
def test_no_time_breaks_it(times):
    value, seen, state = watch(times)
    assert np.isfinite(value).all()
    assert np.isfinite(seen).all()
    assert np.isfinite(state["evidence"]).all()


@given(TIMES, st.integers(1, 5))
@settings(max_examples=40)
def test_a_law_can_be_learnt_from_any_traffic(times, principals):
    time = np.asarray(times) + 1.7e9
    law = forecast.learn(time, np.arange(len(time)) % principals, np.ones(len(time), np.float32))
    assert abs(law.season.mean() - 1) < 1e-9
    assert all(np.isfinite(part).all() and (part > 0).all() for part in law)
    assert (law.spread >= forecast.ANYWHERE).all()


def test_without_traffic_the_law_is_a_wide_guess():
    law = forecast.learn(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert law.spread.tolist() == [16, 16]


def test_where_everybody_is_evenly_paced_a_newcomer_may_still_come_for_one_sitting():
    times = np.arange(0, DAY, HOUR / 6)[:, None] + 7.0 * np.arange(60)
    law = forecast.learn(times.ravel(), np.tile(np.arange(60), len(times)), np.ones(times.size, np.float32))
    value, _, _ = watch(DAY + 9 * HOUR + 30.0 * np.arange(80), law=law)
    strict, _, _ = watch(DAY + 9 * HOUR + 30.0 * np.arange(80), law=law._replace(spread=np.ones(2)))
    assert value.max() < strict.max() / 8


def test_a_season_is_where_most_principals_are_active_whatever_one_job_sends():
    people = np.concatenate([np.arange(9, 18) * HOUR + 60 * p + d * DAY for p in range(30) for d in range(3)])
    who = np.concatenate([np.full(9, p) for p in range(30) for _ in range(3)])
    job = 3 * HOUR + 0.1 * np.arange(5000)
    time, principal = np.concatenate([people, job]), np.concatenate([who, np.full(5000, 30)])
    order = np.argsort(time, kind="stable")
    law = forecast.learn(time[order], principal[order], np.ones(len(time), np.float32))
    assert law.season[9:18].min() > 1.3
    assert law.season[3] < 0.8


def hourly(days, chance, mean):
    """A batch at every full hour, all of it at once; how many is chance."""
    batches = [h * HOUR + 2.0 * np.arange(chance.poisson(mean)) for h in range(24 * days)]
    return np.concatenate(batches)


def test_a_batch_that_comes_at_once_in_every_hour_stays_no_flood_when_its_hours_are_known_to_be_alike():
    for seed in range(5):
        times = hourly(6, np.random.default_rng(seed), 4.0)
        value, _, _ = watch(times)
        assert value[times > DAY, 0].max() < 5.0


def test_a_batch_many_times_as_large_as_any_before_is_still_evidence():
    times = hourly(6, np.random.default_rng(0), 4.0)
    more = 6 * DAY + np.arange(200.0)
    value, _, _ = watch(np.concatenate([times, more]))
    assert value[-1, 0] > 20.0


def test_one_day_teaches_no_more_than_four_times_the_largest_burst_before():
    calm = hourly(3, np.random.default_rng(0), 4.0)
    flood = 3 * DAY + np.arange(5000.0)
    _, _, state = watch(np.concatenate([calm, flood, [4 * DAY + 1.0]]))
    _, _, before = watch(np.concatenate([calm, [3 * DAY + 1.0]]))
    assert state["habit"][0, 0] <= 4.0 * max(before["habit"][0, 0], forecast.USUAL * before["spread"][0, 0])
