"""Honest groups: how suspicious honest principals are that are taken for one, and so what a cohort must exceed.

Two sources. Gatherings of honest newcomers in the laboratory (classes, courses, launches, fleets, devices, key
rotations), on victims of every kind, exceed a logit t about RATE exp((START - t) / SCALE) times a day. And the clean
principals of this model version are grouped as newcomers are; each group seen stands for others that may come, which
exceed t with probability exp((logit - t) / SCALE), in proportion to how many newcomers there are.
"""

from math import exp, log

import numpy as np

from detectors.members import Members

START, RATE, SCALE = 1.5, 0.2, 0.75  # measured with the models that are shipped
FLOOR = 0.0  # logit: what is less suspicious is nobody's cohort
CEILING = 4.0  # logit: what attackers who were there in the burn-in may raise the threshold to
LEAST = 32  # clean principals that a rate is taken of
FEWEST = 5  # principals that make a group
HALVINGS = 24  # of the range in which the threshold lies


def scores(known: Members) -> list[float]:
    """Logits of groups of clean principals: of the most suspicious one, then of the next without any of its members."""
    stars = [known.star(at) for at in range(len(known))]
    groups = [(known.suspicion(star), star) for star in stars if len(star) >= FEWEST]
    taken = np.zeros(len(known), np.bool_)
    found = []
    for score, star in sorted(groups, key=lambda group: -group[0]):
        if not taken[star].any():
            taken[star] = True
            found.append(score)
    return found


def expected(usual: list[float], rate: float, score: float) -> float:
    """Honest groups a day that are at least so suspicious.

    Parameters
    ----------
    usual : of :func:`scores`
    rate : newcomers a day for each clean principal
    """
    laboratory = RATE * exp((START - score) / SCALE)
    return max(laboratory, rate * sum(min(1.0, exp((one - score) / SCALE)) for one in usual))


def threshold(usual: list[float], rate: float, budget: float) -> float:
    """Logit that honest groups reach ``budget`` times a day, but at most CEILING where only the burn-in says so."""
    low = max(FLOOR, START + SCALE * log(RATE / budget))
    high = max(CEILING, low)
    if expected(usual, rate, low) <= budget:
        return low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(usual, rate, middle) > budget else (low, middle)
    return high
