import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.packing import Corrupt
from detectors.silence import LEAST, Silence

HOUR, DAY = 3600.0, 86400.0
MONDAY = 1767571200.0


def heard(times, topic="traffic", model="fraud") -> Silence:
    silence = Silence()
    for time in times:
        silence.hear(topic, model, float(time))
    return silence


def test_a_steady_source_that_stops_is_found_within_minutes():
    silence = heard(MONDAY + np.arange(0, 2 * DAY, 10.0))
    last = MONDAY + 2 * DAY - 10
    assert silence.check(last + LEAST - 1) == []
    (found,) = silence.check(last + LEAST + 1)
    assert (found.topic, found.model, found.last, found.time) == ("traffic", "fraud", last, last + LEAST)
    assert found.usual == 10.0


def test_a_silence_is_said_once_and_again_after_a_return():
    silence = heard(MONDAY + np.arange(0, 2 * DAY, 10.0))
    end = MONDAY + 2 * DAY
    assert len(silence.check(end + HOUR)) == 1
    assert silence.check(end + 2 * HOUR) == []
    silence.hear("traffic", "fraud", end + 3 * HOUR)
    assert silence.check(end + 3 * HOUR + LEAST) == []
    assert len(silence.check(end + 30 * HOUR)) == 1


def test_a_quiet_night_is_no_silence_once_it_was_seen():
    awake = MONDAY + np.concatenate([d * DAY + np.arange(8 * HOUR, 20 * HOUR, 60.0) for d in range(4)])
    silence = Silence()
    said = []
    for time in awake:
        said += silence.check(time)
        silence.hear("traffic", "fraud", float(time))
    assert [int((s.last - MONDAY) // DAY) for s in said] == [0]
    assert silence.check(awake[-1] + 11 * HOUR) == []
    assert len(silence.check(awake[-1] + 40 * HOUR)) == 1


def test_by_day_a_source_that_sleeps_at_night_is_missed_soon():
    awake = MONDAY + np.concatenate([d * DAY + np.arange(8 * HOUR, 20 * HOUR, 60.0) for d in range(4)])
    noon = awake[awake < MONDAY + 3 * DAY + 12 * HOUR]
    assert len(heard(noon).check(noon[-1] + LEAST + 1)) == 1


def test_a_rare_source_is_given_time():
    silence = heard(MONDAY + np.arange(0, 5 * DAY, 6 * HOUR))
    last = MONDAY + 5 * DAY - 6 * HOUR
    assert silence.check(last + 12 * HOUR) == []
    assert len(silence.check(last + 19 * HOUR)) == 1


def test_a_topic_that_stops_is_said_for_the_topic_not_for_each_of_its_models():
    silence = Silence()
    for time in MONDAY + np.arange(0, 2 * DAY, 30.0):
        for model in ("", "fraud", "chat"):
            silence.hear("traffic", model, time)
    assert [s.model for s in silence.check(MONDAY + 3 * DAY)] == [""]


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
    assert part.check(9 * DAY) == whole.check(9 * DAY)


def test_sources_are_bounded_and_damaged_state_is_refused():
    silence = Silence()
    for k in range(5000):
        silence.hear("traffic", f"model-{k}", MONDAY)
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
    assert [s.topic for s in silence.check(ahead, 1e9 + LEAST + 60.0)] == ["slow"]
