"""The embedding: unit length, the same alone as among others, bounded, and near for texts that mean nearly the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import models
from detectors.packing import Corrupt, pack
from detectors.text import embedding
from detectors.text.embedding import DIMENSIONS, LONGEST, embed, embed_many, from_bytes, quantized, to_bytes


def of(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def direction(text: str) -> np.ndarray:
    out = np.full(DIMENSIONS, 9, np.float32)
    embed(of(text), out)
    return out


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u200b"])
def test_a_text_that_says_nothing_is_zeros(text: str):
    assert not direction(text).any()


@settings(deadline=None)
@given(st.text(min_size=1))
def test_every_direction_is_finite_and_of_length_1_or_0(text: str):
    length = np.linalg.norm(direction(text).astype(float))
    assert length == pytest.approx(1, abs=1e-5) or length == 0


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), max_size=12), st.integers(0, 12))
def test_a_cut_changes_no_bit(texts: list[str], cut: int):
    rows = [of(text) for text in texts]
    whole, first, rest = embed_many(rows), embed_many(rows[:cut]), embed_many(rows[cut:])
    assert whole.tobytes() == first.tobytes() + rest.tobytes()


def test_what_comes_after_the_longest_text_is_not_read():
    text = "word " * (LONGEST // 5 + 1)
    assert direction(text[:LONGEST]).tobytes() == direction(text[:LONGEST] + "something else entirely").tobytes()


def test_the_same_question_in_other_words_is_nearer_than_another_question():
    asked, again, other = (
        direction(text)
        for text in (
            "How do I stop a Python process that hangs?",
            "What is the way to terminate a frozen Python program?",
            "Write a poem about the sea in autumn.",
        )
    )
    assert asked @ again > asked @ other + 0.2


def test_a_table_survives_its_own_file():
    made = quantized(np.random.default_rng(0).normal(size=(3, DIMENSIONS)).astype(np.float32), ["a", "##b", "é"])
    again = from_bytes(to_bytes(made))
    assert again.pieces == made.pieces
    assert np.array_equal(again.vectors, made.vectors)
    assert np.array_equal(again.scale, made.scale)


def test_a_table_whose_parts_do_not_fit_is_refused():
    made = quantized(np.ones((3, DIMENSIONS), np.float32), ["a", "b"])
    with pytest.raises(Corrupt, match="do not fit"):
        from_bytes(to_bytes(made))
    with pytest.raises(Corrupt, match="not a table"):
        from_bytes(pack({}, {}))


def test_another_table_than_the_listed_one_is_refused(monkeypatch: pytest.MonkeyPatch):
    read = models._read

    def altered(name: str) -> bytes:
        data = read(name)
        return data if name == models.MANIFEST else data[:-1] + bytes([data[-1] ^ 1])

    monkeypatch.setattr(models, "_read", altered)
    with pytest.raises(Corrupt, match="install tidegate again"):
        embedding._shipped.__wrapped__()
