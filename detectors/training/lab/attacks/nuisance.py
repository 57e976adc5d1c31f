"""Nuisance: inputs that cannot be, questions about the model itself, and too many of them."""

import numpy as np

from detectors.training.lab.attacks.box import box
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.types import Generator, Matrix, Victim


def fuzz(oracle: Oracle) -> None:
    """Break honest inputs in all ways that a fuzzer knows: ends, excess, wrong signs, fractions, two categories."""
    rng, victim = oracle.rng, oracle.victim
    chosen = rng.choice(len(_BREAKS), int(rng.integers(2, len(_BREAKS) + 1)), replace=False)
    seeds = oracle.own(int(rng.integers(1, 40)))
    while oracle.left > 0:
        x = seeds[rng.integers(len(seeds))].copy()
        for _ in range(int(rng.integers(1, 4))):
            _BREAKS[rng.choice(chosen)](victim, rng, x)
        oracle.answer(x)


def _excess(victim: Victim, rng: Generator, x: Matrix) -> None:
    column = rng.integers(len(x))
    width = max(float(victim.grid.high[column] - victim.grid.low[column]), 1.0)
    x[column] = victim.grid.high[column] + width * 10 ** rng.uniform(-1, 5)


def _negative(victim: Victim, rng: Generator, x: Matrix) -> None:
    columns = rng.random(len(x)) < rng.uniform(0.02, 0.3)
    x[columns] = victim.grid.low[columns] - np.abs(x[columns]) - 1


def _ends(victim: Victim, rng: Generator, x: Matrix) -> None:
    columns = rng.random(len(x)) < rng.uniform(0.1, 1)
    x[columns] = (victim.grid.high if rng.random() < 0.5 else victim.grid.low)[columns]


def _fraction(victim: Victim, rng: Generator, x: Matrix) -> None:
    del victim
    columns = rng.random(len(x)) < 0.3
    x[columns] += rng.uniform(0.1, 0.9, int(columns.sum())).astype(np.float32)


def _categories(victim: Victim, rng: Generator, x: Matrix) -> None:
    if victim.grid.groups:
        group = victim.grid.groups[int(rng.integers(len(victim.grid.groups)))]
        x[group] = rng.choice([0.0, 1.0, 2.0], len(group))
    else:
        _noise(victim, rng, x)


def _moved(victim: Victim, rng: Generator, x: Matrix) -> None:
    del victim
    x[:] = np.roll(x, int(rng.integers(1, len(x))))


def _empty(victim: Victim, rng: Generator, x: Matrix) -> None:
    del victim
    x[:] = rng.choice([0.0, 1.0, -1.0, 255.0])


def _noise(victim: Victim, rng: Generator, x: Matrix) -> None:
    x[:] = rng.uniform(victim.grid.low, victim.grid.high)


_BREAKS = (_excess, _negative, _ends, _fraction, _categories, _moved, _empty, _noise)


def unsure(oracle: Oracle) -> None:
    """Look for where the model is unsure: steps between honest inputs, finer where the answer changes."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    steps = int(rng.integers(4, 12))
    while oracle.left > 0:
        a, b = oracle.own(2)
        oracle.turn(a, oracle.size)
        for _ in range(int(rng.integers(1, 4))):
            share = np.linspace(0, 1, steps)[:, None]
            u = (1 - share) * place.inside(a) + share * place.inside(b)
            x = place.around(a, u)
            label = oracle.label(x)
            change = np.flatnonzero(np.diff(label))
            if not len(change):
                break
            a, b = x[change[0]], x[change[0] + 1]


def rules(oracle: Oracle) -> None:
    """Break one rule of an honest input at a time, to see what is checked."""
    rng, victim = oracle.rng, oracle.victim
    low, high, step, groups = victim.grid
    while oracle.left > 0:
        x = oracle.own(1)[0]
        oracle.turn(x, oracle.size)
        oracle.answer(x)
        for column in rng.choice(len(x), min(len(x), int(rng.integers(3, 20))), replace=False):
            wrong = x.copy()
            past = 0.05 * (high[column] - low[column]) + 0.01
            ways = [high[column] + past, low[column] - past, x[column] + step[column] / 2, 0.0]
            wrong[column] = ways[int(rng.integers(4))]
            oracle.answer(wrong)
        for group in groups:
            wrong = x.copy()
            wrong[group] = rng.integers(0, 2)
            oracle.answer(wrong)


def sweep(oracle: Oracle) -> None:
    """Move one column, or two together, over all values it may have, and the rest stays: a map of the model."""
    rng, victim = oracle.rng, oracle.victim
    low, high, _, _ = victim.grid
    levels, fits = int(rng.integers(5, 40)), rng.random() < 0.6
    base = oracle.own(1)[0]
    while oracle.left > 0:
        base = base if rng.random() < 0.8 else oracle.own(1)[0]
        oracle.turn(base, oracle.size)
        x = np.repeat(base[None], levels, axis=0)
        for column in rng.choice(len(base), int(rng.integers(1, 3)), replace=False):
            x[:, column] = np.linspace(low[column], high[column], levels)
        oracle.answer(victim.fitting(x) if fits else x)


def flood(oracle: Oracle) -> None:
    """Send ordinary inputs, few or many, over and over."""
    rng = oracle.rng
    few = oracle.own(int(np.exp(rng.uniform(0, np.log(1500)))))
    oracle.answer(few[rng.integers(0, len(few), oracle.size)])
