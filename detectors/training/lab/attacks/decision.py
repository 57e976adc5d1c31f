"""Walks along the decision boundary, by classes alone: no probabilities are needed."""

from collections.abc import Mapping

import numpy as np

from detectors.training.lab.attacks.box import Box, away, box
from detectors.training.lab.attacks.oracle import Oracle, TurnOver
from detectors.training.lab.attacks.toolbox import black_box, seeded, tool
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles


def _count(oracle: Oracle, questions: int) -> int:
    """How many targets: each gets some ``questions``, a few targets at least and many at most."""
    return int(np.clip(round(oracle.size / (questions * oracle.rng.uniform(0.6, 1.6))), 1, 40))


def boundary(oracle: Oracle) -> None:
    """Random walk along the boundary, ever closer (Brendel, Rauber, Bethge, 2018, arXiv:1712.04248)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    options = {
        "targeted": False, "verbose": False, "max_iter": 5000, "num_trial": int(rng.integers(5, 26)),
        "sample_size": int(rng.integers(4, 24)), "delta": rng.uniform(0.01, 0.2), "epsilon": rng.uniform(0.01, 0.2),
    }  # fmt: skip
    for target in oracle.turns(_count(oracle, 500)):
        _walk(oracle, place, target, "BoundaryAttack", options)


def hopskipjump(oracle: Oracle) -> None:
    """Estimate the boundary's slope, jump, search back (Chen, Jordan, Wainwright, 2020, arXiv:1904.02144)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    options = {
        "targeted": False, "verbose": False, "norm": 2 if rng.random() < 0.7 else np.inf, "max_iter": 40,
        "init_eval": int(rng.integers(10, 100)), "max_eval": int(rng.integers(200, 2000)),
    }  # fmt: skip
    for target in oracle.turns(_count(oracle, 400)):
        _walk(oracle, place, target, "HopSkipJump", options)


def _walk(oracle: Oracle, place: Box, target: Matrix, name: str, options: Mapping[str, object]) -> None:
    """Let a tool of the toolbox walk from an input of another class to the target."""
    try:
        label = int(oracle.label(target)[0])
        start = away(oracle, place, target, label)
        if start is None:
            return
        first = place.inside(start)[0].astype(np.float32)
        shape = (len(place.free),)
        attack = tool(name)(black_box(oracle, place, target, shape, scores=False), **options)
        # It would draw a start from the system's entropy where the one it is given does not please it.
        second = label if name == "HopSkipJump" else int(label == 0)
        attack._init_sample = lambda *_, **__: (first, second)  # noqa: SLF001
        with seeded(oracle.rng):
            attack.generate(place.inside(target).astype(np.float32))
    except TurnOver:
        return


def sign_opt(oracle: Oracle) -> None:
    """Shorten the distance to the boundary by signs of its change (Cheng and others, 2020, arXiv:1909.10773)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    options = {
        "targeted": False, "verbose": False, "k": int(rng.integers(10, 80)), "num_trial": int(rng.integers(5, 40)),
        "alpha": rng.uniform(0.1, 0.5), "epsilon": rng.uniform(0.001, 0.05), "max_iter": 200,
    }  # fmt: skip
    for target in oracle.turns(_count(oracle, 500)):
        try:
            attack = tool("SignOPTAttack")(
                black_box(oracle, place, target, (len(place.free),), scores=False), **options
            )
            with seeded(rng):
                attack.generate(place.inside(target).astype(np.float32))
        except TurnOver:
            continue


def rays(oracle: Oracle) -> None:
    """Flip ever smaller blocks of a direction's signs (Chen, Gu, 2020, arXiv:2006.12792)."""
    place = box(oracle.victim, oracle.rng)
    for target in oracle.turns(_count(oracle, 250)):
        try:
            _shoot(oracle, place, target)
        except TurnOver:
            continue


def _shoot(oracle: Oracle, place: Box, target: Matrix) -> None:
    label, start = int(oracle.label(target)[0]), place.inside(target)[0]
    width = len(place.free)
    signs: Doubles = np.where(oracle.rng.random(width) < 0.5, -1.0, 1.0)

    def crosses(direction: Doubles, length: float) -> bool:
        return bool(oracle.label(place.around(target, start + length * direction))[0] != label)

    best, blocks = 1.0, 1
    while blocks <= 2 * width:
        for part in np.array_split(np.arange(width), min(blocks, width)):
            tried = signs.copy()
            tried[part] *= -1
            if not crosses(tried, best):
                continue
            low, high = 0.0, best
            while high - low > 2e-3:
                middle = (low + high) / 2
                low, high = (low, middle) if crosses(tried, middle) else (middle, high)
            signs, best = tried, high
        blocks *= 2
