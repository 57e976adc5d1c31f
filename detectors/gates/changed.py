"""Changed: thresholds of today, for days on which what everybody sends has changed.

A deploy that changes the inputs of a model takes all scores out of the range that any calibration knows: all its
customers look like attackers for hours, each for itself. So after a finding on the model as a whole it is counted how
many of the K principals known (there since the burn-in, or for a week) that were heard since are above what a tenth
should exceed. As long as K is small, nobody alerts. Then, where they are more than on other days (:func:`ratio`), a
principal must also exceed what the others have reached since: the tail through the k = min(10, K / 2) largest of them,
its own left out,

    T(alpha) = u + k ((p / alpha)^(1/k) - 1) s,    p = (k + 1) / (K + 1)

with u the next largest, s their mean excess over u and alpha what the principal paid: the predictive law of
:mod:`detectors.gates.tail`. So what all show is no evidence against one, and who goes beyond the others is told of all
the same. Where nobody is known, as in a new version of a model, all count.

A change is in force for :data:`LASTING` epochs, each of which begins anew; by then calibrations have followed.
"""

from typing import Any

import numpy as np

from schemas.compiled import compiled

LASTING = 3  # epochs
LEAST = 6  # principals heard, below which today says nothing
TOP = 12  # largest scores that are kept: ten for the tail, the next, and the judged principal's own
TURNS = 65_534  # how often counting begins anew before turns are told by the same numbers again, twice
LEAST_SCALE = 0.1  # of a tail, in the score's unit
LOUD = 0.1  # share of principals that is loud at least
EASE, SLACK = 3.0, 1.3  # principals on both sides, and how many times the usual share, before a day counts as louder

fields = [
    ("changed", "i8"), ("turn", "i8"), ("heard", "i8"), ("noisy", "i8"), ("top", "f8", TOP), ("whose", "i8", TOP),
]  # fmt: skip
"""Epochs that a change is still in force; how often counting began anew; of those known how many were heard since, and
how many of them were loud; their largest scores, falling, and whose they are."""


@compiled
def ratio(loud: float, known: float, usual: float) -> float:
    """How many times as many are loud as usually, with some ease for few."""
    r: float = (loud + EASE) / (SLACK * known * max(usual, LOUD) + EASE)
    return r


@compiled
def begin(m: Any) -> None:
    """A change is in force from now on."""
    m.changed = LASTING
    anew(m)


@compiled
def anew(m: Any) -> None:
    """Forget what was reached so far."""
    m.turn = (m.turn + 2) % TURNS
    m.heard = 0
    m.noisy = 0
    for k in range(TOP):
        m.top[k] = -np.inf
        m.whose[k] = -1


@compiled
def hear(m: Any, row: Any, slot: int, x: float, loud: float) -> None:
    """Take in a score of a known principal; above ``loud`` it is loud."""
    if row.turn < m.turn:
        row.turn = m.turn
        m.heard += 1
    if x > loud and row.turn == m.turn:
        row.turn += 1
        m.noisy += 1
    if x > m.top[TOP - 1]:
        _rank(m, slot, x)


@compiled
def _rank(m: Any, slot: int, x: float) -> None:
    """Put a score among the largest, of which each principal has one."""
    at = TOP - 1
    for k in range(TOP):
        if m.whose[k] == slot:
            at = k
            break
    if m.whose[at] == slot and m.top[at] >= x:
        return
    while at > 0 and m.top[at - 1] < x:
        m.top[at] = m.top[at - 1]
        m.whose[at] = m.whose[at - 1]
        at -= 1
    m.top[at] = x
    m.whose[at] = slot


@compiled
def standing(m: Any, row: Any, slot: int, alpha: float) -> float:
    """What a principal that pays ``alpha`` must exceed, beside its threshold."""
    others = m.heard - int(row.turn >= m.turn)
    if others < LEAST or not alpha > 0.0:
        return np.inf
    if ratio(m.noisy - int(row.turn > m.turn), others, m.usual) <= 1.0:
        return -np.inf
    k = min(10, others // 2)
    total, start, n = 0.0, -np.inf, 0
    for j in range(TOP):
        if m.whose[j] != slot and n <= k:
            start = m.top[j]
            total += start if n < k else 0.0
            n += 1
    scale = max(total / k - start, LEAST_SCALE)
    rarer = (k + 1.0) / (others + 1.0) / alpha
    made: float = start + max(0.0, k * (rarer ** (1.0 / k) - 1.0)) * scale
    return made
