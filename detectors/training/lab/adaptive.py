"""Adaptive: what an attacker does who knows that somebody is looking, and how.

- ``grid``: sends only inputs that an honest client could send: whole numbers, one-hot groups, unit length
- ``pace``: sends in sittings, by day, a few hundred a day
- ``fresh``: never sends an input near one of his last: each is moved, targets take turns, honest inputs between them
- ``repeats``: sends some inputs again, as customers do
- ``twin``: keeps a tidegate of his own, and sends honest inputs first whenever a question would make it suspicious
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.training.lab.attacks.family import Queries
from detectors.training.lab.attacks.oracle import Disguise
from detectors.training.lab.customers.content import taste
from detectors.training.lab.twin import Twin
from detectors.training.lab.types import Generator, Matrix, Place, Victim
from schemas.batch import Codes, Doubles, Flags, Integers

ADAPTIVE = ("grid", "pace", "fresh", "repeats", "twin")


@dataclass(frozen=True)
class Line:
    """What is sent, in order.

    Attributes
    ----------
    features : (n, F)
    own : (n,) whether a record is the attack's, or honest padding
    gained : (n,) what of its goal each record brought; see ``attacks.family.Queries``
    """

    features: Matrix
    own: Flags
    gained: Doubles


def disguise(victim: Victim, rng: Generator, adaptive: Sequence[str]) -> Disguise | None:
    """Return what is done to each input before it is sent, so that the attack takes it into account."""
    steps: list[Disguise] = []
    if "fresh" in adaptive:
        steps.append(_moved(victim, rng))
    if "grid" in adaptive:
        steps.append(_fitting(victim))
    if not steps:
        return None

    def every(x: Matrix) -> Matrix:
        for step in steps:
            x = step(x)
        return x

    return every


def _fitting(victim: Victim) -> Disguise:
    """The nearest honest form: on the grid, and as long as all embeddings are."""
    lengths = np.linalg.norm(victim.pool[:500], axis=1)
    unit = victim.kind == "embedding" and lengths.std() < 0.01 * lengths.mean()

    def fit(x: Matrix) -> Matrix:
        x = victim.fitting(x)
        if unit:
            x = (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9) * lengths.mean()).astype(np.float32)
        return np.asarray(x)

    return fit


def _moved(victim: Victim, rng: Generator) -> Disguise:
    """Noise of a share of each column's spread, another each time (Feng and others, 2023, arXiv:2303.06280)."""
    spread = victim.pool[:1000].std(0)
    share = float(np.exp(rng.uniform(np.log(0.03), np.log(0.4))))

    def move(x: Matrix) -> Matrix:
        return np.asarray(x + rng.normal(0, share, x.shape) * spread, np.float32)

    return move


def line(victim: Victim, queries: Queries, rng: Generator, adaptive: Sequence[str], padding: int) -> Line:
    """Put queries in the order in which they are sent, with ``padding`` honest inputs for each between them."""
    order = in_turns(queries.turn) if "fresh" in adaptive else np.arange(len(queries.turn))
    gained = np.zeros(len(order)) if queries.gained is None else queries.gained
    sent = Line(queries.features[order], np.ones(len(order), np.bool_), gained[order])
    if "repeats" in adaptive:
        sent = repeated(sent, rng, rng.uniform(0.1, 0.4))
    if "twin" in adaptive:
        features, own = Twin(victim, rng).blended(sent.features)
        sent = Line(features, own, _brought(own, sent.gained))
    return padded(victim, sent, rng, padding) if padding else sent


def apart(queries: Queries, rng: Generator, most: int) -> int:
    """How many honest inputs go with each query, so that 6 to 70 records lie between two about the same target.

    What looks back less far than that finds nothing near. ``most`` is for how many records he has patience.
    """
    gap = float(np.exp(rng.uniform(np.log(6), np.log(70))))
    targets, n = len(np.unique(queries.turn)), max(len(queries.turn), 1)
    return int(np.clip(np.ceil(gap / max(targets, 1)) - 1, 1, max(1, most // n - 1)))


def _brought(own: Flags, gained: Doubles) -> Doubles:
    """What each record (n,) brought, where only the attack's own did; these are in order."""
    brought = np.zeros(len(own))
    brought[own] = gained
    return brought


def in_turns(turn: Codes) -> Integers:
    """Order in which each target's n-th query comes before any target's (n+1)-th."""
    number = np.empty(len(turn), np.int64)
    for one in np.unique(turn):
        mine = turn == one
        number[mine] = np.arange(int(mine.sum()))
    return np.lexsort((turn, number))


def repeated(sent: Line, rng: Generator, share: float) -> Line:
    """Send a share of the records again, most of them soon after: retries and polling."""
    n = len(sent.own)
    again = np.flatnonzero(rng.random(n) < share)
    places = again + rng.geometric(0.3, len(again)) - 1 + (rng.random(len(again)) < 0.3) * rng.integers(0, 200)
    order = np.concatenate([np.arange(n), again])[
        np.argsort(np.concatenate([np.arange(n), np.minimum(places, n) + 0.5]), kind="stable")
    ]
    first = np.zeros(len(order), np.bool_)
    first[np.unique(order, return_index=True)[1]] = True
    return Line(sent.features[order], sent.own[order], sent.gained[order] * first)


def padded(victim: Victim, sent: Line, rng: Generator, share: int) -> Line:
    """Put ``share`` honest inputs for each record between them, such as a customer of some taste would send."""
    n = len(sent.own)
    count = n * share
    own = taste(Place(victim, rng, days=1))
    honest = (own if rng.random() < 0.6 else own.some(max(10, count // 2))).draw(count)
    steady = rng.random() < 0.4
    places = np.repeat(np.arange(n), share) if steady else rng.uniform(-0.5, n - 0.5, count)
    order = np.argsort(np.concatenate([np.arange(n), places + 0.25 * steady]), kind="stable")
    features = np.concatenate([sent.features, honest])[order]
    marks = np.concatenate([sent.own, np.zeros(count, np.bool_)])[order]
    return Line(features, marks, np.concatenate([sent.gained, np.zeros(count)])[order])
