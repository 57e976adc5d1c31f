"""Testers: people who are paid to ask odd things, and teams that make data."""

import numpy as np

from detectors.training.lab.customers.content import parts, retaken, taste
from detectors.training.lab.customers.rhythms import sent
from detectors.training.lab.customers.tasks import ends, tasks, within
from detectors.training.lab.types import Behaviour, Matrix, Place, Visit

SUITE = ("script", "script", "cron", "parallel", "constant")


def robustness(place: Place) -> Visit:
    """Tests how the answers stand noise: the same cases at rising levels of it."""
    rng, victim = place.rng, place.victim
    levels = np.linspace(0, rng.uniform(0.1, 1.5), int(rng.integers(3, 9)))
    sample = taste(place).draw(int(rng.integers(10, 100)))
    task = tasks(rng, place.records, len(sample), 0.0)
    x = sample[within(task) % len(sample)]
    size = levels[task % len(levels)][:, None] * victim.pool.std(axis=0)
    noise = rng.normal(size=x.shape) if rng.random() < 0.6 else rng.choice([-1.0, 1.0], x.shape)
    noisy = (x + size * noise).astype(np.float32)
    clipped = np.clip(noisy, victim.grid.low, victim.grid.high)
    return sent(place, victim.fitting(noisy) if rng.random() < 0.6 else clipped, task, *SUITE)


def corruptions(place: Place) -> Visit:
    """A list of corruptions on a test set: dead parts, dark, bright, coarse, mixed up (after ImageNet-C)."""
    rng, victim = place.rng, place.victim
    sample = taste(place).draw(int(rng.integers(10, 100)))
    pieces = parts(victim, rng)
    task = tasks(rng, place.records, len(sample), 0.0)
    x = sample[within(task) % len(sample)]
    severity = (rng.random(int(task[-1]) + 1)[task])[:, None]
    middle = np.median(victim.pool[:2000], axis=0)
    kind = (task % 6)[:, None]
    dead = np.zeros(x.shape, bool)
    dead[:, np.concatenate([pieces[i] for i in rng.choice(len(pieces), max(1, len(pieces) // 6), replace=False)])] = 1
    x = np.where((kind == 1) & dead, victim.grid.low, x)
    x = np.where(kind == 2, middle + (x - middle) * (1 - 0.8 * severity), x)
    x = np.where(kind == 3, x + 0.4 * severity * (victim.grid.high - x), x)
    x = np.where(kind == 4, np.where(rng.random(x.shape) < 0.1 * severity, victim.grid.high, x), x)
    x = np.where(kind == 5, x + 0.3 * severity * (sample[rng.integers(0, len(sample), len(x))] - x), x)
    return sent(place, victim.fitting(x.astype(np.float32)), task, *SUITE)


def monte_carlo(place: Place) -> Visit:
    """How sure is it: each case many times with the errors of its measurement."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(20, 300))
    first, lengths = ends(task)
    x = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    wide = rng.uniform(0.02, 0.4) * victim.pool.std(axis=0) * (rng.random(victim.features) < rng.uniform(0.2, 1))
    noisy = (x + wide * rng.normal(size=x.shape)).astype(np.float32)
    return sent(place, victim.fitting(noisy) if rng.random() < 0.5 else noisy, task, *SUITE)


def auditor(place: Place) -> Visit:
    """Pairs that differ in one part only, to see whether it matters (fairness)."""
    rng, victim = place.rng, place.victim
    pieces = parts(victim, rng)
    groups = [piece for piece in pieces if len(piece) > 1 or victim.grid.step[piece[0]] == 1] or pieces
    piece = groups[rng.integers(len(groups))]
    task = tasks(rng, place.records, 2, 0.0)
    first, lengths = ends(task)
    x = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    other = np.flatnonzero(within(task) == 1)
    x[other[:, None], piece] = victim.pool[rng.integers(0, len(victim.pool), len(other))][:, piece]
    return sent(place, x, task, *SUITE)


def extremes(place: Place) -> Visit:
    """Tries what the form allows: the least and the most of each part, everything empty, everything full."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(5, 50))
    first, lengths = ends(task)
    x = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    pieces = parts(victim, rng)
    for row in np.flatnonzero(rng.random(len(x)) < rng.uniform(0.3, 0.9)):
        piece = pieces[rng.integers(len(pieces))]
        x[row, piece] = (victim.grid.low if rng.random() < 0.5 else victim.grid.high)[piece]
    blank = np.flatnonzero(rng.random(len(x)) < 0.03)
    x[blank] = np.stack([victim.grid.low, victim.grid.high])[rng.integers(0, 2, len(blank))]
    return sent(place, victim.fitting(x), task, "desk", "script", "desk")


def mixer(place: Place) -> Visit:
    """Makes data where there is too little, as mixtures of two cases (SMOTE, mixup), and has it labelled."""
    rng, victim = place.rng, place.victim
    own = taste(place)
    task = tasks(rng, place.records, rng.uniform(20, 300))
    a, b = own.draw(len(task)), own.draw(len(task))
    share = rng.beta(0.6, 0.6, (len(task), 1)).astype(np.float32)
    x = a * share + b * (1 - share)
    return sent(place, victim.fitting(x) if rng.random() < 0.6 else x, task, *SUITE, "drip")


def shuffler(place: Place) -> Visit:
    """Test data that may leave the house: every part from another case, so each value is real and no row is."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, rng.uniform(20, 300))
    own = taste(place)
    x = own.draw(len(task))
    kept = rng.uniform(0, 0.8)
    for piece in parts(victim, rng):
        if rng.random() > kept:
            x[:, piece] = x[rng.permutation(len(x))][:, piece]
    return sent(place, x, task, *SUITE)


def labellers(place: Place) -> Visit:
    """A team that labels what an own small model was unsure of: real cases, all near the border."""
    rng, victim = place.rng, place.victim
    n = place.records
    x = taste(place, narrow=0.0).draw(min(6 * n, 30_000))
    scores = np.concatenate([victim.scores(x[start : start + 5_000]) for start in range(0, len(x), 5_000)])
    ranked = np.sort(scores, axis=1)
    margin = ranked[:, -1] - ranked[:, -2] + rng.normal(0, rng.uniform(0.02, 0.4), len(x))
    chosen = rng.permutation(margin.argsort()[:n])
    return sent(place, x[chosen], tasks(rng, len(chosen), rng.uniform(10, 80)), "desk", "script", "cron", "drip")


def suite(place: Place) -> Visit:
    """Regression tests: the same cases, among them odd ones, at every build."""
    rng, victim = place.rng, place.victim
    cases = taste(place, narrow=0.0).draw(int(rng.integers(5, 200)))
    odd = rng.random(len(cases)) < rng.uniform(0, 0.3)
    anything = rng.uniform(victim.grid.low, victim.grid.high, (int(odd.sum()), victim.features))
    cases[odd] = victim.fitting(anything.astype(np.float32))
    task = tasks(rng, place.records, len(cases), 0.0)
    return sent(place, cases[within(task) % len(cases)], task, *SUITE)


def benchmark(place: Place) -> Visit:
    """Runs a labelled test set once a week: all classes alike, each case once, as fast as it goes."""
    rng, victim = place.rng, place.victim
    even = np.full(victim.classes, 1 / victim.classes)
    own = taste(place, narrow=0.0, classes=even).some(place.records)
    x = victim.pool[own.rows]
    task = tasks(rng, len(x), max(20, len(x) / 3))
    return sent(place, x, task, "script", "parallel", "cron")


def versions(place: Place) -> Visit:
    """Compares two ways of preparing the same input, and so sends everything twice."""
    rng, victim = place.rng, place.victim
    task = tasks(rng, place.records, 2, 0.0)
    first, lengths = ends(task)
    x: Matrix = np.repeat(taste(place).draw(len(first)), lengths, axis=0)
    second = within(task) == 1
    x[second] = retaken(rng, victim, x[second], rng.uniform(0.1, 1))
    return sent(place, x, task, "diurnal", "cron", "script")


KINDS: dict[str, Behaviour] = {
    "robustness": robustness,
    "corruptions": corruptions,
    "monte_carlo": monte_carlo,
    "auditor": auditor,
    "extremes": extremes,
    "mixer": mixer,
    "shuffler": shuffler,
    "labellers": labellers,
    "suite": suite,
    "benchmark": benchmark,
    "versions": versions,
}
