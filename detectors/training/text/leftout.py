"""Prompts left out of training in turn, with all that is near them, and what heads make of them.

Near copies would be learnt by heart: a fold is made of whole clusters, the largest one alone, and copies in disguise
and prompts of our own that are near copies are left out with what they copy.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.heads import DECIDING, HEADS
from detectors.text.waves import drawn
from detectors.training.text import fit
from detectors.training.text.corpus import Corpus, Prompt
from detectors.training.text.linear import Linear

Array = npt.NDArray[Any]

FOLDS, SEED = 5, 5
NEVER = -1  # fold of what is never left out
RATES = 0.01, 0.001  # of ordinary prompts above the threshold


class Found(NamedTuple):
    """Shares above a threshold: of attacks, and of each family."""

    rate: float
    attacks: float
    families: dict[str, float]


def folds(cluster: Array) -> Array:
    """Fold (N,) of prompts in clusters (N,): the largest cluster is the first fold, others by chance."""
    names, place, many = np.unique(cluster, return_inverse=True, return_counts=True)
    fold = np.random.default_rng(SEED).integers(1, FOLDS, len(names))
    fold[many.argmax()] = 0
    found: Array = fold[place]
    return found


def numbered(prompts: Sequence[Prompt]) -> list[Prompt]:
    """Prompts whose licence is their number, so that copies tell what they copy."""
    return [prompt._replace(licence=str(i)) for i, prompt in enumerate(prompts)]


def followed(fold: Array, cluster: Array, origin: Array) -> Array:
    """Fold (N,) of all rows: the first M are those of ``fold`` (M,), others follow their cluster (N,) or are never out.

    ``origin`` (N,) is the number of what a row copies, its own where it copies nothing.
    """
    first: dict[int, int] = {}
    for one, here in zip(cluster.tolist(), fold.tolist(), strict=False):
        first.setdefault(one, here)
    made = np.array([first.get(one, NEVER) for one in cluster.tolist()])
    made[: len(fold)] = fold
    found: Array = made[origin]
    return found


def logits(made: Linear, taught: Corpus, some: Any, columns: Array) -> Array:
    """Logits (N, D) of the deciding heads; ``columns`` (N, 64 + K) are those of :func:`fit.second_view`."""
    numbers = np.stack([one.features for one in taught.canonical])
    found: Array = fit.matrix(some, numbers, made.shown) @ made.coefficients[:, :DECIDING] + made.bias[:DECIDING]
    return found + (columns / fit.scales()) @ made.worth.T


def unseen(taught: Corpus, fold: Array, public: int) -> Array:
    """Logits (M, D) of the first ``public`` prompts by heads that saw neither them nor what is near them."""
    some, columns = fit.ngrams(taught.canonical), fit.second_view(taught, *drawn(fit.SEED))
    found: Array = np.empty((public, DECIDING))
    for k in range(FOLDS):
        made = fit.fit_linear(taught, some, np.flatnonzero(fold != k), HEADS[:DECIDING])
        out = np.flatnonzero(fold[:public] == k)
        found[out] = logits(made, _part(taught, out), some[out], columns[out])
    return found


def judged(logit: Array, positive: Array, ordinary: Array, family: Array) -> list[Found]:
    """What one head finds at each rate of ``ordinary`` (M,) prompts flagged, one threshold for all folds."""
    made = []
    for rate in RATES:
        above = logit > np.quantile(logit[ordinary], 1 - rate)
        shares = {str(name): float(above[family == name].mean()) for name in np.unique(family)}
        made.append(Found(rate, float(above[positive].mean()), shares))
    return made


def _part(taught: Corpus, rows: Array) -> Corpus:
    return Corpus([taught.canonical[i] for i in rows], *(column[rows] for column in taught[1:]))
