"""Windows of the correlator: how long they wait for partitions that are slow, away or not yet heard."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors.correlator import WINDOW, Correlator
from detectors.progress import PATIENCE
from schemas.signal import Signal
from tests.detectors.signals import MOVING, START, alerts_of, knowing


def test_a_window_waits_longer_for_a_partition_that_is_known_to_have_more():
    correlator = Correlator(wait=60.0)
    fast = [s for s in MOVING if s.partition == 0][:5]
    correlator.add(Signal(topic="traffic", partition=1, time=START, more=True), 0.0)
    for signal in fast:
        correlator.add(signal, 0.0)
    correlator.advance(PATIENCE - 1.0)
    assert len(correlator.waiting) == 5
    restored = Correlator(wait=60.0)
    restored.load(correlator.to_bytes())
    correlator.add(Signal(topic="traffic", partition=1, time=START, more=False), PATIENCE - 1.0)
    correlator.advance(PATIENCE - 1.0)
    assert not correlator.waiting
    restored.advance(PATIENCE - 1.0)
    assert len(restored.waiting) == 5
    restored.advance(PATIENCE + 1.0)
    assert not restored.waiting


@settings(max_examples=5, deadline=None)
@given(st.permutations([0, 1, 2] * 5), st.integers(1, 60))
def test_alerts_do_not_depend_on_how_long_a_partition_with_more_to_read_was_away(turns, pause):
    """Workers that die and are replaced, again and again, while a backlog is read."""
    queues = [[replace(s, more=True) for s in MOVING if s.partition == p] for p in range(3)]
    correlator, found = knowing(), []
    for partition in range(3):
        correlator.add(Signal(topic="traffic", partition=partition, time=START, more=True), 0.0)
    for k, partition in enumerate(turns):
        for signal in queues[partition][:40]:
            correlator.add(signal, float(k * pause))
            found += correlator.advance(float(k * pause))
        del queues[partition][:40]
    assert not any(queues)
    assert [a for a in found + correlator.finish() if a.threat.startswith("drift")] == alerts_of(MOVING)


def test_signals_that_wait_are_bounded():
    correlator = Correlator(wait=60.0)
    correlator.held = 50
    correlator.add(Signal(topic="traffic", partition=1, time=START, more=True), 0.0)
    for signal in [s for s in MOVING if s.partition == 0]:
        correlator.add(signal, 0.0)
        correlator.advance(0.0)
        assert sum(map(len, correlator.waiting.values())) <= 51
    assert len(correlator.waiting) > 30


def test_a_window_waits_for_a_slow_partition_but_not_for_ever():
    correlator = Correlator(wait=60.0)
    fast = [s for s in MOVING if s.partition == 0][:5]
    correlator.add(Signal(topic="traffic", partition=1, time=START), 0.0)
    for signal in fast:
        correlator.add(signal, 0.0)
    correlator.advance(59.0)
    assert len(correlator.waiting) == 5
    correlator.advance(61.0)
    assert not correlator.waiting
    late = next(s for s in MOVING if s.partition == 1)
    correlator.add(late, 62.0)
    assert min(correlator.waiting) > max(s.time // WINDOW for s in fast)


def test_partitions_that_are_expected_are_waited_for_before_they_are_heard():
    turns = sorted(MOVING, key=lambda s: s.partition)  # one partition is read to its end before the next begins
    expecting = Correlator()
    expecting.expect("traffic", range(3))
    assert alerts_of(turns, correlator=expecting) == alerts_of(MOVING)


def test_a_correlator_from_bytes_closes_late_windows_when_the_first_would_have():
    first, second = knowing(), Correlator()
    for signal in [s for s in MOVING if s.partition == 0][:4]:
        first.add(signal, 100.0)
    second.load(first.to_bytes())
    for now in (150.0, 161.0):
        first.advance(now)
        second.advance(now)
        assert second.to_bytes() == first.to_bytes()
    assert not second.waiting
