"""Thieves who learn: each round of questions is chosen by a copy made from the answers so far."""

from collections.abc import Callable

import numpy as np

from detectors.training.lab.attacks.foreign import foreign
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.attacks.surrogate import Surrogate, fit, one_hot
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles

Value = Callable[[Oracle, Surrogate, Matrix], Doubles]


def jacobian(oracle: Oracle) -> None:
    """Move all known inputs by the sign of the copy's slope, ask, learn (Papernot and others, 2017, arXiv:1602.02697).

    From some size on only a part of the inputs is moved, as the paper's reservoir does.
    """
    rng, victim = oracle.rng, oracle.victim
    x = oracle.own(int(rng.integers(30, 150)))
    step = rng.uniform(0.1, 0.8) * np.maximum(victim.pool[:1000].std(0), 1e-6)
    most, flips = int(rng.integers(200, 800)), rng.random() < 0.5
    low, high, _, _ = victim.grid
    oracle.answer(x)
    while oracle.left > 0:
        copy, label = _copy(oracle), oracle.victim.answer(x).label  # of inputs whose answers he has
        sign = np.sign(copy.slope(x, one_hot(label, victim.classes)))
        turned = rng.choice([-1.0, 1.0], (len(x), 1)) if flips else 1.0
        x = np.clip(x + step * sign * turned, low, high).astype(np.float32)
        oracle.answer(x)
        x = np.concatenate(oracle.sent()[:1])
        x = x[rng.choice(len(x), min(len(x), most), replace=False)]


def active(oracle: Oracle) -> None:
    """Of many honest inputs ask those of which the copy is least sure (ActiveThief; Pal and others, 2020, AAAI)."""
    rng = oracle.rng
    candidates = oracle.own(oracle.known)
    candidates = candidates if rng.random() < 0.6 else np.concatenate(
        [candidates, foreign(oracle.victim, rng, oracle.known)]
    )  # fmt: skip
    _chosen(oracle, candidates, _unsure, int(rng.integers(20, 200)), int(rng.integers(20, 200)))


def spread(oracle: Oracle) -> None:
    """Ask what is farthest from all that was asked, as the copy sees it (k-center; Sener, 2018, arXiv:1708.00489)."""
    rng = oracle.rng
    _chosen(oracle, oracle.own(oracle.known), _farthest, int(rng.integers(20, 100)), int(rng.integers(20, 120)))


def _chosen(oracle: Oracle, candidates: Matrix, value: Value, first: int, batch: int) -> None:
    """Ask some, then round by round those of the highest value; when none is left, small changes of them."""
    rng, open_ = oracle.rng, np.ones(len(candidates), np.bool_)
    pick = rng.choice(len(candidates), min(first, len(candidates)), replace=False)
    while oracle.left > 0:
        open_[pick] = False
        oracle.answer(candidates[pick])
        if not open_.any():
            noise = rng.normal(0, 0.2, candidates.shape) * candidates.std(0)
            candidates, open_ = oracle.victim.fitting(candidates + noise.astype(np.float32)), ~open_
        left = np.flatnonzero(open_)
        worth = value(oracle, _copy(oracle), candidates[left])
        pick = left[np.argsort(-worth, kind="stable")[:batch]]


def _unsure(oracle: Oracle, copy: Surrogate, x: Matrix) -> Doubles:
    """How near the two likeliest classes are."""
    del oracle
    p = np.sort(copy.probabilities(x), axis=1)
    return np.asarray(p[:, -2] - p[:, -1])


def _farthest(oracle: Oracle, copy: Surrogate, x: Matrix) -> Doubles:
    """Distance to the nearest input that was asked, among the copy's answers."""
    asked = copy.probabilities(oracle.sent()[0][-600:])
    p = copy.probabilities(x)
    squares = (p**2).sum(1)[:, None] + (asked**2).sum(1) - 2 * p @ asked.T
    return np.asarray(squares.min(axis=1))


def bandit(oracle: Oracle) -> None:
    """Learn which kind of input teaches most, and ask more of it (Knockoff Nets, adaptive; arXiv:1812.02766).

    Kinds are clusters of foreign and own inputs; a gradient bandit weighs sureness, variety and surprise.
    """
    rng, victim = oracle.rng, oracle.victim
    arms = int(rng.integers(5, 16))
    x = np.concatenate([foreign(victim, rng, 2 * oracle.size), oracle.own(min(oracle.known, oracle.size))])
    centre = x[rng.choice(len(x), arms, replace=False)]
    scale = x.std(0) + 1e-6
    kind = np.stack([(((x - one) / scale) ** 2).sum(1) for one in centre]).argmin(axis=0)
    weight, mean, batch = np.zeros(arms), 0.0, int(rng.integers(8, 40))
    classes = np.full(victim.classes, 1.0)
    while oracle.left > 0:
        share = np.exp(weight - weight.max())
        share /= share.sum()
        arm = int(rng.choice(arms, p=share))
        members = np.flatnonzero(kind == arm)
        asked = x[rng.choice(members, min(batch, len(members)), replace=False)] if len(members) else oracle.own(batch)
        before = _copy(oracle).probabilities(asked) if oracle.left < oracle.size else None
        p = oracle.probabilities(asked)
        got = p.mean(axis=0)
        reward = float(np.sort(p, axis=1)[:, -1].mean() - (got * classes / classes.sum()).sum() * len(classes))
        reward += 0.0 if before is None else float(np.abs(before - p).sum(1).mean())
        classes += got
        mean += 0.1 * (reward - mean)
        weight += 0.8 * (reward - mean) * ((np.arange(arms) == arm) - share)


def generator(oracle: Oracle) -> None:
    """Make inputs from nothing that the copy and the victim disagree on (data-free theft; arXiv:2011.14779).

    A population of patterns stands for the generator: the best are kept and mixed.
    """
    rng, victim = oracle.rng, oracle.victim
    low, high, _, _ = victim.grid
    size = int(rng.integers(40, 160))
    bases = np.concatenate(
        [foreign(victim, rng, 30), victim.fitting(rng.uniform(low, high, (10, victim.features)).astype(np.float32))]
    )
    x = bases[rng.integers(0, len(bases), size)]
    while oracle.left > 0:
        p = oracle.probabilities(x)
        apart = np.abs(_copy(oracle).probabilities(x) - p).sum(axis=1)
        best = x[np.argsort(-apart, kind="stable")[: size // 4]]
        pair = best[rng.integers(0, len(best), (2, size))]
        share = rng.random((size, 1))
        noise = rng.normal(0, 0.1, x.shape) * (high - low) * (rng.random(x.shape) < 0.2)
        fresh = bases[rng.integers(0, len(bases), size)]
        x = np.where(rng.random((size, 1)) < 0.2, fresh, share * pair[0] + (1 - share) * pair[1] + noise)
        x = np.clip(x, low, high).astype(np.float32)


def crossings(oracle: Oracle) -> None:
    """Search the line between two inputs of different classes for the boundary, line after line.

    Lowd, Meek, 2005, https://doi.org/10.1145/1081870.1081950; Tramer and others, 2016, arXiv:1609.02943.
    """
    rng = oracle.rng
    few = int(rng.integers(8, 80))
    known = oracle.own(few)
    label = oracle.label(known)
    halvings, fits = int(rng.integers(5, 14)), rng.random() < 0.4
    while oracle.left > 0:
        i, j = rng.integers(0, few, 2)
        if label[i] == label[j]:
            if (label == label[0]).all():  # nothing to search between: other inputs
                known = oracle.own(few)
                label = oracle.label(known)
            continue
        oracle.turn(known[i], oracle.size)
        low, high = 0.0, 1.0
        for _ in range(halvings):
            middle = (low + high) / 2
            x = (known[i] + middle * (known[j] - known[i]))[None]
            same = oracle.label(oracle.victim.fitting(x) if fits else x)[0] == label[i]
            low, high = (middle, high) if same else (low, middle)


def columns(oracle: Oracle) -> None:
    """Find at which value of each column the answer changes, input after input (arXiv:1609.02943, section 4.2)."""
    rng, victim = oracle.rng, oracle.victim
    low, high, step, _ = victim.grid
    while oracle.left > 0:
        x = oracle.own(1)[0]
        oracle.turn(x, oracle.size)
        first = int(oracle.label(x[None])[0])
        for column in rng.permutation(np.flatnonzero(high > low))[: int(rng.integers(3, 40))]:
            tried = np.repeat(x[None], 2, axis=0)
            tried[:, column] = low[column], high[column]
            for end, label in zip(tried[:, column].copy(), oracle.label(tried), strict=True):
                if label != first:
                    _bisect(oracle, x, int(column), float(end), max(float(step[column]), 1e-3))


def _bisect(oracle: Oracle, x: Matrix, column: int, end: float, fine: float) -> None:
    same, other = float(x[column]), end
    first = int(oracle.victim.answer(x[None]).label[0])
    width = abs(other - same)
    while abs(other - same) > max(fine, width / 64):
        tried = x.copy()
        tried[column] = (same + other) / 2
        if oracle.label(tried[None])[0] == first:
            same = float(tried[column])
        else:
            other = float(tried[column])


def _copy(oracle: Oracle) -> Surrogate:
    """A copy from the latest answers, as good as there is time for."""
    sent, answers, _ = oracle.sent()
    classes = oracle.victim.classes
    soft = one_hot(answers.label, classes) if oracle.victim.logged == "top1" else answers.probabilities
    if not len(sent):
        sent, soft = oracle.own(2), np.full((2, classes), 1 / classes)
    return fit(oracle.rng, sent[-2500:], soft[-2500:], units=32, steps=120)
