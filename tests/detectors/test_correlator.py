"""The correlator: drift over all partitions is one alert, silence is told, state outlives the process."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.blocks import NAMES
from detectors.correlator import Correlator
from detectors.packing import Corrupt, pack
from schemas.alert import Verdict
from schemas.signal import Signal
from tests.detectors.signals import DAY, MOVING, START, alerts_of, by_turns, knowing, signals, told, twice


def test_drift_over_all_partitions_is_one_alert():
    (alert,) = alerts_of(MOVING)
    assert alert.threat == "drift_input"
    assert alert.verdict is Verdict.DRIFT
    assert alert.model == "fraud"
    assert abs(alert.first_time - (START + 1.5 * DAY)) < DAY / 2
    assert alert.time <= START + 2.5 * DAY
    assert alert.why[0].name == "rare_values"
    assert alert.why[0].value > alert.why[0].typical + 0.3
    assert alert.runbook == "docs/runbooks/drift_input.md"
    assert alert.score >= alert.threshold


def test_partitions_too_small_for_a_block_of_their_own_are_heard_together():
    assert all(s.block is not None and s.block.voices < 20 for s in MOVING)
    assert alerts_of(signals(partitions=1, move=0.5, days=6), correlator=Correlator())


def test_traffic_that_does_not_change_is_quiet():
    assert alerts_of(signals(days=6, seed=5)) == []


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_alerts_do_not_depend_on_who_was_faster(seed, every):
    assert alerts_of(by_turns(MOVING, seed), every=every) == alerts_of(MOVING)


def test_signals_that_come_twice_count_once():
    assert alerts_of(twice(MOVING)) == alerts_of(MOVING)


def test_a_partition_that_forgot_and_counts_anew_is_heard():
    correlator = Correlator()
    for signal in MOVING:
        correlator.add(signal, signal.time)
    again = signals(seed=3)[0]
    assert again.block is not None
    later = again.block.__class__(
        **{n: getattr(again.block, n) for n in again.block.__struct_fields__}
        | {"number": 1, "first": START + 9 * DAY, "last": START + 9 * DAY}
    )
    before = sum(map(len, correlator.waiting.values()))
    correlator.add(
        Signal(topic="traffic", partition=0, time=START + 9 * DAY, block=later, model="fraud", version="1"), START
    )
    assert sum(map(len, correlator.waiting.values())) == before + 1


@pytest.mark.parametrize("cut", [0, 1, 30, 200])
def test_what_is_restored_goes_on_exactly(cut):
    first, second = knowing(), Correlator()
    before = told(MOVING[:cut], first)
    second.load(first.to_bytes())
    assert before + alerts_of(MOVING[cut:], correlator=second) == alerts_of(MOVING)


def test_a_topic_that_stops_is_said_by_the_callers_clock():
    correlator = Correlator()
    for k in range(3 * 1440):
        correlator.add(Signal(topic="traffic", partition=0, time=START + 60.0 * k, counts={"fraud": 5}), 60.0 * k)
    end = 3 * 1440 * 60.0
    assert correlator.advance(end) == []
    (alert,) = correlator.advance(end + 600.0)
    assert alert.threat == "source_silent"
    assert alert.verdict is Verdict.SELF
    assert "topic traffic" in alert.title
    assert alert.first_time == START + 60.0 * (3 * 1440 - 1)
    assert correlator.advance(end + 1200.0) == []


def test_history_read_at_full_speed_is_not_silent():
    correlator = Correlator()
    found = []
    for k in range(3 * 1440):
        correlator.add(Signal(topic="traffic", partition=0, time=START + 60.0 * k), 1e9 + 0.001 * k)
        found += correlator.advance(1e9 + 0.001 * k)
    assert found == []


def test_alert_ids_are_the_same_on_every_machine():
    assert [a.id for a in alerts_of(MOVING)] == [a.id for a in alerts_of(MOVING, every=17)]


def test_models_are_bounded():
    correlator = Correlator()
    signal = MOVING[0]
    for k in range(1100):
        correlator.add(
            Signal(topic="t", partition=0, time=signal.time, block=signal.block, model=f"m{k}", version="1"), 0.0
        )
    correlator.finish()
    assert len(correlator.models) == 1024
    assert ("m1099", "1") in correlator.models


def test_damaged_state_is_refused_and_nothing_is_half_loaded():
    correlator = Correlator()
    for signal in MOVING[:50]:
        correlator.add(signal, 0.0)
    data = correlator.to_bytes()
    fresh = Correlator()
    for bad in (b"", data[:-1], data + b"x", pack({}, {}), pack({"progress": [["t"]]}, {})):
        with pytest.raises(Corrupt):
            fresh.load(bad)
    assert fresh.to_bytes() == Correlator().to_bytes()
    assert len(NAMES) == len(MOVING[0].block.names)
