"""Classes and margins of answers, whatever was logged of them."""

from dataclasses import replace

import numpy as np

from detectors.features import outputs
from detectors.features.outputs import UNKNOWN, Answers


def answers(*, names=(), classes):
    return Answers(names, classes, min(classes, 16), np.ones(min(classes, 16), np.float32))


def batch_of(clean, probabilities, labels):
    batch = clean().batch(slice(0, len(labels)))
    return replace(batch, probabilities=np.array(probabilities, np.float32).reshape(len(labels), -1), labels=labels)


def test_the_class_is_the_most_probable_and_the_margin_its_lead_over_the_next(clean):
    batch = batch_of(clean, [[0.1, 0.7, 0.2], [0.5, 0.0, 0.5]], ["", ""])
    label, _, margin, confidence = outputs.read(answers(classes=3), batch)
    assert label.tolist() == [1, 0]
    assert np.allclose(margin, [np.log(0.7 / 0.2), 0.0], atol=1e-6)
    assert np.allclose(confidence, [0.7, 0.5])


def test_one_probability_alone_is_a_yes_or_a_no(clean):
    label, _, margin, confidence = outputs.read(answers(classes=2), batch_of(clean, [[0.8], [0.1]], ["", ""]))
    assert label.tolist() == [1, 0]
    assert np.allclose(margin, [np.log(4), np.log(9)], atol=1e-5)
    assert np.allclose(confidence, [0.8, 0.9])


def test_a_label_beside_one_probability_says_the_class(clean):
    known = answers(names=("cat", "dog", UNKNOWN), classes=3)
    label, _, margin, confidence = outputs.read(known, batch_of(clean, [[0.8], [0.4]], ["dog", "cat"]))
    assert label.tolist() == [1, 0]
    assert np.allclose(margin, [np.log(4), np.log(0.4 / 0.6)], atol=1e-5)
    assert np.allclose(confidence, [0.8, 0.4])


def test_labels_never_seen_and_missing_ones_are_one_class_of_their_own(clean):
    known = answers(names=("cat", "dog", UNKNOWN), classes=3)
    batch = batch_of(clean, np.zeros((3, 0)), ["cat", "zebra \x1b[2J", ""])
    label, _, margin, _ = outputs.read(known, batch)
    assert label.tolist() == [0, 2, 2]
    assert np.isnan(margin).all()


def test_more_than_sixteen_classes_are_counted_in_groups(clean):
    p = np.eye(40, dtype=np.float32)[[3, 19, 35]]
    label, group, _, _ = outputs.read(answers(classes=40), batch_of(clean, p, [""] * 3))
    assert label.tolist() == [3, 19, 35]
    assert group.tolist() == [3, 3, 3]


def test_a_row_without_any_probability_above_zero_has_no_margin_to_speak_of(clean):
    label, _, margin, _ = outputs.read(answers(classes=3), batch_of(clean, [[0, 0, 0]], [""]))
    assert label.tolist() == [0]
    assert margin.tolist() == [0.0]
