"""Inversion: what the model was trained on, or what it knows of a person, read from its answers."""

from collections.abc import Iterator

import numpy as np

from detectors.training.lab.attacks.box import Box, box
from detectors.training.lab.attacks.oracle import Oracle, TurnOver
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles, Integers


def climb(oracle: Oracle) -> None:
    """Change a portrait of each class at random, keep what makes the model surer.

    After Fredrikson, Jha, Ristenpart, 2015, https://doi.org/10.1145/2810103.2813677, with answers alone; with classes
    only, surer means that more of the inputs around it are of the class (Kahla and others, 2022, arXiv:2203.06580).
    """
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    step, share = rng.uniform(0.05, 0.5), rng.uniform(0.02, 0.3)
    for goal, start in _portraits(oracle, place):
        try:
            u, best = start, _sureness(oracle, place, start, goal)[0]
            while best < 0.9999:
                change = rng.normal(0, step, len(u)) * _some(oracle, place, share)
                sure = _sureness(oracle, place, u + change, goal)[0]
                if sure >= best:
                    u, best = np.clip(u + change, 0, 1), sure
        except TurnOver:
            continue


def slopes(oracle: Oracle) -> None:
    """Follow slopes that are measured by differences, and smooth the portrait now and then (MIFace, black box)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    pairs, sigma, rate = int(rng.integers(4, 40)), rng.uniform(0.02, 0.2), rng.uniform(0.05, 0.4)
    for goal, u in _portraits(oracle, place):
        at, past = u, np.zeros(len(u))
        try:
            for step in range(200):
                if _sureness(oracle, place, at, goal)[0] > 0.9995:
                    break
                noise = rng.normal(0, 1, (pairs, len(at)))
                p = np.log(
                    _sureness(oracle, place, np.concatenate([at + sigma * noise, at - sigma * noise]), goal) + 1e-4
                )
                slope = ((p[:pairs] - p[pairs:])[:, None] * noise).mean(axis=0)
                past = 0.6 * past + slope / max(float(np.abs(slope).max()), 1e-9)
                at = np.clip(at + rate * past / (1 + 0.05 * step), 0, 1)
                at = 0.9 * at + 0.1 * np.roll(at, 1) if step % 20 == 19 and oracle.victim.kind == "image" else at
        except TurnOver:
            continue


def attribute(oracle: Oracle) -> None:
    """For people of whom all but one thing is known, ask with every value that it may have, keep the likeliest.

    Fredrikson and others, 2014, USENIX Security; the people are those that the model was trained on.
    """
    rng, victim = oracle.rng, oracle.victim
    secret = _secret(oracle)
    values = _values(oracle, secret)
    people = rng.permutation(len(victim.train))[: -(-oracle.size // len(values))]
    for person in people:
        oracle.turn(victim.train[person], oracle.size)
        x = np.repeat(victim.train[person][None], len(values), axis=0)
        x[:, secret] = values
        likely = oracle.probabilities(x)[:, victim.train_class[person]]
        true = int(np.abs(values - victim.train[person][secret]).sum(axis=1).argmin())
        oracle.won.append(int(likely.argmax()) == true)


def _secret(oracle: Oracle) -> Integers:
    """Columns of the attribute to find out: one group, or one column of few values."""
    rng, victim = oracle.rng, oracle.victim
    if victim.grid.groups and rng.random() < 0.6:
        return victim.grid.groups[int(rng.integers(len(victim.grid.groups)))]
    counts = np.array([len(np.unique(column)) for column in victim.pool[:500].T], np.float64)
    fit = np.flatnonzero((counts > 1) & (counts <= max(12.0, np.partition(counts, 2)[2])))
    return np.array([int(rng.choice(fit))])


def _values(oracle: Oracle, secret: Integers) -> Matrix:
    """Values (v, len(secret)) that the attribute may have, at most 12."""
    known = np.unique(oracle.victim.pool[:1000][:, secret], axis=0)
    return np.asarray(known[np.linspace(0, len(known) - 1, min(len(known), 12)).astype(int)])


def _portraits(oracle: Oracle, place: Box) -> Iterator[tuple[int, Doubles]]:
    """Class by class, its number and where to begin: a mean or median, noise, nothing; with classes only one of it."""
    rng, classes = oracle.rng, oracle.victim.classes
    known = oracle.own(100)
    begin = int(rng.integers(4)) if oracle.victim.logged != "top1" else 4
    chosen = rng.permutation(classes)[: int(rng.integers(1, classes + 1))]
    while oracle.left > 0:
        for goal in chosen:
            u = place.inside(np.median(known, axis=0) if begin == 0 else known.mean(axis=0))[0]
            u = rng.uniform(0, 1, len(u)) if begin == 2 else np.zeros(len(u)) if begin == 3 else u
            oracle.turn(place.around(known[0], u)[0], -(-oracle.size // len(chosen)))
            oracle.truths.append(int(goal))
            yield int(goal), _of_class(oracle, place, int(goal), u) if begin == 4 else u


def _of_class(oracle: Oracle, place: Box, goal: int, other: Doubles) -> Doubles:
    """Coordinates (k,) of an input that is taken for the goal, without which there is nothing to climb on."""
    for x in oracle.own(20):
        tried = place.pasted(oracle.targets[-1], x)
        if oracle.label(tried)[0] == goal:
            return np.asarray(place.inside(tried)[0])
    return other


def _sureness(oracle: Oracle, place: Box, u: Doubles, goal: int) -> Doubles:
    """Probability (n,) of the goal at coordinates (n, k)."""
    return oracle.probabilities(place.around(oracle.targets[-1], np.clip(u, 0, 1)))[:, goal]


def _some(oracle: Oracle, place: Box, share: float) -> Doubles:
    """Which coordinates are changed (k,), 0 or 1: a square of an image, or some columns."""
    rng, shape = oracle.rng, oracle.victim.shape
    if shape is None or len(place.free) != shape[0] * shape[1]:
        chosen = rng.random(len(place.free)) < share
        chosen[rng.integers(len(chosen))] = True
        return chosen.astype(np.float64)
    side = max(1, round(np.sqrt(share) * shape[0]))
    top, left = rng.integers(0, shape[0] - side + 1), rng.integers(0, shape[1] - side + 1)
    square = np.zeros(shape)
    square[top : top + side, left : left + side] = 1
    return square.ravel()
