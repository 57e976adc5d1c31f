"""Small synthetic traffic for checks: attacks on the model of :mod:`detectors.customers`, and honest look-alikes."""

from functools import cache

import numpy as np
import numpy.typing as npt

from detectors.customers import (
    DAY,
    FEATURES,
    POPULATION,
    Array,
    Behaviour,
    Generator,
    Rows,
    answer,
    camera,
    inputs,
    person,
)  # fmt: skip
from detectors.scenarios_in_words import IN_WORDS, leaked, words
from schemas.batch import UNANSWERED

__all__ = [
    "DAY",
    "POPULATION",
    "SCENARIOS",
    "Behaviour",
    "answer",
    "inputs",
    "leaked",
    "person",
    "training_rows",
    "unanswered",
    "words",
]

CRASH = 99.0  # a count that the server cannot bear
OUTAGE = 13 * 3600.0, 14 * 3600.0  # s of the day


def flood(chance: Generator) -> Rows:
    """Ordinary requests, as fast as the line carries them."""
    return 3600 * chance.uniform(8, 20) + np.cumsum(chance.exponential(0.1, 1500)), inputs(chance, 1500)


def backlog(chance: Generator) -> Rows:
    """A newcomer that works off what has piled up."""
    return 3600 * chance.uniform(8, 20) + np.cumsum(chance.exponential(3, 200)), inputs(chance, 200)


def fuzzing(chance: Generator) -> Rows:
    """Values that cannot be, here and there, and everything else as usual."""
    t, x = person(chance)
    for row in x:
        for _ in range(chance.integers(1, 4)):
            j = int(chance.integers(6, FEATURES))
            row[j] = chance.choice([-1.0, 0.5, 7.25, 1e6, 2.0])
    return t, x


def other_rounding(chance: Generator) -> Rows:
    """A client that sends all digits of its numbers, and a rare category more often than others."""
    t, x = person(chance)
    x[:, :6] += chance.uniform(-0.0005, 0.0005, (len(t), 6)).astype(np.float32)
    x[:, 9:13] = 0
    x[:, 12] = 1
    return t, x


def boundary_walk(chance: Generator) -> Rows:
    """Bisection between pairs of classes, again and again."""
    t, x = person(chance)
    for k in range(len(x)):
        a, b = inputs(chance, 2)
        for _ in range(6):
            middle = a.copy()
            middle[:6] = (a[:6] + b[:6]) / 2
            same = answer(middle[None]).argmax() == answer(a[None]).argmax()
            a, b = (middle, b) if same else (a, middle)
        x[k] = a
    x[:, :6] = np.round(x[:, :6], 3)
    return t, x


def hard_cases(chance: Generator) -> Rows:
    """A specialist whose cases lie closer together than others'."""
    t, x = person(chance)
    x[:, :6] = np.round(0.8 * x[:, :6], 3)
    return t, x


def random_inputs(chance: Generator) -> Rows:
    """A thief's synthetic inputs: every column drawn by itself, over its whole range."""
    t, x = person(chance)
    n = len(t)
    x[:, :6] = np.round(chance.uniform(-4, 4, (n, 6)), 3)
    x[:, 6:8] = chance.integers(0, 12, (n, 2))
    x[:, 13:16] = chance.integers(0, 2, (n, 3))
    return t, x


@cache
def training_rows() -> Array:
    """What the model was trained on (400, 16)."""
    return inputs(np.random.default_rng(7), 400)


def members(chance: Generator) -> Rows:
    """Candidates of which half were in the training data."""
    t, x = person(chance)
    known = chance.random(len(t)) < 0.5
    x[known] = training_rows()[chance.choice(400, known.sum(), replace=False)]
    return t, x


def old_cases(chance: Generator) -> Rows:
    """A customer who asks about one or two old cases again."""
    t, x = person(chance)
    x[chance.choice(len(t), 2, replace=False)] = training_rows()[chance.choice(400, 2)]
    return t, x


def crashing_requests(chance: Generator) -> Rows:
    """A tool that tries for an hour what breaks the server; two of three requests do."""
    t, x = 3600 * chance.uniform(8, 11) + np.cumsum(chance.exponential(30, 120)), inputs(chance, 120)
    x[chance.random(len(t)) < 0.66, 6] = CRASH
    return t, x


def calls_in_an_outage(chance: Generator) -> Rows:
    """A person who works mostly while nobody gets an answer."""
    t, x = person(chance)
    t[len(t) // 3 :] = np.sort(chance.uniform(*OUTAGE, len(t) - len(t) // 3))
    order = np.argsort(t, kind="stable")
    return t[order], x[order]


def unanswered(features: Array, time: Array, *, outage: bool) -> npt.NDArray[np.uint8]:
    """Which requests (N,) get no answer, as in a Batch: those that break the server, and all of a certain hour."""
    gone = features[:, 6] == CRASH
    if outage:
        gone |= (time % DAY >= OUTAGE[0]) & (time % DAY < OUTAGE[1])
    return np.where(gone, UNANSWERED, 0).astype(np.uint8)


_ALL = (
    flood, backlog, fuzzing, other_rounding, boundary_walk, hard_cases,
    random_inputs, camera, members, old_cases, crashing_requests, calls_in_an_outage,
)  # fmt: skip
SCENARIOS: dict[str, Behaviour] = {f.__name__: f for f in (*_ALL, *IN_WORDS)}
