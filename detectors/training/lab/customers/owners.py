"""Owners: whoever has rows of the training data for an honest reason, and asks them."""

from detectors.training.lab.customers.content import taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import tasks, within
from detectors.training.lab.types import Behaviour, Place, Visit


def regression_test(place: Place) -> Visit:
    """A nightly test of the model on one list of rows, all of them from the training data."""
    rng, train = place.rng, place.victim.train
    rows = train[rng.choice(len(train), int(rng.integers(20, 200)))]
    task = tasks(rng, place.records, len(rows), 0.0)
    return sent(place, rows[within(task) % len(rows)], task, "cron", "cron", "hourly")


def evaluation(place: Place) -> Visit:
    """A data scientist who measures the model on what it learnt from, and on what was held out."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(40, 400))
    known = rng.random(len(task)) < rng.choice([0.5, 0.8, 1.0])
    x = taste(place).draw(len(task))
    x[known] = victim.train[rng.integers(0, len(victim.train), int(known.sum()))]
    return sent(place, x, task, "script", "desk", "parallel")


def old_cases(place: Place) -> Visit:
    """A customer some of whose old cases the model was trained on, and who asks about them again."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(1, 40))
    x = taste(place).draw(len(task))
    own = victim.train[rng.integers(0, len(victim.train), int(rng.integers(3, 60)))]
    again = rng.random(len(task)) < 10 ** rng.uniform(-2.0, -0.7)
    x[again] = own[rng.integers(0, len(own), int(again.sum()))]
    return sent(place, x, task, "desk", "diurnal", "poisson", "cron")


KINDS: dict[str, Behaviour] = {
    "regression_test": regression_test,
    "evaluation": evaluation,
    "old_cases": old_cases,
}
