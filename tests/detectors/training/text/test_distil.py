"""Distilling: each step brings held-out texts nearer to what the transformer says of them."""

import numpy as np

from detectors.training.text.agreement import agreement, hashed
from detectors.training.text.distil import begun, descended, ridged, shares

PIECES, WIDTH, DIMENSIONS = 300, 24, 16


def world(texts: int = 900) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Vectors of single pieces as a poor view of what pieces mean, texts about few things, and what texts mean."""
    chance = np.random.default_rng(3)
    theme = chance.integers(0, 20, PIECES)
    meaning = chance.normal(size=(20, WIDTH))[theme] + chance.normal(0, 0.3, (PIECES, WIDTH))
    single = meaning + chance.normal(0, 2, meaning.shape)
    drawn = [
        np.r_[chance.choice(np.flatnonzero(theme == i % 20), 4), chance.integers(0, PIECES, 3)] for i in range(texts)
    ]
    whole = np.array([meaning[text].mean(axis=0) for text in drawn], np.float32)
    return single.astype(np.float32), [text.astype(np.int32) for text in drawn], whole


def test_every_step_brings_texts_that_were_not_seen_nearer():
    single, texts, whole = world()
    seen = shares(texts, PIECES)
    learnt, left = slice(0, 600), slice(600, None)
    counts = np.bincount(np.concatenate(texts), minlength=PIECES).astype(float)
    first = begun(single, counts, DIMENSIONS)
    second = ridged(first, seen[learnt], whole[learnt])
    third = descended(second, seen[learnt], whole[learnt], steps=150)
    quality = [agreement(seen[left] @ vectors, whole[left]) for vectors in (first, second, third)]
    assert quality[0].cosines < quality[1].cosines < quality[2].cosines
    assert quality[0].overlap < quality[2].overlap


def test_distilling_twice_gives_the_same_bits():
    single, texts, whole = world(200)
    seen = shares(texts, PIECES)
    start = begun(single, np.ones(PIECES), DIMENSIONS)
    assert descended(start, seen, whole, steps=20).tobytes() == descended(start, seen, whole, steps=20).tobytes()


def test_the_transformer_agrees_wholly_with_itself():
    whole = world(200)[2]
    np.testing.assert_allclose(agreement(whole, whole), 1)


def test_hashed_letters_know_a_text_by_its_letters_only():
    texts = [np.frombuffer(text, np.uint8) for text in (b"the same text", b"the same texts", b"zzzzz qqqqq", b"")]
    rows = hashed(texts, 1 << 12).toarray()
    assert rows[0] @ rows[1] > 20
    assert abs(rows[0] @ rows[2]) <= 2
    assert not rows[3].any()
