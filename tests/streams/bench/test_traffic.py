"""The traffic that is measured with is readable, in time order, and the same every time."""

import numpy as np

from schemas.formats import native
from streams.bench.traffic import ATTACKERS, BEGIN, BURN_IN, CLASSES, FEATURES, PRINCIPALS, SHARE, messages


def read(count, **options):
    values = [m.value for m in messages(count, **options)]
    return native.read_many(values, range(count)).records


def test_every_record_is_read_and_keyed_by_its_principal():
    made = list(messages(500))
    reading = native.read_many([m.value for m in made], range(500))
    assert not reading.rejects
    assert [m.key.decode() for m in made] == [r.principal for r in reading.records]
    assert {(len(r.features), len(r.probabilities)) for r in reading.records} == {(FEATURES, CLASSES)}


def test_time_rises_and_a_share_lies_in_the_burn_in():
    times = np.array([r.time for r in read(2000)])
    assert (np.diff(times) >= 0).all()
    assert (times < BEGIN + BURN_IN).mean() == SHARE


def test_a_seed_makes_the_same_traffic_again_and_another_seed_another():
    assert [m.value for m in messages(300)] == [m.value for m in messages(300)]
    assert [m.value for m in messages(300)] != [m.value for m in messages(300, seed=2)]


def test_attackers_are_few_and_begin_after_the_burn_in():
    assert ATTACKERS < PRINCIPALS / 100
    strange = [r for r in read(8000) if np.abs(r.features).max() > 2.9 and r.principal < f"p-{ATTACKERS:04d}"]
    assert all(r.time > BEGIN + BURN_IN for r in strange if r.principal == "p-0000")
