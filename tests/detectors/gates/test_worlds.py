from itertools import islice

import numpy as np

from detectors.gates.worlds import World, days, room


def first(world, n, seed=0):
    return list(islice(days(world, np.random.default_rng(seed)), n))


def test_the_same_seed_gives_the_same_days():
    a, b = first(World(), 3), first(World(), 3)
    assert all((x.slots == y.slots).all() and (x.scores == y.scores).all() for x, y in zip(a, b, strict=True))


def test_the_burn_in_is_clean_and_later_days_have_their_attackers():
    made = first(World(attackers=0.1, burn_in=2), 4)
    assert [len(d.attackers) for d in made] == [0, 0, 15, 15]


def test_a_surge_brings_eight_times_the_principals_every_tenth_day():
    made = [len(np.unique(d.slots)) for d in first(World(surge=8.0), 12)]
    assert made[10] > 6 * np.median(made)


def test_there_is_room_for_everybody():
    world = World(surge=8.0, days=20, attackers=0.1)
    assert max(d.slots.max() for d in first(world, 21)) < room(world)


def test_two_detectors_see_nearly_the_same():
    day = first(World(heterogeneity=0.0), 1)[0]
    assert np.corrcoef(day.scores.T)[0, 1] > 0.8
