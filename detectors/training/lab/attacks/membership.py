"""Membership: whether an input was in the training data."""

import numpy as np

from detectors.training.lab.attacks.box import box
from detectors.training.lab.attacks.family import Gain
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles, Flags


def sureness(oracle: Oracle) -> None:
    """Ask each candidate once or twice: the model is surer of what it knows (Yeom, 2018, arXiv:1709.01604)."""
    again = oracle.rng.random() < 0.3
    while oracle.left > 0:
        candidate = _candidate(oracle)
        oracle.answer(np.repeat(candidate[None], 2 if again else 1, axis=0))


def robustness(oracle: Oracle) -> None:
    """Ask each candidate and many noisy copies: training moved boundaries away (arXiv:2007.14321)."""
    rng, place = oracle.rng, box(oracle.victim, oracle.rng)
    copies, levels = int(rng.integers(4, 30)), rng.uniform(0.02, 0.3, int(rng.integers(1, 4)))
    while oracle.left > 0:
        candidate = _candidate(oracle)
        scale = np.resize(levels, copies)[:, None]
        u = place.inside(candidate) + scale * rng.normal(0, 1, (copies, len(place.free)))
        oracle.answer(np.concatenate([candidate[None], place.around(candidate, u)]))


def augmented(oracle: Oracle) -> None:
    """Ask each candidate as training may have shown it: shifted, mirrored, one value changed (arXiv:2007.14321)."""
    copies = int(oracle.rng.integers(3, 12))
    while oracle.left > 0:
        candidate = _candidate(oracle)
        oracle.answer(np.stack([candidate, *(_variant(oracle, candidate) for _ in range(copies))]))


def _variant(oracle: Oracle, x: Matrix) -> Matrix:
    rng, shape = oracle.rng, oracle.victim.shape
    if shape is not None:
        picture = x.reshape(shape)
        picture = picture[:, ::-1] if rng.random() < 0.3 else picture
        return np.asarray(np.roll(picture, rng.integers(-1, 2, 2), axis=(0, 1)).ravel())
    changed, other = x.copy(), oracle.own(1)[0]
    columns = rng.choice(len(x), int(rng.integers(1, 4)), replace=False)
    changed[columns] = other[columns]
    return np.asarray(oracle.victim.fitting(changed[None])[0])


def _candidate(oracle: Oracle) -> Matrix:
    """An input (F,) that was in the training data, or one that was not; he does not know which."""
    rng, victim = oracle.rng, oracle.victim
    member = bool(rng.random() < 0.5)
    rows = victim.train if member else victim.pool
    x = rows[rng.integers(len(rows))]
    oracle.turn(x, oracle.size)
    oracle.truths.append(int(member))
    return np.asarray(x)


def guessed(oracle: Oracle) -> Gain:
    """Area under the curve of the best of two guesses: how sure of the candidate, how steady around it."""
    sent, answers, turn = oracle.sent()
    if not len(sent):
        return Gain(0.5)
    victim, member = oracle.victim, np.array(oracle.truths, np.bool_)
    candidates = np.stack(oracle.targets)
    label = victim.answer(candidates).label
    steady = np.bincount(turn, answers.label == label[turn], len(member)) / np.bincount(turn, minlength=len(member))
    guesses = [steady]
    if victim.logged != "top1":
        p = victim.answer(candidates).probabilities.max(axis=1)
        guesses.append(p)
    return Gain(max(_area(guess, member) for guess in guesses))


def _area(guess: Doubles, member: Flags) -> float:
    """Area under the receiver's curve; ties count half."""
    own, other = guess[member], guess[~member]
    if not len(own) or not len(other):
        return 0.5
    return float((own[:, None] > other).mean() + 0.5 * (own[:, None] == other).mean())
