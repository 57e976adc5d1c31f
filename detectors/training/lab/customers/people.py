"""People: they work in sessions, correct themselves, ask again, and stop."""

import numpy as np

from detectors.training.lab.customers.content import Taste, retaken, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import ends, tasks
from detectors.training.lab.types import Behaviour, Generator, Matrix, Place, Visit
from schemas.batch import Integers


def clerk(place: Place) -> Visit:
    """Case after case, now and then the last one again, as it was or corrected."""
    rng = place.rng
    task = tasks(rng, place.records, rng.uniform(3, 30))
    x = taste(place).draw(len(task))
    again = np.flatnonzero(rng.random(len(x)) < rng.uniform(0, 0.15))
    again = again[again > 0]
    x[again] = x[again - 1]
    mended = again[rng.random(len(again)) < rng.uniform(0, 1)]
    x[mended] = retaken(rng, place.victim, x[mended], 0.5)
    return sent(place, x, task, "desk", "desk", "night", "diurnal")


def analyst(place: Place) -> Visit:
    """In each session about one corner of the world, other corners on other days."""
    rng = place.rng
    task = tasks(rng, place.records, rng.uniform(10, 60))
    first, lengths = ends(task)
    width = rng.uniform(1, 3)
    tastes = [taste(place, narrow=width) for _ in range(min(len(first), 6))]
    x = np.concatenate([tastes[i % len(tastes)].draw(int(n)) for i, n in enumerate(lengths)])
    return sent(place, x, task, "desk", "leisure", "script")


def hobbyist(place: Place) -> Visit:
    """Plays: one input many times, a little changed, zeros, the smallest and the largest."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(4, 25))
    first, lengths = ends(task)
    x = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    fate = rng.random(len(x))
    changed = fate < rng.uniform(0.2, 0.7)
    x[changed] = retaken(rng, victim, x[changed], rng.uniform(0.3, 2))
    new = fate > 0.8
    x[new] = taste(place).draw(int(new.sum()))
    extreme = np.stack([np.zeros_like(victim.grid.low), victim.grid.low, victim.grid.high])
    odd = np.flatnonzero((fate > 0.7) & (fate < 0.7 + rng.uniform(0, 0.06)))
    x[odd] = victim.fitting(extreme[rng.integers(0, 3, len(odd))])
    return sent(place, x, task, "leisure", "leisure", "desk")


def visitor(place: Place) -> Visit:
    """Tries the service a few times and is not seen again."""
    rng = place.rng
    n = min(place.records, int(rng.integers(1, 13)))
    own = taste(place)
    x = own.draw(n) if rng.random() < 0.6 else own.some(3).draw(n)
    return sent(place, x, np.zeros(n, np.int64), "desk", "leisure", "script")


def team(place: Place) -> Visit:
    """Several people behind one key, each with a taste, at the same time."""
    rng = place.rng
    seats = [taste(place) for _ in range(int(rng.integers(2, 9)))]
    task = tasks(rng, place.records, rng.uniform(5, 25))
    seat = rng.integers(0, len(seats), task[-1] + 1)[task]
    return sent(place, _by(seat, seats, place.victim.features), task, "parallel", "desk", "diurnal")


def regular(place: Place) -> Visit:
    """Comes back to the same list of things again and again, and adds to it slowly."""
    rng = place.rng
    task = tasks(rng, place.records, rng.uniform(2, 20))
    own = taste(place)
    listed = own.some(int(rng.integers(5, 300)))
    new = rng.random(len(task)) < rng.uniform(0, 0.3)
    x = np.where(new[:, None], own.draw(len(task)), place.victim.pool[listed.pick(len(task))])
    return sent(place, x, task, "desk", "leisure", "night", "offline")


def traveller(place: Place) -> Visit:
    """A telephone: photographs or forms, several of the same thing, sent when there is a net."""
    rng = place.rng
    task = tasks(rng, place.records, rng.uniform(1.5, 5))
    first, lengths = ends(task)
    once = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    return sent(place, retaken(rng, place.victim, once, rng.uniform(0.2, 1.2)), task, "offline", "leisure", "diurnal")


def trainee(place: Place) -> Visit:
    """A student: the few inputs of the exercise, then own changes of them, bolder and bolder."""
    return exercise(place, place.rng)


def exercise(place: Place, teacher: Generator) -> Visit:
    """Work on an exercise that the teacher's generator fixes, so that all students of a class share it."""
    rng, victim = place.rng, place.victim
    given = victim.pool[teacher.choice(len(victim.pool), int(teacher.integers(2, 12)), replace=False)]
    goal = victim.pool[teacher.integers(len(victim.pool))]
    task = tasks(rng, place.records, rng.uniform(8, 40))
    n = len(task)
    x = given[rng.integers(0, len(given), n)]
    boldness = np.linspace(0, rng.uniform(0.3, 2.5), n)
    order = rng.random(n)
    changed = np.flatnonzero(order < rng.uniform(0.3, 0.8))
    x[changed] = retaken(rng, victim, x[changed], 0.5 + float(boldness.mean()))
    pushed = np.flatnonzero(order > rng.uniform(0.7, 1.0))
    share = (boldness[pushed, None] / 2.5).astype(np.float32)
    x[pushed] = victim.fitting(x[pushed] * (1 - share) + goal * share)
    return sent(place, x, task, "desk", "script", "leisure")


def _by(of: Integers, tastes: list[Taste], width: int) -> Matrix:
    x = np.empty((len(of), width), np.float32)
    for index, one in enumerate(tastes):
        mine = of == index
        x[mine] = one.draw(int(mine.sum()))
    return x


KINDS: dict[str, Behaviour] = {
    "clerk": clerk,
    "analyst": analyst,
    "hobbyist": hobbyist,
    "visitor": visitor,
    "team": team,
    "regular": regular,
    "traveller": traveller,
    "trainee": trainee,
}
