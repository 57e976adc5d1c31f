"""One change of a model is one alert, whichever partitions find it, in whatever order they are heard."""

from math import inf

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.correlator import Correlator
from detectors.faults import FORM, SPAN, Faults, parted
from detectors.packing import Corrupt
from schemas.alert import Alert, Severity, Verdict, alert_id
from schemas.signal import Signal, decode, encode

START, DAY = 1.75e9, 86400.0


def fault(
    time: float, *, partition: int = 0, title: str = "changed form", detector: str = "input_consistency", **other
):
    plain = {
        "id": alert_id(detector, title, f"{partition}/{time}"), "time": START + time, "first_time": START + time,
        "last_time": START + time, "verdict": Verdict.FAULT, "threat": "schema_change", "severity": Severity.HIGH,
        "detector": detector, "model": "fraud", "version": "1", "title": title, "trigger": f"r{partition}",
    }  # fmt: skip
    return Alert(**(plain | other))


def signal(partition: int, time: float, alert: Alert | None = None) -> Signal:
    return Signal(topic="traffic", partition=partition, time=START + time, fault=alert)


def knowing(partitions: int = 3) -> Correlator:
    made = Correlator(wait=60.0)
    made.expect("traffic", range(partitions))
    return made


def test_what_blames_nobody_in_particular_is_shared_and_the_rest_is_not():
    own = [
        fault(0, principals=["u-1"], principal="u-1"),
        fault(0, verdict=Verdict.SELF),
        fault(0, verdict=Verdict.ATTACK),
    ]
    both = [fault(1), fault(2, threat="model_change")]
    assert parted([*own, *both]) == (own, both)


def test_a_fault_that_every_partition_finds_is_told_once_by_the_earliest():
    correlator, told = knowing(), []
    for partition, time in ((2, 50.0), (0, 20.0), (1, 900.0)):
        correlator.add(signal(partition, time, fault(time, partition=partition)), 0.0)
        told += correlator.advance(0.0)
    for partition in range(3):
        correlator.add(signal(partition, 1000.0), 0.0)
        told += correlator.advance(0.0)
    assert [alert.trigger for alert in told] == ["r0"]
    assert told[0] == fault(20.0)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 3))
def test_which_is_told_does_not_depend_on_who_was_faster(order, doubled):
    """Also when one comes twice, and when state goes through bytes on the way."""
    correlator, told = knowing(4), []
    for partition in [*order, doubled]:
        correlator.add(signal(partition, 100.0 * partition, fault(100.0 * partition, partition=partition)), 0.0)
        told += correlator.advance(0.0)
        again = Correlator(wait=60.0)
        again.load(correlator.to_bytes())
        correlator = again
    for partition in range(4):
        correlator.add(signal(partition, 5000.0), 0.0)
    told += correlator.advance(0.0)
    assert told == [fault(0.0)]


def test_a_partition_that_says_nothing_is_not_waited_for_for_ever():
    correlator = knowing(2)
    correlator.add(signal(0, 20.0, fault(20.0)), 0.0)
    assert correlator.advance(60.0) == []
    assert correlator.advance(61.0) == [fault(20.0)]
    correlator.add(signal(1, 10.0, fault(10.0, partition=1)), 62.0)
    assert correlator.advance(200.0) == []


@pytest.mark.parametrize(
    "other", [{"model": "chat"}, {"version": "2"}, {"title": "another"}, {"threat": "model_change"}]
)
def test_other_changes_are_other_alerts(other):
    faults = Faults()
    faults.add(("t", 0), fault(0), 0.0)
    faults.add(("t", 1), fault(1, partition=1, **other), 0.0)
    assert len(faults.ready(lambda _: inf)) == 2


def test_shares_that_partitions_measure_each_for_itself_make_no_other_change():
    faults = Faults()
    for partition, said in enumerate(("answers 12% otherwise than 3.1", "answers 9% otherwise than 3.1")):
        faults.add(("t", partition), fault(partition, partition=partition, title=said), 0.0)
    faults.add(("t", 2), fault(2, partition=2, title="answers 9% otherwise than 3.2"), 0.0)
    assert [alert.title[-3:] for alert in faults.ready(lambda _: inf)] == ["3.1", "3.2"]


def test_the_same_after_two_quiet_days_is_a_new_change_and_before_it_is_not():
    faults, told = Faults(), []
    for time in (0.0, SPAN - 1, 2 * SPAN - 2, 3 * SPAN):
        faults.add(("t", 0), fault(time), 0.0)
        told += faults.ready(lambda _: inf)
    assert [alert.time - START for alert in told] == [0.0, 3 * SPAN]


def test_a_form_that_does_not_fit_is_told_once_for_good():
    faults, told = Faults(), []
    for partition, time in enumerate((0.0, 30 * DAY, 90 * DAY)):
        faults.add(("t", partition), fault(time, partition=partition, detector=FORM), 0.0)
        told += faults.ready(lambda _: inf)
    assert len(told) == 1


def test_a_fault_travels_as_a_signal():
    sent = signal(0, 3.0, fault(3.0))
    assert decode(encode(sent)) == sent
    broken = msgspec.structs.replace(sent, fault=msgspec.structs.replace(fault(0.0), time=float("nan")))
    assert decode(encode(broken)) is None


def test_what_is_remembered_is_bounded_and_damaged_state_is_refused():
    faults = Faults()
    for k in range(5000):
        faults.add(("t", 0), fault(k, title=f"change {k}"), 0.0)
        assert len(faults.ready(lambda _: inf)) == 1
    assert len(faults.told) == 4096
    assert Faults.from_bytes(faults.to_bytes()).told == faults.told
    for bad in (b"", faults.to_bytes()[:-1], b"junk"):
        with pytest.raises(Corrupt):
            Faults.from_bytes(bad)
