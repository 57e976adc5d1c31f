"""Tuned: the laboratory's network after it has met the honest customers of the watched model.

A laboratory does not know what this model's customers do. So when a burn-in ends, the network that ships is fitted a
few passes further: on a part of the laboratory's rows, attacks and customers, and on rows of this burn-in's principals,
who count as honest. Each of them has a fixed weight, so that many customers teach much and few cannot bend it far.
Whoever looks like an attack to the network that ships teaches nothing (:mod:`detectors.trimming`), for attackers may be
in a burn-in too, and one that taught would be forgiven.

References
----------
Ben-David and others, A theory of learning from different domains, Machine Learning 2010, doi:10.1007/s10994-009-5152-4
(few rows of the target beside many of the source); docs/decisions/0045-the-network-meets-its-customers.md.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import models
from detectors.descent import BATCH, slopes, step
from detectors.network import Network, logits, softened
from detectors.statistics import TIMING
from detectors.trimming import suspect
from schemas.batch import Flags, Floats, Integers

NAME = "laboratory_rows"
UNITS = 32  # of a byte, a unit of x
EACH = 1 / 150  # what one principal weighs, of all the laboratory's customers
MOST = 2.0  # what all may weigh together
PER_PRINCIPAL = 20
MANY = 20_000  # rows of all principals together that are learnt from
LEAST = 6  # principals below which a burn-in shows too little of what customers do
EPOCHS = 8
RATE = 3e-3
DROPPED = 0.1
SHUFFLED = 0.5  # share of rows that get somebody else's pace, which an attacker chooses


class Rows(NamedTuple):
    """M rows to learn from.

    Attributes
    ----------
    x : (M, 64) softened deviations
    attack, threat, weight : (M,) 1 or 0; index of the threat; what the row counts
    """

    x: Floats
    attack: Floats
    threat: Integers
    weight: Floats


@cache
def laboratory() -> Rows:
    """The part of the laboratory's rows that ships."""
    return unpacked(models.stored(NAME))


def packed(rows: Rows) -> dict[str, npt.NDArray[Any]]:
    """Rows as arrays of bytes; x to a thirty-second."""
    return {
        "x": np.clip(np.round(rows.x * UNITS), -127, 127).astype(np.int8),
        "attack": rows.attack.astype(np.uint8),
        "threat": rows.threat.astype(np.uint8),
        "weight": rows.weight.astype(np.float16),
    }


def unpacked(arrays: dict[str, npt.NDArray[Any]]) -> Rows:
    """Undo :func:`packed`."""
    x = arrays["x"].astype(np.float32) / np.float32(UNITS)
    attack, weight = arrays["attack"].astype(np.float32), arrays["weight"].astype(np.float32)
    return Rows(x, attack, arrays["threat"].astype(np.int64), weight)


def tuned(network: Network, z: Floats, who: Integers, ceiling: tuple[float, float], source: Rows) -> Network | None:
    """Fit a network further on honest rows z (N, 64) of principals ``who`` (N,); None if these are too few.

    Parameters
    ----------
    ceiling : location and scale below which honest logits stay on nearly all models
    source : rows of the laboratory
    """
    taught = _honest(network, z, who, ceiling)
    if len(np.unique(who[taught])) < LEAST:
        return None
    chance = np.random.default_rng(0)
    rows, weight = _picked(np.flatnonzero(taught), who, chance)
    honest = float(source.weight[source.attack == 0].sum())
    zeros = np.zeros(len(rows))
    share = min(MOST, EACH * len(np.unique(who[rows])))
    own = Rows(
        softened(z[rows]), zeros.astype(np.float32), zeros.astype(np.int64),
        (weight * (share * honest / weight.sum())).astype(np.float32),
    )  # fmt: skip
    both: list[npt.NDArray[Any]] = [np.concatenate([theirs, mine]) for theirs, mine in zip(source, own, strict=True)]
    return _further(network, Rows(*both), chance)


def _honest(network: Network, z: Floats, who: Integers, ceiling: tuple[float, float]) -> Flags:
    """Which rows (N,) are of principals who never looked like an attack; all, where a whole population does."""
    value, top = np.empty(len(z)), np.full(int(who.max(initial=-1)) + 1, -np.inf)
    logits(z, network, value)
    np.maximum.at(top, who, value)
    return np.asarray(~suspect(top, *ceiling)[who])


def _picked(rows: Integers, who: Integers, chance: np.random.Generator) -> tuple[Integers, npt.NDArray[np.float64]]:
    """A few rows of each principal, half of them early, where decisions are taken; each principal weighs alike."""
    order = rows[np.argsort(who[rows], kind="stable")]
    made, weight = [], []
    for some in np.split(order, np.flatnonzero(np.diff(who[order])) + 1):
        half = PER_PRINCIPAL // 2
        early = (len(some) ** chance.random(half)).astype(np.int64) - 1
        one = some[np.union1d(early, chance.integers(0, len(some), half))]
        made.append(one)
        weight.append(np.full(len(one), 1.0 / len(one)))
    picked, counted = np.concatenate(made), np.concatenate(weight)
    if len(picked) <= MANY:
        return picked, counted
    some = np.sort(chance.permutation(len(picked))[:MANY])
    return picked[some], counted[some]


def _further(network: Network, rows: Rows, chance: np.random.Generator) -> Network:
    """Descend from a network's weights; those that are zero stay so: they keep the statistics of time from a head."""
    x, counted = _paced(rows.x, chance), (network.first != 0).astype(np.float32)
    weights = [network.first / np.float32(1 - DROPPED), *(part.copy() for part in network[1:])]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    total, done = EPOCHS * (len(x) // BATCH + 1), 0
    for _ in range(EPOCHS):
        order = chance.permutation(len(x))
        for start in range(0, len(x), BATCH):
            some = order[start : start + BATCH]
            done += 1
            kept = x[some] * (chance.random((len(some), x.shape[1]), np.float32) > DROPPED)
            gradient = slopes(weights, kept, rows.attack[some], rows.threat[some], rows.weight[some])
            gradient[0] *= counted
            step(weights, gradient, first, second, done, RATE * (1 - done / (total + 1)))
    weights[0] *= np.float32(1 - DROPPED) * counted
    return Network(*(np.ascontiguousarray(w, np.float32) for w in weights))


def _paced(x: Floats, chance: np.random.Generator) -> Floats:
    """A copy of the rows, some of which have somebody else's statistics of time."""
    made = x.copy()
    some = np.flatnonzero(chance.random(len(x)) < SHUFFLED)
    made[np.ix_(some, TIMING)] = x[np.ix_(chance.permutation(some), TIMING)]
    return made
