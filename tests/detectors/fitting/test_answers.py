"""Classes, from probabilities or from labels."""

import numpy as np

from detectors.features.outputs import UNKNOWN
from detectors.fitting import answers


def test_probabilities_say_how_many_classes_there_are(clean):
    assert answers.fit(clean(classes=3, labels=True))[:3] == ((), 3, 3)
    assert answers.fit(clean(classes=40))[:3] == ((), 40, 16)
    assert answers.fit(clean(classes=1))[:3] == ((), 2, 2)


def test_labels_say_it_where_probabilities_do_not(clean):
    made = answers.fit(clean(classes=0, labels=True))
    assert made.names == ("class-0", "class-1", UNKNOWN)
    assert made.groups == 3


def test_without_either_there_is_one_class(clean):
    assert answers.fit(clean(classes=0))[:3] == ((), 1, 1)


def test_the_prior_counts_every_group_once_more_than_it_came(clean):
    made = answers.with_prior(answers.fit(clean()), np.array([0, 0, 1], np.int32))
    assert np.allclose(made.prior, [3 / 6, 2 / 6, 1 / 6])


def test_at_most_255_labels_are_told_apart(clean):
    sample = clean(classes=0, labels=True)
    sample.labels[:] = [f"label-{k % 400}" for k in range(len(sample))]
    assert answers.fit(sample).classes == 256
