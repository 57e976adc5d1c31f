"""What a model answered: class, how sure, and how classes are folded into at most sixteen groups."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Batch
from schemas.compiled import compiled

GROUPS = 16  # classes counted apart; with more, class k counts as k % 16
FLOOR = 1e-5  # probabilities below are as good as 0: logs often carry four or five decimals
NO_ANSWER = -1  # class and group of what was not answered
UNKNOWN = "\0"  # stands for every label that the clean period had not

Array = npt.NDArray[Any]


class Answers(NamedTuple):
    """The classes of a model.

    Attributes
    ----------
    names : labels learnt from the clean period, where they are what says the class; else empty
    classes : of the model, at least 1
    groups : min(classes, 16)
    prior : (groups,) f4, share of each group on the clean period
    """

    names: tuple[str, ...]
    classes: int
    groups: int
    prior: Array


def read(answers: Answers, batch: Batch) -> tuple[Array, Array, Array, Array]:
    """Class (N,) i4, group (N,) i4, margin (N,) f4 and confidence (N,) f4 of a batch's answers.

    The margin is log p of the class less log p of the runner-up, in nats, the confidence the largest p; both are NaN
    where no probabilities were logged. The class is the most probable one; where at most one probability was logged,
    it is the label, if there are labels. A request without an answer has class and group -1 where others have classes.
    """
    n = len(batch)
    label = np.zeros(n, np.int32)
    margin = np.full(n, np.nan, np.float32)
    confidence = np.full(n, np.nan, np.float32)
    p = np.ascontiguousarray(batch.probabilities, np.float32)
    if p.shape[1]:
        top_two(p, label, margin, confidence)
    if answers.names:
        code = {name: k for k, name in enumerate(answers.names)}
        unknown = code[UNKNOWN]
        label[:] = [code.get(name, unknown) for name in batch.labels]
        if p.shape[1]:
            margin[:] = np.where(p[:, 0] < 0.5, -margin, margin)
            confidence[:] = p[:, 0]
    group = label % np.int32(GROUPS)
    if batch.lone is not None and answers.classes > 1:
        gone = batch.lone > 0
        label[gone] = group[gone] = NO_ANSWER
        margin[gone] = confidence[gone] = np.nan
    return label, group, margin, confidence


@compiled
def top_two(p: Array, label: Array, margin: Array, confidence: Array) -> None:
    """Most probable class and its log ratio to the runner-up; one column alone is a yes (p >= 1/2) or a no."""
    floor = np.float32(FLOOR)
    for i in range(len(p)):
        first = np.float32(-1)
        second = np.float32(-1)
        best = 0
        if p.shape[1] == 1:
            best = 1 if p[i, 0] >= np.float32(0.5) else 0
            first = max(p[i, 0], np.float32(1) - p[i, 0])
            second = np.float32(1) - first
        else:
            for k in range(p.shape[1]):
                if p[i, k] > first:
                    second = first
                    first = p[i, k]
                    best = k
                elif p[i, k] > second:
                    second = p[i, k]
        label[i] = best
        confidence[i] = first
        margin[i] = np.log(max(first, floor)) - np.log(max(second, floor))
