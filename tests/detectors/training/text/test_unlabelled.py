"""What embeddings learn from: licences, sentences, glosses, and no near copy on both sides of the split."""

import numpy as np
import pytest

from detectors.training.text.unlabelled import glosses, held_out, near_copies, permitted, sentences


@pytest.mark.parametrize(("licence", "fits"), [
    ("MIT", True), ("Apache-2.0 / MIT", True), ("CC-BY-4.0", False), ("MIT repo / ODC-BY data", False),
])  # fmt: skip
def test_only_texts_with_a_fitting_licence_are_learnt_from(licence: str, fits: bool):
    assert permitted({"licence": licence}) is fits


def test_sentences_are_cut_at_ends_and_lines_and_whole_texts_are_no_sentences():
    found = sentences(
        ["One rather long sentence. And another rather long one!\nShort.", "A whole text of one sentence."]
    )
    assert found == ["And another rather long one!", "One rather long sentence."]


def test_a_gloss_names_its_words_and_says_what_they_mean():
    line = "00002137 03 n 02 abstraction 0 abstract_entity 0 010 @ 00001740 n 0000 | a general concept  \n"
    assert glosses(["  1 Copyright", line]) == ["abstraction, abstract entity: a general concept"]


def test_near_copies_are_one_group_and_lie_on_one_side():
    chance = np.random.default_rng(2)
    texts = []
    for _ in range(60):
        text = chance.integers(0, 5000, 40).astype(np.int32)
        near = text.copy()
        near[chance.integers(40)] = 1
        texts += [text, near]
    groups = near_copies(texts)
    assert (groups[::2] == groups[1::2]).mean() > 0.95
    assert len(set(groups[::2])) == 60
    aside = held_out(texts)
    assert 0 < aside.sum() < len(texts) / 2
    assert all(len(set(aside[groups == group])) == 1 for group in set(groups))


def test_a_text_of_one_piece_or_none_is_its_own_group():
    assert len(set(near_copies([np.array([5], np.int32), np.array([], np.int32), np.array([7], np.int32)]))) == 3
