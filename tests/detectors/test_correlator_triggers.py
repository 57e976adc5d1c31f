"""Triggers over all partitions: one pattern of several accounts is one alert, whoever was faster."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.signal import Signal, Suspect
from tests.detectors.signals import DAY, START, alerts_of, by_turns, knowing, told, twice


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


def test_a_trigger_over_partitions_is_one_alert_whoever_was_faster():
    sent = marked()
    expected = alerts_of(sent, "trigger")
    assert len({alert.id for alert in expected}) == 1
    assert set(expected[-1].principals) == {f"sybil{k}" for k in range(8)}
    assert alerts_of(by_turns(sent, 1), "trigger", every=7) == expected
    assert alerts_of(twice(sent), "trigger") == expected


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 160))
def test_triggers_outlive_the_correlator(at):
    sent, first, second = marked(), knowing(), knowing()
    before = [a for a in told(sent[:at], first) if a.detector == "trigger"]
    second.load(first.to_bytes())
    assert before + alerts_of(sent[at:], "trigger", correlator=second) == alerts_of(sent, "trigger")
