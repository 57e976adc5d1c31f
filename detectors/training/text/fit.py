"""Fitting the heads: logistic regression over n-grams and canonical numbers, every source with its own weight.

A head is the mean of two fits, as :func:`fit_head` says. The second view is fitted by itself, stretched and moved so
that honest prompts that somebody sent have the mean and spread that the n-grams give them, and then has its share of
the say.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from detectors.text import grams
from detectors.text.canonical import MOST, Canonical
from detectors.text.embedding import DIMENSIONS, embed_many
from detectors.text.heads import CLIP, DECIDING, HEADS, Heads
from detectors.text.waves import WAVES, cosines, drawn
from detectors.training.text import ratios
from detectors.training.text.corpus import Corpus
from detectors.training.text.linear import NUMBERS, Linear, Shown, quantised, shown

Array = npt.NDArray[Any]

PENALTY = 30.0  # inverse of the ridge
ROUNDS, CLOSE = 400, 1e-4  # steps at most, and how flat is flat enough: at 1e-3 half of what can be found is missed
OUR_SHARE = 0.16, 0.16  # weight of attacks and of honest prompts of our own, beside those that somebody really sent
SHARES = {"harmful": (0.25, 1.5)}  # the same where public prompts have hardly any like them
SECOND = 0.2  # of the say that the second view has
SEED = 7  # of its directions
PLAIN, WAVING = 3.0, 9.0  # how large its columns are, the embedding's and the cosines', beside its ridge
STEPS, FLAT = 400, 1e-6  # steps at most, and how flat is flat enough for it


def ngrams(spelt: Sequence[Canonical]) -> sparse.csr_matrix:
    """N-grams of N canonical texts, each row of length one."""
    seen, places = grams.blank(), np.empty(grams.GRAMS * MOST, np.int64)
    columns, values, ends = [], [], [0]
    for one in spelt:
        count = grams.grams(one.text, seen, places)
        columns.append(places[:count].astype(np.int32))
        values.append(np.full(count, 1 / np.sqrt(max(count, 1)), np.float32))
        ends.append(ends[-1] + count)
    shape = (len(spelt), grams.PLACES)
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(ends, np.int64)), shape=shape)


def matrix(some: sparse.csr_matrix, numbers: Array, by: Shown) -> sparse.csr_matrix:
    """Join n-grams (N, 2^18) and canonical numbers (N, 32), standardised: (N, 2^18 + 32)."""
    z = np.clip((numbers - by.mean) / by.spread, -CLIP, CLIP) * NUMBERS
    return sparse.hstack([some, sparse.csr_matrix(z.astype(np.float32))]).tocsr()


def weights(source: Array, positive: Array, share: tuple[float, float] = OUR_SHARE) -> Array:
    """Weight of each row: a source counts as the root of its rows, both sides as much in all, our own prompts less.

    ``share`` is how much less, of attacks and of honest ones.
    """
    _, code, many = np.unique(source, return_inverse=True, return_counts=True)
    made = 1 / np.sqrt(many[code])
    for side in (False, True):
        made[positive == side] *= len(source) / 2 / max(made[positive == side].sum(), 1e-9)
    ours = np.char.startswith(source.astype(str), "own/")
    return made * np.where(ours, np.where(positive, *share), 1.0)


def fit_head(rows: sparse.csr_matrix, positive: Array, weight: Array) -> tuple[Array, float]:
    """Coefficients and intercept of one head: the mean of two fits, on n-grams as they are and by their ratios.

    ``rows`` (N, 2^18 + K) are of :func:`matrix`, labels and weights (N,).
    """
    scale = np.ones(rows.shape[1], np.float32)
    plain, first = _fitted(rows, positive, weight)
    scale[: grams.PLACES] = ratios.scales(rows[:, : grams.PLACES], positive, weight)
    scaled, second = _fitted((rows @ sparse.diags(scale)).tocsr(), positive, weight)
    return (plain + scaled * scale) / 2, (first + second) / 2


def _fitted(rows: sparse.csr_matrix, positive: Array, weight: Array) -> tuple[Array, float]:
    model = LogisticRegression(C=PENALTY, max_iter=ROUNDS, tol=CLOSE).fit(rows, positive, sample_weight=weight)
    return model.coef_[0].astype(np.float64), float(model.intercept_[0])


def fit_heads(taught: Corpus, some: sparse.csr_matrix, use: Array, heads: Sequence[str] = HEADS) -> Heads:
    """Fit heads, as they ship, on the rows ``use`` of a corpus, whose n-grams are ``some``."""
    return quantised(fit_linear(taught, some, use, heads), *drawn(SEED))


def fit_linear(
    taught: Corpus, some: sparse.csr_matrix, use: Array, heads: Sequence[str] = HEADS, by: Shown | None = None
) -> Linear:
    """Fit heads on the rows ``use`` of a corpus, whose n-grams are ``some``; numbers standardised ``by`` another's."""
    numbers = np.stack([one.features for one in taught.canonical])
    by = by or shown(numbers[use])
    rows = matrix(some, numbers, by)
    coefficients, bias = np.zeros((rows.shape[1], len(heads))), np.zeros(len(heads))
    columns = second_view(taught, *drawn(SEED))
    worth = np.zeros((DECIDING, columns.shape[1]))
    for k, name in enumerate(heads):
        h = HEADS.index(name)
        mine = use[taught.counts[use, h]]
        positive = taught.positive[mine, h]
        weight = weights(taught.source[mine], positive, SHARES.get(name, OUR_SHARE))
        coefficients[:, k], bias[k] = fit_head(rows[mine], positive, weight)
        if h < DECIDING:
            sent = mine[~positive & ~np.char.startswith(taught.source[mine].astype(str), "own/")]
            linear = rows[sent] @ coefficients[:, k] + bias[k]
            worth[h], moved = fit_second(columns[mine], positive, weight, columns[sent], linear)
            coefficients[:, k] *= 1 - SECOND
            bias[k] = (1 - SECOND) * bias[k] + moved
    return Linear(coefficients, bias, worth * scales(), by)


def scales() -> Array:
    """How large the columns (64 + K,) of the second view are beside their ridge."""
    return np.repeat([PLAIN, WAVING * np.sqrt(2 / WAVES)], [DIMENSIONS, WAVES])


def second_view(taught: Corpus, turn: Array, phase: Array) -> Array:
    """Embedding and cosines (N, 64 + K) of N prompts, scaled."""
    direction = embed_many(one.text for one in taught.canonical)
    made = np.empty((len(direction), DIMENSIONS + WAVES), np.float32)
    made[:, :DIMENSIONS] = direction
    for one, row in zip(direction, made, strict=True):
        cosines(one, turn, phase, row[DIMENSIONS:])
    return made * scales().astype(np.float32)


def fit_second(columns: Array, positive: Array, weight: Array, sent: Array, linear: Array) -> tuple[Array, float]:
    """What the columns (N, 64 + K) of the second view add to a head, and its bias.

    ``sent`` (M, 64 + K) are honest prompts that somebody sent, and ``linear`` (M,) their logits by n-grams.
    """
    model = LogisticRegression(max_iter=STEPS, tol=FLAT).fit(columns, positive, sample_weight=weight)
    found = model.decision_function(sent)
    scale = SECOND * linear.std() / found.std()
    return model.coef_[0] * scale, float(SECOND * linear.mean() + scale * (model.intercept_[0] - found.mean()))
