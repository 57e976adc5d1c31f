"""Searches for an adversarial input by the probabilities of the answers; with classes only, by a stand-in for them."""

import numpy as np

from detectors.training.lab.attacks.box import Box, box
from detectors.training.lab.attacks.oracle import Oracle, TurnOver
from detectors.training.lab.attacks.toolbox import black_box, seeded, tool
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles


def _count(oracle: Oracle, questions: int) -> int:
    """How many targets; whoever has classes only needs more questions for each."""
    dear = 4 if oracle.victim.logged == "top1" else 1
    return int(np.clip(round(oracle.size / (dear * questions * oracle.rng.uniform(0.6, 1.6))), 1, 60))


def _generate(oracle: Oracle, place: Box, name: str, shape: tuple[int, ...], count: int, **options: object) -> None:
    """Let a tool of the toolbox that wants images loose on each target."""
    for target in oracle.turns(count):
        try:
            view = black_box(oracle, place, target, shape, scores=True, network=True)
            attack = tool(name)(view, verbose=False, **options)
            with seeded(oracle.rng):
                attack.generate(place.inside(target).astype(np.float32).reshape(1, *shape))
        except TurnOver:
            continue


def simba(oracle: Oracle) -> None:
    """One step to and fro along each pixel, column or frequency (Guo and others, 2019, arXiv:1905.07121)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    shape, options = (1, len(place.free), 1), {"attack": "px", "freq_dim": 1}
    full = oracle.victim.shape
    if full is not None and full[0] == full[1] and len(place.free) == full[0] * full[1]:
        shape = (1, *full)
        if rng.random() < 0.6:
            options = {"attack": "dct", "freq_dim": full[0] // 2, "stride": full[0] - full[0] // 2}
        else:
            options = {"attack": "px", "freq_dim": full[0]}
    step, most = float(np.exp(rng.uniform(np.log(0.05), np.log(0.6)))), 3000
    _generate(oracle, place, "SimBA", shape, _count(oracle, 250), epsilon=step, max_iter=most, **options)


def square(oracle: Oracle) -> None:
    """Random squares, or groups of columns, at the edge of what is allowed (Andriushchenko, 2020, arXiv:1912.00049)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    reach, share = float(rng.uniform(0.06, 0.35)), float(rng.uniform(0.1, 0.8))
    full = oracle.victim.shape
    if full is not None and full[0] == full[1] and len(place.free) == full[0] * full[1]:
        share = min(share, 0.7)  # a tile as large as the image has no place to go
        count = _count(oracle, 200)
        steps = max(20, oracle.size // (3 * count))
        _generate(oracle, place, "SquareAttack", (1, *full), count, eps=reach, p_init=share, max_iter=steps)
        return
    for target in oracle.turns(_count(oracle, 150)):
        try:
            _columns(oracle, place, target, reach / 2, share)
        except TurnOver:
            continue


def _columns(oracle: Oracle, place: Box, target: Matrix, reach: float, share: float) -> None:
    """Square attack where there are no squares: a shrinking share of the columns goes to the edge at once."""
    rng, start = oracle.rng, place.inside(target)[0]
    label, margin = _margin(oracle, place, target, start, None)
    best = start + reach * rng.choice([-1.0, 1.0], len(start))
    _, lowest = _margin(oracle, place, target, best, label)
    for step in range(600):
        if lowest < 0:
            return
        part = max(1, round(share * 0.5 ** (step / 60) * len(start)))
        tried = best.copy()
        columns = rng.choice(len(start), part, replace=False)
        tried[columns] = start[columns] + reach * rng.choice([-1.0, 1.0])
        _, margin = _margin(oracle, place, target, tried, label)
        if margin <= lowest:
            best, lowest = tried, margin


def zoo(oracle: Oracle) -> None:
    """Slopes by differences, column by column, into Adam (Chen and others, 2017, arXiv:1708.03999)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    options = {
        "use_resize": False, "use_importance": False, "verbose": False, "batch_size": 1, "binary_search_steps": 3,
        "confidence": 0.0, "learning_rate": rng.uniform(0.02, 0.3), "max_iter": int(rng.integers(10, 60)),
        "initial_const": float(np.exp(rng.uniform(0, 6))),
        "nb_parallel": min(len(place.free), int(rng.integers(1, 40))),
        "variable_h": float(np.exp(rng.uniform(np.log(0.005), np.log(0.2)))),
    }  # fmt: skip
    for target in oracle.turns(_count(oracle, 400)):
        try:
            attack = tool("ZooAttack")(black_box(oracle, place, target, (len(place.free),), scores=True), **options)
            with seeded(rng):
                attack.generate(place.inside(target).astype(np.float32))
        except TurnOver:
            continue


def nes(oracle: Oracle) -> None:
    """Slopes from mirrored noise, steps within a box (Ilyas and others, 2018, arXiv:1804.08598)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    reach, sigma, pairs = rng.uniform(0.05, 0.3), rng.uniform(0.01, 0.1), int(rng.integers(5, 30))
    for target in oracle.turns(_count(oracle, 400)):
        try:
            _ascend(oracle, place, target, reach, sigma, pairs)
        except TurnOver:
            continue


def _ascend(oracle: Oracle, place: Box, target: Matrix, reach: float, sigma: float, pairs: int) -> None:
    start = place.inside(target)[0]
    at, step = start.copy(), reach / 6
    label, margin = _margin(oracle, place, target, start, None)
    for _ in range(60):
        if margin < 0:
            return
        noise = oracle.rng.normal(0, 1, (pairs, len(start)))
        around = np.concatenate([at + sigma * noise, at - sigma * noise])
        p = oracle.probabilities(place.around(target, around))[:, label]
        slope = ((p[:pairs] - p[pairs:])[:, None] * noise).mean(axis=0)
        at = np.clip(at - step * np.sign(slope), start - reach, start + reach)
        _, margin = _margin(oracle, place, target, at, label)


def genetic(oracle: Oracle) -> None:
    """Breed changes of an input, the best survive (Alzantot and others, 2019, arXiv:1805.11090)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    reach, size = rng.uniform(0.05, 0.3), int(rng.integers(6, 24))
    for target in oracle.turns(_count(oracle, 300)):
        try:
            _breed(oracle, place, target, reach, size)
        except TurnOver:
            continue


def _breed(oracle: Oracle, place: Box, target: Matrix, reach: float, size: int) -> None:
    rng, start = oracle.rng, place.inside(target)[0]
    label = int(oracle.probabilities(target[None])[0].argmax())
    changes = rng.uniform(-reach, reach, (size, len(start)))
    for _ in range(80):
        p = oracle.probabilities(place.around(target, start + changes))
        if (p.argmax(1) != label).any():
            return
        fitness = np.exp((p[:, label].min() - p[:, label]) / max(float(p[:, label].std()), 1e-6))
        parents = rng.choice(size, (2, size - 1), p=fitness / fitness.sum())
        mixed = np.where(rng.random((size - 1, len(start))) < 0.5, changes[parents[0]], changes[parents[1]])
        mixed += (rng.random(mixed.shape) < 0.05) * rng.normal(0, reach / 2, mixed.shape)
        changes = np.concatenate([changes[[fitness.argmax()]], np.clip(mixed, -reach, reach)])


def pixels(oracle: Oracle) -> None:
    """Change a few values only, found by differential evolution (Su, Vargas, Sakurai, 2019, arXiv:1710.08864)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    few, size = int(rng.integers(1, 6)), int(rng.integers(8, 30))
    for target in oracle.turns(_count(oracle, 300)):
        try:
            _evolve(oracle, place, target, min(few, len(place.free)), size)
        except TurnOver:
            continue


def _evolve(oracle: Oracle, place: Box, target: Matrix, few: int, size: int) -> None:
    rng, start = oracle.rng, place.inside(target)[0]
    label = int(oracle.probabilities(target[None])[0].argmax())

    def changed(genes: Doubles) -> Matrix:
        u = np.repeat(start[None], size, axis=0)
        columns = np.clip(genes[:, :few] * len(start), 0, len(start) - 1).astype(int)
        np.put_along_axis(u, columns, genes[:, few:], axis=1)
        return place.around(target, u)

    genes = rng.uniform(0, 1, (size, 2 * few))
    scores = oracle.probabilities(changed(genes))[:, label]
    for _ in range(60):
        a, b, c = (genes[rng.permutation(size)] for _ in range(3))
        tried = np.clip(a + 0.5 * (b - c), 0, 1)
        p = oracle.probabilities(changed(tried))
        if (p.argmax(1) != label).any():
            return
        better = p[:, label] < scores
        genes[better], scores[better] = tried[better], p[better, label]


def coordinates(oracle: Oracle) -> None:
    """Try other values of one column at a time, keep what lowers the odds: what a fraudster does by hand."""
    rng = oracle.rng
    grid = oracle.victim.grid
    for target in oracle.turns(_count(oracle, 60)):
        try:
            at, label = target.copy(), int(oracle.probabilities(target[None])[0].argmax())
            lowest = 1.0
            for column in rng.permutation(len(target)).repeat(2):
                tried = at.copy()
                tried[column] = oracle.own(1)[0, column] if rng.random() < 0.7 else rng.uniform(
                    grid.low[column], grid.high[column]
                )  # fmt: skip
                p = oracle.probabilities(oracle.victim.fitting(tried[None]))[0]
                if p.argmax() != label:
                    break
                if p[label] < lowest:
                    at, lowest = tried, float(p[label])
        except TurnOver:
            continue


def _margin(oracle: Oracle, place: Box, target: Matrix, u: Doubles, label: int | None) -> tuple[int, float]:
    """Class to get away from, and by how much it leads: below 0 where the attack has succeeded."""
    p = oracle.probabilities(place.around(target, u))[0]
    first = int(p.argmax()) if label is None else label
    return first, float(p[first] - np.delete(p, first).max())
