"""Gains: what an attack came to, measured by what only the owner of the victim can see."""

import numpy as np

from detectors.training.lab.attacks.family import Gain
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.attacks.surrogate import fit, one_hot
from detectors.training.lab.types import Matrix
from schemas.batch import Doubles

POINTS = (30, 100, 300, 1000, 3000)  # answers after which a copy is made
JUDGES = 1500  # honest inputs that a copy has to agree on


def disguised(oracle: Oracle) -> Gain:
    """Share of the targets that got another class by under half the change to the nearest honest input of another.

    Changes are measured in spreads of each column, by the root of their squares or by the largest, whichever is kinder.
    """
    sent, answers, turn = oracle.sent()
    if not oracle.targets or not len(sent):
        return Gain(0.0)
    victim = oracle.victim
    others, spread = victim.pool[:400], victim.pool[:2000].std(0)
    width = np.maximum(spread, 0.1 * spread.mean())
    taken = victim.answer(others).label
    targets = np.stack(oracle.targets)
    first = victim.answer(targets).label
    gained = np.zeros(len(sent))
    for index, target in enumerate(targets):
        mine = np.flatnonzero((turn == index) & (answers.label != first[index]))
        found, honest = (sent[mine] - target) / width, (others[taken != first[index]] - target) / width
        near = [_lengths(found, order) < 0.5 * _lengths(honest, order).min(initial=np.inf) for order in (2, np.inf)]
        gained[mine[np.logical_or(*near)][:1]] = 1 / len(targets)
    return Gain(float(gained.sum()), gained=gained)


def _lengths(changes: Matrix, order: float) -> Doubles:
    """Norm of each change (n, F)."""
    return np.asarray(np.linalg.norm(changes, ord=order, axis=1), np.float64)


def fooled(oracle: Oracle) -> Gain:
    """Share of what was sent that is taken for another class than the honest input it was made from."""
    sent, answers, turn = oracle.sent()
    if not oracle.targets or not len(sent):
        return Gain(0.0)
    first = oracle.victim.answer(np.stack(oracle.targets)).label
    wrong = answers.label != first[turn]
    return Gain(float(wrong.mean()), gained=wrong / len(sent))


def copied(oracle: Oracle) -> Gain:
    """Agreement of copies, made from the first answers, with the victim on honest inputs."""
    sent, answers, _ = oracle.sent()
    victim = oracle.victim
    judges = victim.pool[-JUDGES:]
    truth = victim.answer(judges).label
    soft = answers.probabilities if victim.logged != "top1" else one_hot(answers.label, victim.classes)
    chance = np.random.default_rng(len(sent))
    fidelity = []
    for count in sorted({*(point for point in POINTS if point < len(sent)), len(sent)} - {0}):
        copy = fit(chance, sent[:count], soft[:count])
        fidelity.append((count, round(float((copy.label(judges) == truth).mean()), 4)))
    best = np.maximum.accumulate([0.0, *(share for _, share in fidelity)])
    gained = np.diff(np.interp(np.arange(len(sent) + 1), [0, *(count for count, _ in fidelity)], best))
    return Gain(float(best[-1]), tuple(fidelity), gained)


def portrayed(oracle: Oracle) -> Gain:
    """How sure the model is, at best, of the class that each portrait is of, on average over the portraits."""
    sent, _, turn = oracle.sent()
    if not len(sent):
        return Gain(0.0)
    goals = np.array(oracle.truths)[turn]
    sure = oracle.victim.scores(sent)[np.arange(len(sent)), goals]
    portraits, gained = np.unique(turn), np.zeros(len(sent))
    for one in portraits:
        mine = np.flatnonzero(turn == one)
        gained[mine] = np.diff(np.maximum.accumulate(sure[mine]), prepend=0.0) / len(portraits)
    return Gain(float(gained.sum()), gained=gained)


def won(oracle: Oracle) -> Gain:
    """Share of his guesses that were right; a guess follows the last question about its target."""
    _, _, turn = oracle.sent()
    gained = np.zeros(len(turn))
    for one, right in enumerate(oracle.won):
        gained[np.flatnonzero(turn == one)[-1:]] = right / len(oracle.won)
    return Gain(float(np.mean(oracle.won)) if oracle.won else 0.0, gained=gained)
