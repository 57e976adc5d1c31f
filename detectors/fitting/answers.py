"""The classes of a model, from its probabilities or from the labels it logged."""

from collections import Counter

import numpy as np

from detectors.burn_in import BurnIn
from detectors.features.outputs import GROUPS, UNKNOWN, Answers
from schemas.batch import Codes

MOST_LABELS = 255


def fit(burn_in: BurnIn) -> Answers:
    """Number and names of the classes; how often each came is still to come."""
    columns = burn_in.probabilities.shape[1]
    names: tuple[str, ...] = ()
    if columns <= 1:
        counts = Counter(label for label in burn_in.labels if label)
        known = sorted(counts, key=lambda label: (-counts[label], label))[:MOST_LABELS]
        names = (*sorted(known), UNKNOWN) if known else ()
    classes = len(names) or (columns if columns > 1 else columns + 1)
    groups = min(classes, GROUPS)
    return Answers(names, classes, groups, np.full(groups, 1 / groups, np.float32))


def with_prior(answers: Answers, group: Codes) -> Answers:
    """The same with the share of each group among clean answers (n,), one record added to each."""
    counts = np.bincount(group, minlength=answers.groups) + 1.0
    return answers._replace(prior=(counts / counts.sum()).astype(np.float32))
