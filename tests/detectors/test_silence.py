import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.packing import Corrupt
from detectors.silence import EARLY, LEAST, WEEKEND, Silence

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MONDAY = 1767571200.0
MODELS = ["fraud", "chat", "vision"]


def heard(times, topic="traffic", model="fraud") -> Silence:
    silence = Silence()
    for time in times:
        silence.hear(topic, model, float(time))
    return silence


def office(days: int, *, step: float = MINUTE, first: int = 0) -> np.ndarray:
    """Times from eight to eight, not on Saturdays and Sundays; ``first`` is the weekday of the first day."""
    worked = [d for d in range(days) if (first + d) % 7 < 5]
    return MONDAY + first * DAY + np.concatenate([d * DAY + np.arange(8 * HOUR, 20 * HOUR, step) for d in worked])


def listened(times, models=None, *, cuts=()) -> tuple[list, Silence]:
    """What is said of one topic's history, and what is known after it."""
    code = np.zeros(len(times), np.int32) if models is None else np.asarray(models, np.int32)
    silence, found = Silence(), []
    for a, b in itertools.pairwise([0, *sorted(cuts), len(times)]):
        found += silence.listen("traffic", times[a:b], code[a:b], MODELS)
        found += silence.check(float(times[b - 1])) if b > a else []
    return found, silence


def test_a_steady_source_that_stops_is_found_within_minutes():
    silence = heard(MONDAY + np.arange(0, 8 * DAY, 10.0))
    last = MONDAY + 8 * DAY - 10
    assert silence.check(last + LEAST - 1) == []
    (found,) = silence.check(last + LEAST + 1)
    assert (found.topic, found.model, found.last, found.time) == ("traffic", "fraud", last, last + LEAST)
    assert (found.usual, found.young) == (10.0, False)


def test_a_steady_source_need_not_be_watched_for_a_week():
    silence = heard(MONDAY + np.arange(0, 2 * DAY, MINUTE))
    last = MONDAY + 2 * DAY - MINUTE
    assert silence.check(last + EARLY * MINUTE - 1) == []
    (found,) = silence.check(last + EARLY * MINUTE + 1)
    assert (found.time, found.young, found.watched) == (last + EARLY * MINUTE, True, 2 * DAY - MINUTE)


def test_a_silence_is_said_once_and_again_after_a_return():
    silence = heard(MONDAY + np.arange(0, 2 * DAY, 10.0))
    end = MONDAY + 2 * DAY
    assert len(silence.check(end + HOUR)) == 1
    assert silence.check(end + 2 * HOUR) == []
    silence.hear("traffic", "fraud", end + 3 * HOUR)
    assert silence.check(end + 3 * HOUR + LEAST) == []
    assert len(silence.check(end + 30 * DAY)) == 1


@pytest.mark.parametrize("first", range(7))
@pytest.mark.parametrize("step", [MINUTE, 20 * MINUTE])
def test_no_night_and_no_weekend_is_a_silence_not_even_the_first(first, step):
    times = office(29, step=step, first=first)
    assert listened(times)[0] == []
    live, said = Silence(), []
    for time in times:
        said += live.check(float(time))
        live.hear("traffic", "", float(time))
    assert said == []


def test_a_weekend_that_has_been_seen_is_waited_for_and_a_longer_one_is_not():
    times = office(12)
    silence = listened(times)[1]
    assert silence.check(times[-1] + 63 * HOUR) == []
    (found,) = silence.check(times[-1] + 4 * DAY)
    assert (found.usual, found.young) == (60 * HOUR + MINUTE, False)
    assert found.time == found.last + found.usual + DAY


def test_before_a_weekend_has_been_seen_three_days_are_waited():
    for days in (1, 5):
        times = office(days)
        silence = listened(times)[1]
        assert silence.check(times[-1] + WEEKEND) == []
        (found,) = silence.check(times[-1] + 6 * DAY)
        assert found.young
        assert found.time - found.last == (WEEKEND if days == 1 else found.usual + WEEKEND)


def test_in_its_first_day_a_source_that_stops_for_good_is_said_some_day():
    silence = heard(MONDAY + np.arange(0, HOUR, 10.0))
    assert silence.check(MONDAY + HOUR + 2 * DAY) == []
    assert len(silence.check(MONDAY + HOUR + 3 * DAY)) == 1


def test_by_day_a_source_that_sleeps_at_night_is_missed_soon_also_in_its_first_week():
    awake = office(4)
    noon = awake[awake < MONDAY + 3 * DAY + 12 * HOUR]
    assert heard(noon).check(noon[-1] + EARLY * MINUTE - 1) == []
    assert len(heard(noon).check(noon[-1] + EARLY * MINUTE + 1)) == 1


def test_a_rare_source_is_given_time():
    silence = heard(MONDAY + np.arange(0, 9 * DAY, 6 * HOUR))
    last = MONDAY + 9 * DAY - 6 * HOUR
    assert silence.check(last + 24 * HOUR) == []
    assert len(silence.check(last + 25 * HOUR)) == 1


@pytest.mark.parametrize("rate", [2, 30, 400])
@pytest.mark.parametrize("night", [1.0, 0.2])
def test_traffic_that_comes_by_chance_is_no_silence(rate, night):
    """Poisson in each hour, with thin nights and weekends or none."""
    found = []
    for seed in range(3):
        r = np.random.default_rng([seed, rate])
        hours = np.arange(21 * 24)
        thin = np.where((hours % 24 < 7) | (hours % 24 >= 20), night, 1.0) * np.where(hours // 24 % 7 >= 5, night, 1.0)
        count = r.poisson(rate * np.maximum(thin, 0.01))
        times = MONDAY + np.sort((np.repeat(hours, count) + r.uniform(0, 1, count.sum())) * HOUR)
        found += listened(times)[0]
    assert found == []


def test_a_topic_that_stops_is_said_for_the_topic_not_for_each_of_its_models():
    silence = Silence()
    for time in MONDAY + np.arange(0, 2 * DAY, 60.0):
        silence.hear("traffic", "", time)
        for lag, model in enumerate(MODELS):
            silence.hear("traffic", model, time - 7.0 * lag)
    said = [s for minutes in range(3000) for s in silence.check(MONDAY + 2 * DAY + minutes * MINUTE)]
    assert [s.model for s in said] == [""]


def test_a_model_that_stops_while_its_topic_goes_on_is_said_at_the_same_moment_live_and_in_history():
    times = MONDAY + np.arange(0, 12 * DAY, 100.0)
    models = np.arange(len(times)) % 2
    models[times > MONDAY + 9 * DAY] = 1
    (found,) = listened(times, models)[0]
    last = times[models == 0][-1]
    assert (found.model, found.last, found.time) == ("fraud", last, last + 800.0)
    live, said = Silence(), []
    for time, model in zip(times.tolist(), models.tolist(), strict=True):
        live.hear("traffic", "", time)
        live.hear("traffic", MODELS[model], time)
        said += live.check(time)
    assert said == [found]


def test_models_get_their_time_anew_when_their_topic_comes_back():
    """Six hours without anything are one silence; a model that takes a minute to come back is not another."""
    before, after = np.arange(0, 9 * DAY, 20.0), 9 * DAY + 6 * HOUR + np.arange(0, DAY, 20.0)
    times = MONDAY + np.concatenate([before, after])
    models = np.arange(len(times)) % 3
    late = (times > MONDAY + 9 * DAY + 5 * HOUR) & (times < MONDAY + 9 * DAY + 6 * HOUR + MINUTE)
    models[late] = 0
    assert [s.model for s in listened(times, models)[0]] == [""]
    models[(times > MONDAY + 9 * DAY + 5 * HOUR) & (models == 2)] = 1
    topic, gone = listened(times, models)[0]
    assert (topic.model, gone.model, gone.last) == ("", "vision", MONDAY + 9 * DAY + 6 * HOUR)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1.0, 20.0, 290.0, 700.0, 5000.0, 90_000.0]), st.integers(0, 2)), max_size=80),
    st.sets(st.integers(0, 80), max_size=8),
)
def test_cuts_of_history_change_nothing(steps, cuts):
    quiet = MONDAY + np.arange(0, 8 * DAY, 90.0)
    times = np.concatenate([quiet, quiet[-1] + np.cumsum([step for step, _ in steps])])
    models = np.concatenate([np.arange(len(quiet)) % 3, [model for _, model in steps]]).astype(np.int32)
    whole, known = listened(times, models)
    edges = {len(quiet) + cut for cut in cuts if cut <= len(steps)}
    parts, same = listened(times, models, cuts=edges)
    assert sorted(parts) == sorted(whole)
    assert same.to_bytes() == known.to_bytes()


def test_history_teaches_what_live_traffic_teaches():
    times = office(3, step=700.0)
    live = Silence()
    for time in times.tolist():
        live.hear("traffic", "", time)
        live.hear("traffic", "fraud", time)
    assert listened(times)[1].to_bytes() == live.to_bytes()


def test_times_that_step_back_change_nothing():
    silence = heard([MONDAY, MONDAY + 100, MONDAY + 40, MONDAY + 110])
    assert silence.paces[0]["last"] == MONDAY + 110
    assert silence.paces[0]["gaps"].max() == 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 3 * DAY), min_size=1, max_size=60), st.integers(0, 60))
def test_what_is_restored_goes_on_exactly(times, cut):
    whole = heard(times)
    part = Silence.from_bytes(heard(times[:cut]).to_bytes())
    for time in times[cut:]:
        part.hear("traffic", "fraud", time)
    assert part.to_bytes() == whole.to_bytes()
    assert part.check(90 * DAY) == whole.check(90 * DAY)


def test_sources_are_bounded_and_damaged_state_is_refused():
    silence = Silence()
    for k in range(5000):
        silence.hear("traffic", f"model-{k}", MONDAY)
    assert len(silence.sources) == 4096
    many = [f"model-{k}" for k in range(5000)]
    assert silence.listen("more", MONDAY + np.arange(5000.0), np.arange(5000, dtype=np.int32), many) == []
    assert len(silence.sources) == 4096
    data = silence.to_bytes()
    for bad in (b"", data[:-4], data + b"x"):
        with pytest.raises(Corrupt):
            Silence.from_bytes(bad)


def test_a_topic_that_is_behind_while_a_backlog_is_read_is_not_silent():
    silence = Silence()
    for minute in range(2 * 24 * 60):
        silence.hear("slow", "", MONDAY + minute * 60.0, now=1e9 + minute * 0.001)
    ahead = MONDAY + 5 * DAY
    assert silence.check(ahead, 1e9 + 30.0) == []
    assert [s.topic for s in silence.check(ahead, 1e9 + EARLY * MINUTE + 60.0)] == ["slow"]
