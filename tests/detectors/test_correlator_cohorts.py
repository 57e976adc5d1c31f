"""Cohorts over all partitions: newcomers who are one attacker are one alert, whoever was faster."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.affinity import MODEL, PER_Z
from detectors.correlator import Correlator
from detectors.network import parts
from schemas.alert import Verdict
from schemas.signal import Signal, Sketch
from tests.detectors.signals import DAY, START, alerts_of, by_turns, knowing, told, twice


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


def test_newcomers_of_all_partitions_who_are_one_attacker_are_one_alert():
    alerts = alerts_of(newcomers(), "cohort")
    assert len({alert.id for alert in alerts}) == 1
    assert set(alerts[-1].principals) == {f"sybil{k}" for k in range(12)}
    assert alerts[-1].verdict is Verdict.ATTACK
    assert alerts[-1].runbook.startswith("docs/runbooks/")


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_cohorts_do_not_depend_on_who_was_faster(seed, every):
    sent = newcomers()
    expected = alerts_of(sent, "cohort")
    assert alerts_of(by_turns(sent, seed), "cohort", every=every) == expected
    assert alerts_of(twice(sent), "cohort") == expected


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 47))
def test_cohorts_outlive_the_correlator(at):
    sent, first, second = newcomers(), knowing(), knowing()
    before = [a for a in told(sent[:at], first) if a.detector == "cohort"]
    second.load(first.to_bytes())
    assert before + alerts_of(sent[at:], "cohort", correlator=second) == alerts_of(sent, "cohort")


def test_a_small_budget_asks_for_more_of_a_cohort():
    lax, strict = knowing(), Correlator(alerts_per_day=0.01)
    assert (
        alerts_of(newcomers(), "cohort", correlator=lax)[0].threshold
        < alerts_of(newcomers(), "cohort", correlator=strict)[0].threshold
    )
