"""Collectors: newcomers none of whom asks for anything twice, so that together they are one who collects answers.

One account of twenty sends too little for that to be odd. With W the nats that a newcomer's prompts say against each of
the customers' rates of repetition (:func:`detectors.novelty.nats`), ``e = 1 / mean over rates of exp(-W)`` is a
likelihood ratio: on average 1 for a newcomer whose rate is any customer's. Half of a stake is bet on it, ``1/2 + e/2``,
so that an honest newcomer in between costs the others little, and no one of them may say more than :data:`MOST`.

Those who come together may also behave alike: a class has one habit, and then its members are no independent
witnesses. So the rate is also taken for one that all of them share, ``-log mean over rates of exp(-sum of W)``, over
everybody who came while the evidence rose, odd or not. Both must speak for collectors.
"""

from collections.abc import Sequence
from math import exp, log

CHANNEL = "harvesting"  # of ``detectors.young.CHANNELS``
STAKE = 0.5
MOST = 4.5  # of e: it takes seven newcomers at least
ODD = 1.75  # e from which a newcomer is named: fifteen prompts, none of them repeated
SHARED = 5.0  # nats against one rate that all share


def e(nats: Sequence[float]) -> float:
    """What one newcomer's nats pay."""
    return min(1 - STAKE + STAKE * exp(min(mixed(nats), log(MOST / STAKE))), MOST)


def alike(many: Sequence[Sequence[float]]) -> float:
    """Nats of newcomers who are taken for having one rate; who says nothing (empty) is left out."""
    said = [nats for nats in many if nats]
    return mixed([sum(column) for column in zip(*said, strict=False)]) if said else 0.0


def mixed(nats: Sequence[float]) -> float:
    """-log of the mean over rates of exp(-nats)."""
    least = min(nats)
    return least - log(sum(exp(least - one) for one in nats) / len(nats))
