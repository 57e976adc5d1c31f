"""Deep heads fitted: logistic regression over the transformer's layers, brought to the linear heads' scale.

A head's logits are stretched and moved so that honest prompts that somebody sent have the mean and spread that the
linear head gives them; then a share of the say is that share of what a logit moves.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from detectors.text.deep import DIMENSIONS, Deep
from detectors.text.heads import HEADS
from detectors.training.text.corpus import OURS, Corpus
from detectors.training.text.fit import weights
from detectors.training.text.leftout import Away, kept

Array = npt.NDArray[Any]

PENALTY = 0.02  # inverse of the ridge
ROUNDS, CLOSE = 300, 1e-3  # steps at most, and how flat is flat enough
OUR_SHARE = 0.02, 0.02  # weight of attacks and of honest prompts of our own, beside those that somebody really sent


def fit_deep(taught: Corpus, vectors: Array, linear: Array, use: Array, heads: Sequence[str] = HEADS) -> Deep:
    """Heads over vectors (N, 1920), fitted on the rows ``use``.

    ``linear`` (M, H) are logits of linear heads, of the prompts that somebody sent, which come first.
    """
    coefficients, bias = np.zeros((DIMENSIONS, len(heads)), np.float32), np.zeros(len(heads), np.float32)
    mean, spread = vectors[use].mean(0), vectors[use].std(0) + 1e-6
    columns = (vectors - mean) / spread
    ours = np.char.startswith(taught.source.astype(str), f"{OURS}/")
    for k, h in enumerate(HEADS.index(name) for name in heads):
        mine = use[taught.counts[use, h]]
        positive = taught.positive[mine, h]
        model = LogisticRegression(C=PENALTY, max_iter=ROUNDS, tol=CLOSE)
        model.fit(columns[mine], positive, sample_weight=weights(taught.source[mine], positive, OUR_SHARE))
        sent = mine[~positive & ~ours[mine]]
        found = model.decision_function(columns[sent])
        scale = linear[sent, k].std() / found.std()
        coefficients[:, k] = model.coef_[0] / spread * scale
        moved = model.intercept_[0] - (model.coef_[0] / spread * mean).sum() - found.mean()
        bias[k] = linear[sent, k].mean() + scale * moved
    return Deep(coefficients, bias)


def unseen(taught: Corpus, vectors: Array, linear: Array, away: Sequence[Away]) -> Array:
    """Logits (P, M, D) of the first M prompts by heads fitted without each of P parts, and what is near it.

    ``linear`` (P, M, D) are the logits of the linear heads that were fitted without the same parts.
    """
    origin = np.arange(len(taught.family))
    found: Array = np.full_like(linear, np.nan)
    for one, plainly, row in zip(away, linear, found, strict=True):
        use = kept(one.out, taught.cluster, origin)
        made = fit_deep(taught, vectors, plainly[:, one.columns], use, one.heads)
        row[:, one.columns] = made.logits(vectors[: len(row)])
    return found
