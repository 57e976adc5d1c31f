import base64
import codecs
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs.protected import Protected
from detectors.outputs.shingles import shingles
from detectors.packing import Corrupt

SECRET = b"a secret"
CHANCE = random.Random(5)
LEXICON = ["".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz", k=CHANCE.randint(2, 9))) for _ in range(900)]


def prose(seed, n=300):
    chance = random.Random(seed)
    return " ".join(chance.choices(LEXICON, k=n))


TEXT = prose(1)
KNOWN = Protected.of_texts([TEXT], SECRET)


def run(words, at=40):
    return " ".join(TEXT.split()[at : at + words])


@pytest.mark.parametrize("words", [20, 40, 200])
@given(seed=st.integers(0, 10_000))
def test_twenty_words_in_a_row_are_certain_whatever_stands_around_them(words, seed):
    answer = f"{prose(seed + 9, 30)}. {run(words).upper().replace(' ', ',  ')}! {prose(seed + 8, 30)}"
    (found,) = KNOWN.find(answer)
    assert found.certain
    assert TEXT.split()[41].upper() in answer[found.start : found.end]
    assert words <= int(found.masked.split()[0]) <= words + 11  # one of 5,000 other shingles is taken for its own


def test_twelve_words_are_likely_and_seven_are_nothing():
    assert [f.certain for f in KNOWN.find(run(12))] == [False]
    assert not KNOWN.find(run(7))


@given(st.integers(0, 2000))
def test_other_texts_of_the_same_words_are_no_leak(seed):
    assert not KNOWN.find(prose(seed + 100, 200))


VEILS = {
    "reversed": lambda t: t[::-1],
    "rot13": lambda t: codecs.encode(t, "rot13"),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base64 in an answer": lambda t: f"Sure: {base64.b64encode(t.encode()).decode()} is it.",
    "hex": lambda t: t.encode().hex(),
    "hex with spaces": lambda t: t.encode().hex(" "),
    "spaced": lambda t: "  ".join(" ".join(w) for w in t.split()),
    "dashed": lambda t: "\n".join("-".join(w) for w in t.split()),
}


@pytest.mark.parametrize("veil", VEILS.values(), ids=VEILS)
def test_a_veiled_run_is_found(veil):
    assert [f.certain for f in KNOWN.find(veil(run(60)))] == [True]


def test_a_changed_word_does_not_end_a_run():
    words = run(40).split()
    words[20] = "something"
    (found,) = KNOWN.find(" ".join(words))
    assert found.certain


def test_what_ordinary_texts_say_too_is_not_protected():
    known = Protected.of_texts([TEXT], SECRET, [run(60)])
    assert not known.find(run(60))
    assert known.find(run(40, at=200))


def test_characters_without_spaces_are_words():
    text = "".join(chr(0x4E00 + i * 7) for i in range(60))
    known = Protected.of_texts([text], SECRET)
    answer = f"是的{text[10:40]}好"
    (found,) = known.find(answer)
    assert answer[found.start : found.end] == text[10:40]


def test_it_comes_back_from_its_bytes_and_only_with_its_secret():
    data = KNOWN.to_bytes()
    assert Protected.from_bytes(data, SECRET).find(run(30)) == KNOWN.find(run(30))
    for wrong in (data[:-1], b"tgM1" + data[4:], data[:30] + bytes([data[30] ^ 1]) + data[31:]):
        with pytest.raises(Corrupt):
            Protected.from_bytes(wrong, SECRET)
    with pytest.raises(Corrupt):
        Protected.from_bytes(data, b"another")


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused(data):
    with pytest.raises(Corrupt):
        Protected.from_bytes(b"tgP1" + data, SECRET)


@given(st.text(max_size=200))
def test_places_of_words_are_in_the_text(text):
    made = shingles(text, SECRET)
    assert (made.words[:, 0] < made.words[:, 1]).all()
    assert made.words.max(initial=0) <= len(text.lower().encode("utf-8", "replace"))
    assert len(made.prints) == max(0, len(made.words) - 7)


def test_another_salt_gives_other_numbers():
    assert not np.intersect1d(shingles(TEXT, b"a").prints, shingles(TEXT, b"b").prints).size
