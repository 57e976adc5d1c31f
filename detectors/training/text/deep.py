"""Deep heads fitted: logistic regression over the transformer's vectors, brought to the linear heads' scale.

A head's logits are stretched and moved so that honest prompts have the mean and spread that the linear head gives them;
then the mean of both is one where each counts as much.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from detectors.text.deep import DIMENSIONS, Deep
from detectors.text.heads import HEADS
from detectors.training.text.corpus import Corpus
from detectors.training.text.fit import weights

Array = npt.NDArray[Any]

STRETCH = 6.0  # of vectors, whose numbers are small
PENALTY = 3.0  # inverse of the ridge
ROUNDS = 300


def fit_deep(taught: Corpus, vectors: Array, linear: Array, use: Array) -> Deep:
    """Heads over vectors (N, 384), fitted on the rows ``use``; ``linear`` (N, H) are the linear heads' logits."""
    coefficients, bias = np.zeros((DIMENSIONS, len(HEADS)), np.float32), np.zeros(len(HEADS), np.float32)
    for k in range(len(HEADS)):
        mine = use[taught.counts[use, k]]
        positive = taught.positive[mine, k]
        model = LogisticRegression(C=PENALTY, max_iter=ROUNDS)
        model.fit(vectors[mine] * STRETCH, positive, sample_weight=weights(taught.source[mine], positive))
        honest = mine[~positive]
        found = model.decision_function(vectors[honest] * STRETCH)
        scale = linear[honest, k].std() / found.std()
        coefficients[:, k] = model.coef_[0] * STRETCH * scale
        bias[k] = model.intercept_[0] * scale + linear[honest, k].mean() - scale * found.mean()
    return Deep(coefficients, bias)
