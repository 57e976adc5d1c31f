"""How sure a model's answers are: the margin's rank among clean answers with the same label."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]

LEVELS = 65  # quantiles of a label's margins
ENOUGH = 65  # clean answers that a label needs for a law of its own
FLOOR = 0.05  # of the width between quantiles, in units of a signal
LEAST = 1e-5  # probability below which logs are cut


class Certainty(NamedTuple):
    """What clean answers with C probabilities look like.

    Attributes
    ----------
    own : (C or 2,) u1, whether a label has a law of its own
    margins : (1 + C or 2, 65) f4, quantiles of the margin, nats; row 0 over all labels
    sums : (2,) f4, between which the probabilities' sum lies
    """

    own: Array
    margins: Array
    sums: Array


def learn(probabilities: Array) -> Certainty:
    """Laws from (N, C) clean answers, N at least one."""
    classes = max(probabilities.shape[1], 2)
    margin, label = np.empty(len(probabilities), np.float32), np.empty(len(probabilities), np.int64)
    _margins(probabilities, margin, label)
    at = np.linspace(0, 1, LEVELS)
    pooled = np.quantile(margin, at)
    own, laws = np.zeros(classes, np.uint8), [pooled]
    for k in range(classes):
        mine = margin[label == k]
        own[k] = len(mine) >= ENOUGH
        laws.append(np.quantile(mine, at) if own[k] else pooled)
    total = probabilities.sum(1, dtype=np.float64)
    low, high = np.quantile(total, (0.001, 0.999))
    return Certainty(own, np.array(laws, np.float32), np.array([low - 0.02, high + 0.02], np.float32))


def signals(probabilities: Array, known: Certainty) -> tuple[Array, Array]:
    """Rank in -1..1, its square less 1/3, and 1 where the sum is odd, (N, 3); a hash of the whole answer, (N,).

    Without an answer, that is probabilities that are NaN, they are NaN and 0.
    """
    out, code = np.empty((len(probabilities), 3), np.float32), np.empty(len(probabilities), np.uint64)
    _signals(np.ascontiguousarray(probabilities), known, out, code)
    return out, code


@compiled
def _signals(probabilities: Array, known: Certainty, out: Array, code: Array) -> None:
    margin = np.empty(len(probabilities), np.float32)
    label = np.empty(len(probabilities), np.int64)
    _margins(probabilities, margin, label)
    bits = probabilities.view(np.uint32)
    for i in range(len(probabilities)):
        if np.isnan(probabilities[i, 0]):
            out[i, :] = np.nan
            code[i] = 0
            continue
        law = known.margins[label[i] + 1]
        low, high = np.searchsorted(law, margin[i]), np.searchsorted(law, margin[i], side="right")
        r = np.float32(low + high) / np.float32(LEVELS) - np.float32(1)
        out[i, 0] = r
        out[i, 1] = r * r - np.float32(1 / 3)
        total = 0.0
        h = np.uint64(14695981039346656037)
        for c in range(probabilities.shape[1]):
            total += probabilities[i, c]
            h = (h ^ np.uint64(bits[i, c])) * np.uint64(1099511628211)
        out[i, 2] = 1.0 if total < known.sums[0] or total > known.sums[1] else 0.0
        code[i] = h


@compiled
def _margins(probabilities: Array, margin: Array, label: Array) -> None:
    """``log p1 - log p2`` and the label; of a single probability p, that of p against 1 - p."""
    for i in range(len(probabilities)):
        first = np.float32(-1)
        second = np.float32(-1)
        label[i] = 0
        for c in range(probabilities.shape[1]):
            p = probabilities[i, c]
            if p > first:
                second = first
                first = p
                label[i] = c
            elif p > second:
                second = p
        if probabilities.shape[1] == 1:
            label[i] = 1 if first >= 0.5 else 0
            second = np.float32(1) - first
        gap = np.log(max(first, np.float32(LEAST))) - np.log(max(second, np.float32(LEAST)))
        margin[i] = abs(gap)
