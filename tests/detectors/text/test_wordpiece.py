"""WordPiece: the reference's pieces on ordinary text, known pieces beside unknown letters, and bounded work."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.text.embedding import pieces
from detectors.text.letters import NOTHING, PLANE, SPACE, folded, letters
from detectors.text.wordpiece import UNKNOWN, tokenize, vocabulary

# Own sentences with what Hugging Face tokenizers 0.23 says of them with the vocabulary of all-MiniLM-L6-v2.
REFERENCE = json.loads((Path(__file__).parent / "reference_pieces.json").read_text())
SMALL = ["[PAD]", *(f"[unused{i}]" for i in range(UNKNOWN - 1)), "[UNK]", "a", "##a", "##b", "ab", "abc", "!", "##"]


def of(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def cut(text: str) -> list[str]:
    ids = np.empty(64, np.int32)
    return [SMALL[i] for i in ids[: tokenize(of(text), vocabulary(SMALL), ids)]]


@pytest.mark.parametrize(("text", "expected"), [one for one in REFERENCE if UNKNOWN not in one[1]])
def test_texts_without_unknown_words_have_the_reference_pieces(text: str, expected: list[int]):
    assert pieces(of(text)).tolist() == expected


def test_on_all_texts_the_pieces_overlap_with_the_reference():
    shared = [
        len(found & set(expected)) / len(found | set(expected))
        for text, expected in REFERENCE
        if (found := set(pieces(of(text)).tolist())) or expected
    ]
    assert np.mean(shared) > 0.95


def test_the_longest_piece_is_taken_first():
    assert cut("abc abca aba") == ["abc", "abc", "##a", "ab", "##a"]


def test_an_unknown_letter_does_not_hide_the_rest_of_its_word():
    assert cut("ab☃a ☃☃☃") == ["ab", "[UNK]", "##a", "[UNK]"]


def test_a_word_of_more_than_a_hundred_letters_is_one_unknown():
    assert cut("a" * 101 + " a") == ["[UNK]", "a"]
    assert cut("a" * 100)[0] == "a"


def test_words_in_brackets_are_not_special():
    assert "[PAD]" not in cut("[PAD]")


def test_letters_are_folded_as_the_reference_does_it():
    table = letters()
    assert [chr(c) for c in table.fold[ord("É")] if c] == ["e"]
    assert [chr(c) for c in table.fold[ord("각")] if c] == list(folded("각")) == ["ᄀ", "ᅡ", "ᆨ"]
    assert table.kind[ord("\u200b")] == NOTHING
    assert table.kind[ord("\u3000")] == SPACE


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 40))
def test_any_bytes_are_cut_without_running_over(noise: bytes, room: int):
    ids = np.full(room + 1, -7, np.int32)
    count = tokenize(np.frombuffer(noise, np.uint8), vocabulary(SMALL), ids[:room])
    assert 0 <= count <= room
    assert ids[room] == -7
    assert ((ids[:count] >= 0) & (ids[:count] < len(SMALL))).all()


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", max_codepoint=PLANE - 1), max_size=60))  # others are taken as they are
def test_case_and_white_space_change_nothing(text: str):
    assert cut(text.replace(" ", "\n  ")) == cut(text)
    assert cut(folded(text)) == cut(text)
