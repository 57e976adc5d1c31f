"""Gains: what an attack came to, measured by what only the owner of the victim can see."""

import numpy as np

from detectors.training.lab.attacks.family import Gain
from detectors.training.lab.attacks.oracle import Oracle
from detectors.training.lab.attacks.surrogate import fit, one_hot
from detectors.training.lab.types import Matrix

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
    won = 0
    for index, target in enumerate(targets):
        mine = (turn == index) & (answers.label != first[index])
        found, honest = (sent[mine] - target) / width, (others[taken != first[index]] - target) / width
        won += any(_least(found, order) < 0.5 * _least(honest, order) for order in (2, np.inf))
    return Gain(won / len(targets))


def _least(changes: Matrix, order: float) -> float:
    """Smallest norm of changes (n, F)."""
    return float(np.linalg.norm(changes, ord=order, axis=1).min(initial=np.inf))


def fooled(oracle: Oracle) -> Gain:
    """Share of what was sent that is taken for another class than the honest input it was made from."""
    sent, answers, turn = oracle.sent()
    if not oracle.targets or not len(sent):
        return Gain(0.0)
    first = oracle.victim.answer(np.stack(oracle.targets)).label
    return Gain(float((answers.label != first[turn]).mean()))


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
    return Gain(max((share for _, share in fidelity), default=0.0), tuple(fidelity))


def portrayed(oracle: Oracle) -> Gain:
    """How sure the model is, at best, of the class that each portrait is of, on average over the portraits."""
    sent, _, turn = oracle.sent()
    if not len(sent):
        return Gain(0.0)
    goals = np.array(oracle.truths)[turn]
    sure = oracle.victim.scores(sent)[np.arange(len(sent)), goals]
    return Gain(float(np.mean([sure[turn == one].max() for one in np.unique(turn)])))


def won(oracle: Oracle) -> Gain:
    """Share of his guesses that were right."""
    return Gain(float(np.mean(oracle.won)) if oracle.won else 0.0)
