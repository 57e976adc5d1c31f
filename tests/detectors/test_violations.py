"""What counts against a principal, and what against the model: a deploy is one finding, a crowd of accounts none."""

import numpy as np
import pytest

from detectors import violations
from detectors.features.constraints import K
from detectors.violations import FAMILIAR, Law, Made

HOUR = 3600.0
LAW = Law(
    prior=np.zeros(K, np.float32),
    usual=np.full(K, 0.02, np.float32),
    weight=np.full(K, 4.0, np.float32),
    ordinary=np.full(K, 0.05, np.float32),
)


class Stream:
    """Records of many principals, each breaking one kind of rule or none."""

    def __init__(self):
        self.state = np.zeros(300, violations.state)

    def play(self, times, slots, kind=None, breaks=None, column=3, count=1):
        n = len(times)
        counts, columns = np.zeros((n, K), np.uint16), np.full((n, K), -1, np.int32)
        if kind is not None:
            counts[:, kind] = count * np.asarray(breaks)
            columns[np.asarray(breaks), kind] = column
        made = Made.empty(n)
        trusted = np.ones(n, np.bool_)
        violations.follow(
            np.asarray(times, float), np.asarray(slots), trusted, counts, columns, LAW, 1e-8, self.state, made
        )
        return made

    def live(self, hours, start=0, people=60):
        """Ordinary hours in which everybody sends one good record."""
        for h in range(hours):
            slots = np.arange(1, people + 1)
            self.play((start + h) * HOUR + slots, slots)


@pytest.fixture
def stream():
    made = Stream()
    made.live(FAMILIAR + 2)
    return made


def hour(number, people=60):
    slots = np.arange(1, people + 1)
    return number * HOUR + slots, slots


def test_a_rule_that_everybody_breaks_is_one_finding_after_a_handful_of_principals(stream):
    times, slots = hour(10)
    made = stream.play(times, slots, 1, np.ones(60, bool))
    assert np.count_nonzero(made.found) == 1
    assert np.flatnonzero(made.found)[0] < 8
    assert made.found.max() == 2


def test_while_everybody_breaks_it_it_counts_against_nobody(stream):
    for h in range(10, 30):
        times, slots = hour(h)
        last = stream.play(times, slots, 1, np.ones(60, bool))
    assert last.value.max() < 1.5


def test_other_rules_still_count_meanwhile(stream):
    times, slots = hour(10)
    stream.play(times, slots, 1, np.ones(60, bool))
    fuzz = stream.play(10 * HOUR + 100 + np.arange(30), np.full(30, 7), 4, np.ones(30, bool), count=3)
    assert fuzz.value[-1] > 3


def test_one_broken_client_is_no_finding_however_long_it_stays_broken(stream):
    for h in range(10, 130):
        times, slots = hour(h)
        made = stream.play(times, slots, 1, slots == 5)
        assert not made.found.any()
    assert made.value[4] > 0 or stream.state["slow"][5, 1] > 0.5


def test_a_crowd_of_new_accounts_cannot_pass_for_a_deploy(stream):
    slots = np.repeat(np.arange(100, 200), 8)
    made = stream.play(10 * HOUR + 0.1 * np.arange(800), slots, 1, np.ones(800, bool))
    assert not made.found.any()
    assert (made.value[7::8] > 0.5).all()


def test_a_second_deploy_a_week_after_the_repair_is_found_again(stream):
    found = []
    for h in range(10, 400):
        broken = h < 20 or h >= 300
        times, slots = hour(h)
        found += (h * (stream.play(times, slots, 1, np.full(60, broken)).found > 0)).tolist()
    assert sorted(set(found) - {0}) == [10, 300]


def test_what_one_deploy_breaks_is_one_finding_even_if_it_breaks_several_rules(stream):
    total = 0
    for kind in (1, 4, 2):
        for h in range(10, 14):
            times, slots = hour(h)
            total += np.count_nonzero(stream.play(times, slots, kind, np.ones(60, bool)).found)
    assert total == 1


def test_rules_that_some_principals_always_break_raise_no_finding():
    stream, chance, found = Stream(), np.random.default_rng(0), 0
    for h in range(24 * 20):
        times, slots = hour(h)
        found += np.count_nonzero(stream.play(times, slots, 0, chance.random(60) < 0.03).found)
    assert found == 0


def test_a_principal_that_always_broke_a_rule_stays_below_one_that_begins_to(stream):
    always = stream.play(np.arange(4000.0), np.full(4000, 250), 0, np.ones(4000, bool))
    stream.play(np.arange(4000.0), np.full(4000, 251))
    begins = stream.play(4000 + np.arange(32.0), np.full(32, 251), 0, np.ones(32, bool))
    assert always.value[-1] < 0.1
    assert begins.value[-1] > 1.5


def test_one_rule_in_one_column_is_told_from_many(stream):
    same = stream.play(np.arange(40.0), np.full(40, 210), 1, np.ones(40, bool))
    assert same.single[-1] == 1
    assert same.habit[-1] == K * 4 + 1
    for i in range(40):
        many = stream.play([40.0 + i], [211], i % 3, np.ones(1, bool), column=i)
    assert many.single[-1] < 0.5


def test_steps_are_first_records_of_an_hour():
    time = np.array([0.0, 10.0, 20.0, 3700.0, 3800.0])
    assert violations.first_of_hour(time, np.array([0, 0, 1, 0, 1], np.int32)).tolist() == [0, 2, 3, 4]
