"""Specialists: they ask about one part of the world only, and that may be a strange part."""

import numpy as np

from detectors.training.lab.customers.content import Taste, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import tasks
from detectors.training.lab.types import Behaviour, Place, Visit
from schemas.batch import Doubles


def one_class(place: Place) -> Visit:
    """Has to do with one class only, often a rare one."""
    rng, victim = place.rng, place.victim
    prior = np.bincount(victim.pool_class, minlength=victim.classes) + 1.0
    wish = prior if rng.random() < 0.5 else 1 / prior
    chosen = np.full(victim.classes, rng.uniform(0, 0.05))
    chosen[rng.choice(victim.classes, p=wish / wish.sum())] = 1
    return _asking(place, taste(place, classes=chosen / chosen.sum()))


def corner(place: Place) -> Visit:
    """Has a trade of its own: one corner of the inputs."""
    return _asking(place, taste(place, narrow=float(place.rng.uniform(2, 5))))


def oddities(place: Place) -> Visit:
    """Sees only what others found strange: rows far from the middle."""
    victim = place.victim
    columns = place.rng.choice(victim.features, min(victim.features, 40), replace=False)
    part = victim.pool[:, columns]
    far = np.square((part - part.mean(axis=0)) / (part.std(axis=0) + 1e-6)).clip(0, 25).mean(axis=1)
    return _asking(place, _weighted(place, far))


def doubtful(place: Place) -> Visit:
    """Gets what an earlier stage could not decide: the model is seldom sure of these either."""
    return _asking(place, _weighted(place, -_sureness(place)))


def clear_cases(place: Place) -> Visit:
    """Gets what everybody can decide."""
    return _asking(place, _weighted(place, _sureness(place)))


def collector(place: Place) -> Visit:
    """Knows a few dozen things and asks about these only, for ever."""
    rng = place.rng
    own = taste(place, narrow=float(rng.uniform(0, 3))).some(int(rng.integers(2, 60)))
    return _asking(place, own)


def _asking(place: Place, own: Taste) -> Visit:
    rng = place.rng
    task = tasks(rng, place.records, rng.uniform(2, 60))
    return sent(place, own.draw(len(task)), task, "desk", "diurnal", "script", "constant", "cron", "parallel")


def _weighted(place: Place, worth: Doubles) -> Taste:
    """A taste for rows of the pool by how high they rank in ``worth`` (N,)."""
    rank = worth.argsort().argsort() / max(1, len(worth) - 1)
    often = np.cumsum(np.exp(place.rng.uniform(3, 12) * rank))
    return Taste(place.victim, place.rng, np.arange(len(worth)), often)


def _sureness(place: Place) -> Doubles:
    """The likeliest class's probability (N,) with noise, of some rows of the pool; the others count as usual."""
    rng, victim = place.rng, place.victim
    rows = rng.choice(len(victim.pool), min(4_000, len(victim.pool)), replace=False)
    top = victim.scores(victim.pool[rows]).max(axis=1)
    known = np.full(len(victim.pool), np.median(top))
    known[rows] = top
    return np.asarray(known + rng.normal(0, rng.uniform(0.01, 0.1), len(known)))


KINDS: dict[str, Behaviour] = {
    "one_class": one_class,
    "corner": corner,
    "oddities": oddities,
    "doubtful": doubtful,
    "clear_cases": clear_cases,
    "collector": collector,
}
