"""Prompts left out of training in turn, with all that is near them, and what heads make of them.

Near copies would be learnt by heart: a fold is made of whole clusters, the largest one alone, and copies in disguise
and prompts of our own that are near copies are left out with what they copy. A family or source that nobody has seen is
left out beside one of the folds, so that as many prompts are learnt from.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.text.heads import DECIDING, HEADS
from detectors.text.waves import drawn
from detectors.training.text import fit
from detectors.training.text.corpus import HARD, KINDS, OURS, Corpus, Prompt
from detectors.training.text.linear import Linear

Array = npt.NDArray[Any]

FOLDS, SEED = 5, 5
NEVER = -1  # fold of what is never left out
RATES = 0.01, 0.001  # of ordinary prompts above the threshold
FAMILIES = tuple(name for name in KINDS if not name.startswith(OURS))
HARMFUL = "harmful_direct"  # the family that only the head ``harmful`` is to find


class Away(NamedTuple):
    """One part of M prompts that heads are fitted without.

    Attributes
    ----------
    name : of a family or source that is unseen; empty for a fold
    out, judged : (M,) bool, what is left out, and what of it is judged by these heads
    heads : those that are asked about it
    """

    name: str
    out: Array
    judged: Array
    heads: tuple[str, ...] = HEADS[:DECIDING]

    @property
    def columns(self) -> list[int]:
        """Places of these heads."""
        return [HEADS.index(head) for head in self.heads]


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


def parts(fold: Array) -> list[Away]:
    """The folds (M,), each left out once."""
    return [Away("", fold == k, fold == k) for k in range(FOLDS)]


def groups(fold: Array, cluster: Array, family: Array) -> Iterator[Away]:
    """Every family of attacks and every hard source, left out with its near copies and one of the folds.

    The largest cluster is no near copy of anything: it is left out with families that lie in it altogether.
    """
    largest = np.unique(cluster[fold == 0])
    for i, name in enumerate((*FAMILIES, *HARD)):
        mine = family == name
        if not mine.any():
            continue
        beside = 0 if (fold[mine] == 0).all() else 1 + i % (FOLDS - 1)
        near = np.isin(cluster, np.setdiff1d(cluster[mine], largest))
        finds = HEADS[:DECIDING] if name in HARD else ("harmful" if name == HARMFUL else "subversion",)
        yield Away(name, (fold == beside) | mine | near, mine, finds)


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


def kept(out: Array, cluster: Array, origin: Array) -> Array:
    """Which rows (N,) are learnt from when these of the first M are ``out``."""
    found: Array = np.flatnonzero(followed(out.astype(np.int64), cluster, origin) != 1)
    return found


def logits(made: Linear, heads: Sequence[int], taught: Corpus, some: Any, columns: Array) -> Array:
    """Logits (N, H) of H of the deciding heads; ``columns`` (N, 64 + K) are those of :func:`fit.second_view`."""
    numbers = np.stack([one.features for one in taught.canonical])
    found: Array = fit.matrix(some, numbers, made.shown) @ made.coefficients + made.bias
    return found + (columns / fit.scales()) @ made.worth[heads].T


def unseen(taught: Corpus, origin: Array, away: Sequence[Away]) -> tuple[Array, list[Linear]]:
    """Logits (P, M, D) of the first M prompts by heads fitted without each of P parts, and these heads.

    What is near a part is left out with it.
    """
    some, columns = fit.ngrams(taught.canonical), fit.second_view(taught, *drawn(fit.SEED))
    public = len(away[0].out)
    first = Corpus(taught.canonical[:public], *(column[:public] for column in taught[1:]))
    found: Array = np.full((len(away), public, DECIDING), np.nan)
    heads = []
    for one, row in zip(away, found, strict=True):
        heads.append(fit.fit_linear(taught, some, kept(one.out, taught.cluster, origin), one.heads))
        row[:, one.columns] = logits(heads[-1], one.columns, first, some[:public], columns[:public])
    return found, heads


def own_fold(found: Array, away: Sequence[Away]) -> Array:
    """Logits (M, D) of each prompt by the heads that were fitted without its fold, of (P, M, D)."""
    made: Array = np.empty(found.shape[1:])
    for one, row in zip(away, found, strict=True):
        if not one.name:
            made[one.judged] = row[one.judged]
    return made


def levels(logit: Array, ordinary: Array) -> list[float]:
    """Thresholds that these shares of ``ordinary`` (M,) prompts exceed."""
    return [float(np.quantile(logit[ordinary], 1 - rate)) for rate in RATES]


def judged(logit: Array, positive: Array, ordinary: Array, family: Array) -> list[Found]:
    """What one head finds at each rate of ``ordinary`` (M,) prompts flagged, one threshold for all folds."""
    made = []
    for rate, level in zip(RATES, levels(logit, ordinary), strict=True):
        above = logit > level
        shares = {str(name): float(above[family == name].mean()) for name in np.unique(family)}
        made.append(Found(rate, float(above[positive].mean()), shares))
    return made
