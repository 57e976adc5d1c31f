"""Habits: what each kind of customer asks. Much of it looks odd at first sight, and is honest."""

from collections.abc import Callable

import numpy as np

from detectors.training.traffic.people import Person
from detectors.training.traffic.world import AMOUNTS, SHARES, Codes, Floats, Generator, World, grid

CATALOGUE = 600  # different inputs of a batch job, at most


def inputs(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """Inputs (n, 24) of a customer, for records of the given sessions (n,)."""
    return _HABITS[person.persona](chance, person, world, sessions)


def _fresh(chance: Generator, person: Person, world: World, n: int) -> Floats:
    return world.sample(chance, world.labels(chance, n, person.mix))


def _app(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """Someone at a counter: every request another case, now and then the last one corrected a little."""
    x = _fresh(chance, person, world, len(sessions))
    again = np.flatnonzero(chance.random(len(x)) < 0.08)
    again = again[again > 0]
    x[again] = x[again - 1]
    column = chance.integers(SHARES.start, SHARES.stop, len(again))
    x[again, column] = np.clip(x[again, column] + chance.normal(0, 0.03, len(again)), 0, 1)
    return grid(x)


def _camera(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """A sensor that sees one scene for a while: bursts of nearly the same input."""
    kinds, scene = np.unique(sessions, return_inverse=True)
    x = _fresh(chance, person, world, len(kinds))[scene]
    x[:, SHARES] = np.clip(x[:, SHARES] + chance.normal(0, 0.015, x[:, SHARES].shape), 0, 1)
    x[:, AMOUNTS] *= 1 + chance.normal(0, 0.02, x[:, AMOUNTS].shape)
    return grid(x)


def _batch(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """A nightly job over the same catalogue, of which a little changes every day."""
    each = int(np.bincount(sessions).max())
    catalogue = _fresh(chance, person, world, min(CATALOGUE, each))
    rows = []
    for night in np.unique(sessions):
        renewed = np.flatnonzero(chance.random(len(catalogue)) < 0.05)
        catalogue[renewed] = _fresh(chance, person, world, len(renewed))
        rows.append(catalogue[np.arange(int((sessions == night).sum())) % len(catalogue)])
    return np.concatenate(rows)


def _service(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """Another program: steady, and a quarter of it health checks with one and the same input."""
    x = _fresh(chance, person, world, len(sessions))
    x[chance.random(len(x)) < 0.25] = x[0]
    return x


def _dev(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """A developer: the same smoke test, zeros, and extremes that a form allows."""
    x = _fresh(chance, person, world, len(sessions))
    draw = chance.random(len(x))
    x[draw < 0.35] = x[0]
    x[draw > 0.95] = 0
    odd = np.flatnonzero((draw > 0.90) & (draw <= 0.95))
    x[odd[:, None], np.arange(SHARES.start, SHARES.stop)] = chance.integers(0, 2, (len(odd), SHARES.stop))
    return x


def _explainer(chance: Generator, person: Person, world: World, sessions: Codes) -> Floats:
    """An explanation client (SHAP): one case, hundreds of times, with some columns taken from other cases."""
    kinds, case = np.unique(sessions, return_inverse=True)
    x = _fresh(chance, person, world, len(kinds))[case]
    background = _fresh(chance, person, world, 50)
    taken = chance.random(x.shape) < chance.uniform(0.1, 0.9, (len(x), 1))
    return np.where(taken, background[chance.integers(0, 50, len(x))], x)


_HABITS: dict[str, Callable[[Generator, Person, World, Codes], Floats]] = {
    "app": _app,
    "camera": _camera,
    "batch": _batch,
    "service": _service,
    "dev": _dev,
    "explainer": _explainer,
}
