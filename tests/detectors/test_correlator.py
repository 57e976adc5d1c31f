import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors import blocks
from detectors.affinity import MODEL, PER_Z
from detectors.blocks import NAMES
from detectors.correlator import WINDOW, Correlator
from detectors.features.tails import TAILS
from detectors.network import parts
from detectors.packing import Corrupt, pack
from detectors.progress import PATIENCE
from schemas.alert import Verdict
from schemas.signal import Signal, Sketch, Suspect

START = 1.75e9
DAY = 86400.0


def signals(partitions=3, days=3.0, *, move=0.0, seed=0) -> list[Signal]:
    """Signals of partitions, each with its own 20 principals, in order of time; inputs move by ``move`` at half."""
    made = []
    for partition in range(partitions):
        r = np.random.default_rng([seed, partition])
        n = int(days * 1500)
        time = START + np.sort(r.uniform(0, days * DAY, n))
        slots = r.integers(0, 20, n)
        tails = r.exponential(0.4, (n, len(TAILS)))
        tails[time > START + days * DAY / 2, 0] += move
        state, block = np.zeros(20, blocks.state), np.zeros(1, blocks.open_block)
        columns = {
            "tails": tails.astype(np.float32),
            "label": r.integers(0, 3, n).astype(np.int32),
            "confidence": r.beta(9, 1, n).astype(np.float32),
            "u": r.integers(-256, 256, (n, 32)).astype(np.int16),
        }
        names = [f"u-{partition}-{k}" for k in range(20)]
        z = np.zeros((n, blocks.WIDTH), np.float32)
        for _, found, _, _ in blocks.collect(columns, slots.astype(np.int64), time, z, state, block, names=names):
            made.append(
                Signal(topic="traffic", partition=partition, time=found.last, block=found, model="fraud", version="1")
            )
    return sorted(made, key=lambda s: s.time)


def knowing(wait=60.0) -> Correlator:
    correlator = Correlator(wait=wait)
    for partition in range(3):
        correlator.add(Signal(topic="traffic", partition=partition, time=START), 0.0)
    return correlator


def alerts_of(sent, *, correlator=None, every=1):
    """Alerts on models, as they come from a correlator that knows of three partitions."""
    correlator = correlator or knowing()
    found = []
    for k, signal in enumerate(sent):
        correlator.add(signal, 0.0)
        if k % every == 0:
            found += correlator.advance(0.0)
    return [a for a in found + correlator.finish() if a.threat.startswith("drift")]


MOVING = signals(move=0.5)


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
    expected = alerts_of(MOVING)
    turns = np.random.default_rng(seed).permutation([s.partition for s in MOVING])
    queues = [iter([s for s in MOVING if s.partition == p]) for p in range(3)]
    sent = [next(queues[p]) for p in turns]
    assert alerts_of(sent, every=every) == expected


def test_signals_that_come_twice_count_once():
    twice = [s for signal in MOVING for s in (signal, signal)]
    assert alerts_of(twice) == alerts_of(MOVING)


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


@pytest.mark.parametrize("cut", [0, 1, 30, 200])
def test_what_is_restored_goes_on_exactly(cut):
    expected = alerts_of(MOVING)
    first = knowing()
    before = []
    for signal in MOVING[:cut]:
        first.add(signal, 0.0)
        before += first.advance(0.0)
    second = Correlator()
    second.load(first.to_bytes())
    assert before + alerts_of(MOVING[cut:], correlator=second) == expected


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


def newcomers(partitions=3, accounts=12) -> list[Signal]:
    """Sketches of a campaign whose accounts are spread over partitions, in order of time."""
    slope = parts(np.full(64, 0.01, np.float32), MODEL.network)
    r = np.random.default_rng(0)
    found = []
    for account in range(accounts):
        for number, count in enumerate((4, 8, 16, 32)):
            z = (2.5 * np.sign(slope) + r.normal(0, 0.15, 64)) * count / (count + 16)
            time = START + DAY + 60.0 * account + 900.0 * number
            sketch = Sketch(
                principal=f"sybil{account}",
                number=4 * account + number + 1,
                count=count,
                first=START + DAY,
                last=time,
                z=np.rint(z * PER_Z).astype(np.int8).tobytes(),
                marks=[],
                record=f"{account}.{count}",
            )
            place = {"topic": "traffic", "partition": account % partitions, "model": "fraud", "version": "1"}
            found.append(Signal(time=time, sketch=sketch, **place))
    return sorted(found, key=lambda s: s.time)


def cohorts_of(sent, *, correlator=None, every=1):
    correlator = correlator or knowing()
    found = []
    for k, signal in enumerate(sent):
        correlator.add(signal, 0.0)
        if k % every == 0:
            found += correlator.advance(0.0)
    return [a for a in found + correlator.finish() if a.detector == "cohort"]


def test_newcomers_of_all_partitions_who_are_one_attacker_are_one_alert():
    alerts = cohorts_of(newcomers())
    assert len({alert.id for alert in alerts}) == 1
    assert set(alerts[-1].principals) == {f"sybil{k}" for k in range(12)}
    assert alerts[-1].verdict is Verdict.ATTACK
    assert alerts[-1].runbook.startswith("docs/runbooks/")


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_cohorts_do_not_depend_on_who_was_faster(seed, every):
    sent = newcomers()
    expected = cohorts_of(sent)
    turns = np.random.default_rng(seed).permutation([s.partition for s in sent])
    queues = [iter([s for s in sent if s.partition == p]) for p in range(3)]
    assert cohorts_of([next(queues[p]) for p in turns], every=every) == expected
    assert cohorts_of([s for signal in sent for s in (signal, signal)]) == expected


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 47))
def test_cohorts_outlive_the_correlator(at):
    sent, first, second = newcomers(), knowing(), knowing()
    before = [a for s in sent[:at] for a in (first.add(s, 0.0), *first.advance(0.0)) if a]
    second.load(first.to_bytes())
    assert [a for a in before if a.detector == "cohort"] + cohorts_of(sent[at:], correlator=second) == cohorts_of(sent)


def marked(partitions=3, n=160) -> list[Signal]:
    """Suspects of all partitions; every third has one pattern, of eight accounts, and one answer."""
    found = []
    for k in range(n):
        chance = np.random.default_rng(k)
        z, rarity, known = chance.integers(-60, 60, 20).astype(np.int8), np.full(20, 40, np.uint8), k < 60
        sybil = not known and k % 3 == 0
        if sybil:
            z[[2, 9]], rarity[[2, 9]] = (90, -80), 100
        time = START + (0.0 if known else DAY) + 600.0 * k
        suspect = Suspect(
            principal=f"sybil{k % 8}" if sybil else f"honest{k % 25}",
            number=k // partitions + 1,
            time=time,
            label=1 if sybil else k % 4,
            answer="yes" if sybil else "no",
            z=z.tobytes(),
            rarity=rarity.tobytes(),
            record=f"r{k}",
            known=known,
        )
        place = {"topic": "traffic", "partition": k % partitions, "model": "fraud", "version": "1"}
        found.append(Signal(time=time, suspect=suspect, **place))
    return found


def triggers_of(sent, *, correlator=None, every=1):
    correlator = correlator or knowing()
    found = []
    for k, signal in enumerate(sent):
        correlator.add(signal, 0.0)
        if k % every == 0:
            found += correlator.advance(0.0)
    return [a for a in found + correlator.finish() if a.detector == "trigger"]


def test_a_trigger_over_partitions_is_one_alert_whoever_was_faster():
    sent = marked()
    expected = triggers_of(sent)
    assert len({alert.id for alert in expected}) == 1
    assert set(expected[-1].principals) == {f"sybil{k}" for k in range(8)}
    turns = np.random.default_rng(1).permutation([s.partition for s in sent])
    queues = [iter([s for s in sent if s.partition == p]) for p in range(3)]
    assert triggers_of([next(queues[p]) for p in turns], every=7) == expected
    assert triggers_of([s for signal in sent for s in (signal, signal)]) == expected


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 160))
def test_triggers_outlive_the_correlator(at):
    sent, first, second = marked(), knowing(), knowing()
    before = [a for s in sent[:at] for a in (first.add(s, 0.0), *first.advance(0.0)) if a]
    second.load(first.to_bytes())
    told = [a for a in before if a.detector == "trigger"]
    assert told + triggers_of(sent[at:], correlator=second) == triggers_of(sent)


def test_a_small_budget_asks_for_more_of_a_cohort():
    lax, strict = knowing(), Correlator(alerts_per_day=0.01)
    assert (
        cohorts_of(newcomers(), correlator=lax)[0].threshold < cohorts_of(newcomers(), correlator=strict)[0].threshold
    )
