"""Small synthetic traffic for checks: an ordinary population, attacks, and honest behaviour that looks like them.

A linear softmax model with 4 classes reads 16 columns: 6 continuous, 2 counts, a constant, a one-hot group of 4, and
3 flags of which two exclude each other. Every behaviour gives times (n,) in s since the beginning of a day, and its
inputs (n, 16).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.outputs.leaks import COUNT, ITEMS, WIDTH

DAY = 86400.0
FEATURES, CLASSES = 16, 4
ATTACK, ODDITY = 77, 78  # counts that stand for words that attack, and for words that only look so
LEAKS = 4096  # parts of a unit in which the constant column says what an answer gives away

Array = npt.NDArray[Any]
Generator = np.random.Generator
Rows = tuple[Array, Array]
Behaviour = Callable[[Generator], Rows]


@cache
def _weights() -> Array:
    return np.asarray(np.random.default_rng(1).normal(0, 1.2, (6, CLASSES)))


def answer(x: Array) -> Array:
    """What the model says: probabilities (N, 4), with six decimals."""
    logits = (x[:, :6, None].astype(np.float64) * _weights()).sum(1)
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(np.round(e / e.sum(1, keepdims=True), 6), np.float32)


def inputs(chance: Generator, n: int, *, taste: Array | None = None, spread: float = 1.0) -> Array:
    """Ordinary inputs (n, 16) of a customer with a taste (6,) of its own."""
    x = np.zeros((n, FEATURES), np.float32)
    x[:, :6] = np.round((0 if taste is None else taste) + spread * chance.normal(0, 1, (n, 6)), 3)
    x[:, 6:8] = chance.poisson(3, (n, 2))
    x[:, 8] = 1.0
    x[np.arange(n), 9 + chance.choice(4, n, p=(0.4, 0.3, 0.2, 0.1))] = 1.0
    which = chance.choice(3, n, p=(0.5, 0.3, 0.2))
    x[:, 13], x[:, 14], x[:, 15] = which == 1, which == 2, chance.random(n) < 0.3
    return x


def _taste(chance: Generator) -> Array:
    return np.asarray(chance.normal(0, 0.6, 6))


def person(chance: Generator) -> Rows:
    """A few sessions in office hours, now and then the same request again."""
    starts = np.sort(chance.uniform(7, 20, chance.integers(2, 7))) * 3600
    t = np.concatenate([s + np.cumsum(chance.exponential(20, chance.integers(3, 12))) for s in starts])
    x = inputs(chance, len(t), taste=_taste(chance))
    again = np.flatnonzero(chance.random(len(t)) < 0.05)
    x[again[again > 0]] = x[again[again > 0] - 1]
    return t, x


def batch_job(chance: Generator) -> Rows:
    """A catalogue, every night."""
    n = int(chance.integers(150, 350))
    return 3600 * chance.uniform(1, 4) + np.cumsum(chance.exponential(2, n)), inputs(chance, n, taste=_taste(chance))


def camera(chance: Generator) -> Rows:
    """Bursts of nearly the same input."""
    t, x = [], []
    for start in np.sort(chance.uniform(6, 22, 8)) * 3600:
        n = int(chance.integers(8, 20))
        scene = np.repeat(inputs(chance, 1), n, axis=0)
        scene[:, :6] = np.round(scene[:, :6] + chance.normal(0, 0.02, (n, 6)), 3)
        t.append(start + np.cumsum(chance.exponential(1, n)))
        x.append(scene)
    return np.concatenate(t), np.concatenate(x)


def service(chance: Generator) -> Rows:
    """Another program: one request every few minutes, day and night."""
    t = np.cumsum(chance.gamma(4, 150, 200))
    t = t[t < DAY - 60]
    return t, inputs(chance, len(t), taste=_taste(chance), spread=1.2)


POPULATION: dict[str, tuple[Behaviour, int]] = {
    "person": (person, 36),
    "batch": (batch_job, 4),
    "camera": (camera, 6),
    "service": (service, 6),
}


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


def jailbreaks(chance: Generator) -> Rows:
    """A person, half of whose prompts are attacks and ask for harm."""
    t, x = person(chance)
    x[chance.random(len(t)) < 0.5, 6] = ATTACK
    return t, x


def harmful_requests(chance: Generator) -> Rows:
    """The same: both heads see it."""
    return jailbreaks(chance)


def role_plays(chance: Generator) -> Rows:
    """A person who now and then asks something that looks a little like an attack."""
    t, x = person(chance)
    x[chance.choice(len(t), 1), 6] = ODDITY
    return t, x


def words(x: Array) -> Array:
    """What was read of the words behind inputs (n, 16): (n, 46), as ``detectors.text.reading`` has it."""
    made = np.zeros((len(x), 39 + WIDTH), np.float32)
    made[:, :7] = -6 + np.round(3 * x[:, :1] - x[:, 1:2], 3)
    made[:, :7] += np.where(x[:, 6:7] == ATTACK, 14, np.where(x[:, 6:7] == ODDITY, 4, 0))
    made[:, -WIDTH:] = leaked(x)
    return made


def leaks(chance: Generator) -> Rows:
    """Answers in which other people's addresses and numbers are, new ones each time."""
    t, x = person(chance)
    x[:, 8] += (1 + chance.permutation(len(t))) / LEAKS
    return t, x


def support_desk(chance: Generator) -> Rows:
    """The same address under every answer."""
    t, x = person(chance)
    x[:, 8] += 1 / LEAKS
    return t, x


def leaked(features: Array) -> Array:
    """What answers to inputs (N, 16) hold, as ``detectors.outputs.leaks`` has it (N, 7): at most one item each."""
    made = np.zeros((len(features), WIDTH), np.float32)
    made[:, ITEMS.start] = np.round((np.clip(features[:, 8], 1, 2) - 1) * LEAKS)
    made[:, COUNT] = made[:, ITEMS.start] > 0
    return made


_ALL = (
    jailbreaks, harmful_requests, role_plays, flood, backlog, fuzzing, other_rounding, boundary_walk, hard_cases,
    random_inputs, camera, members, old_cases, leaks, support_desk,
)  # fmt: skip
SCENARIOS: dict[str, Behaviour] = {f.__name__: f for f in _ALL}
