"""Faulty: honest clients whose inputs are wrong, always or from some day on."""

from collections.abc import Callable

import numpy as np

from detectors.training.lab.customers.content import parts, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import tasks
from detectors.training.lab.types import Behaviour, Generator, Matrix, Place, Victim, Visit

Fault = Callable[[Generator, Victim], Callable[[Matrix], Matrix]]


def _scaled(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Other units: grams for kilograms, 0 to 255 for 0 to 1, in all columns or in a few."""
    factor = float(rng.choice([0.001, 0.01, 1 / 255, 0.5, 2.0, 10.0, 100.0, 255.0]))
    few = rng.random(victim.features) < (1.0 if victim.shape else rng.choice([0.05, 0.2, 1.0]))
    return lambda x: np.where(few, x * factor, x).astype(np.float32)


def _standardised(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Standardised once too often."""
    mean, deviation = victim.pool.mean(axis=0), victim.pool.std(axis=0) + 1e-6
    few = rng.random(victim.features) < rng.choice([0.2, 1.0])
    return lambda x: np.where(few, (x - mean) / deviation, x).astype(np.float32)


def _swapped(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Some columns in another's place; images turned on their side or mirrored."""
    if victim.shape is not None:
        turned = np.arange(victim.features).reshape(victim.shape)
        order = [turned.T, turned[::-1], turned[:, ::-1], np.rot90(turned)][int(rng.integers(4))].ravel()
    else:
        order = np.arange(victim.features)
        some = rng.choice(victim.features, max(2, victim.features // int(rng.integers(3, 15))), replace=False)
        order[some] = np.roll(some, 1)
    return lambda x: np.ascontiguousarray(x[:, order])


def _missing(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """What is not known is sent as 0, -1 or the mean: of some parts always, or of any part now and then."""
    value = [0.0, -1.0, victim.pool.mean(axis=0)][int(rng.integers(3))]
    pieces = parts(victim, rng)
    dead = np.zeros(victim.features, bool)
    dead[np.concatenate([pieces[i] for i in rng.choice(len(pieces), max(1, len(pieces) // 8), replace=False)])] = True
    often = rng.uniform(0.02, 0.3)
    if rng.random() < 0.5:
        return lambda x: np.where(dead, value, x).astype(np.float32)
    return lambda x: np.where(rng.random(x.shape) < often, value, x).astype(np.float32)


def _off_grid(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Values between those that others send: means of several, floats for integers, soft categories."""
    share = rng.uniform(0.02, 0.3)
    soft = rng.random() < 0.5

    def fault(x: Matrix) -> Matrix:
        if soft:
            other = victim.pool[rng.integers(0, len(victim.pool), len(x))]
            return np.asarray(x * (1 - share) + share * other, np.float32)
        return np.asarray(x + 0.01 * share * victim.pool.std(axis=0) * rng.normal(size=x.shape), np.float32)

    return fault


def _coarse(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Heavily compressed: few levels are left."""
    levels = int(rng.integers(2, 9))
    low, span = victim.grid.low, np.maximum(victim.grid.high - victim.grid.low, 1e-9)
    return lambda x: (low + np.rint((x - low) / span * levels) / levels * span).astype(np.float32)


def _inverted(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Black for white, in tables of a few columns."""
    few = rng.random(victim.features) < (1.0 if victim.shape else 0.1)
    total = victim.grid.low + victim.grid.high
    return lambda x: np.where(few, total - x, x).astype(np.float32)


def _cropped(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """The end is cut off, or a frame lies around it."""
    if victim.shape is None:
        keep = int(victim.features * rng.uniform(0.5, 0.95))
        return lambda x: np.where(np.arange(victim.features) < keep, x, 0).astype(np.float32)
    frame = int(rng.integers(1, max(2, victim.shape[0] // 5)))
    inner = np.zeros(victim.shape, bool)
    inner[frame:-frame, frame:-frame] = True
    fill = float(rng.choice([0.0, 0.5, 1.0]))
    return lambda x: np.where(inner.ravel(), x, fill).astype(np.float32)


def _drifting(rng: Generator, victim: Victim) -> Callable[[Matrix], Matrix]:
    """Ages: every input a little further off than the last."""
    direction = victim.pool.std(axis=0) * rng.normal(size=victim.features) * rng.uniform(0.2, 2)

    def fault(x: Matrix) -> Matrix:
        return victim.fitting((x + np.linspace(0, 1, len(x))[:, None] * direction).astype(np.float32))

    return fault


def _kind(fault: Fault) -> Behaviour:
    def behaviour(place: Place) -> Visit:
        """Ask as others do, through a fault that was always there, came one day, or went one day."""
        rng = place.rng
        task = tasks(rng, place.records, rng.uniform(1, 60))
        x = taste(place).draw(len(task))
        wrong = fault(rng, place.victim)(x)
        cut = int(rng.uniform(0.1, 0.9) * len(x))
        fate = rng.random()
        if fate < 0.3:
            wrong[:cut] = x[:cut]
        elif fate < 0.4:
            wrong[cut:] = x[cut:]
        return sent(place, wrong, task, "desk", "diurnal", "poisson", "constant", "cron", "offline")

    behaviour.__doc__ = fault.__doc__
    return behaviour


KINDS: dict[str, Behaviour] = {
    "scaled": _kind(_scaled),
    "standardised": _kind(_standardised),
    "swapped": _kind(_swapped),
    "missing": _kind(_missing),
    "off_grid": _kind(_off_grid),
    "coarse": _kind(_coarse),
    "inverted": _kind(_inverted),
    "cropped": _kind(_cropped),
    "drifting": _kind(_drifting),
}
