"""By what a prompt is known again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors.text.canonical import canonical
from detectors.text.sketch import COLUMNS, HASHES, SAME, sketch, surface


def of(text):
    out = np.zeros(HASHES + 1, np.float32)
    sketch(canonical(text).text, out)
    return out


def agree(one, other):
    return int((of(one)[:HASHES] == of(other)[:HASHES]).sum())


LONG = "Write a short story about a lighthouse keeper who finds a letter in a bottle and answers it every evening"


def test_the_same_words_in_disguise_are_the_same():
    for disguised in (LONG.upper(), LONG.replace(" ", "  "), "\u200b".join(LONG), LONG + "!"):
        assert of(disguised)[SAME] == of(LONG)[SAME]
        assert surface(disguised) != surface(LONG)


def test_rewordings_share_numbers_and_other_texts_do_not():
    assert agree(LONG, LONG.replace("every evening", "at night, please")) >= 4
    assert agree(LONG, "How do I sort a list of dictionaries by two keys in Python without a lambda?") <= 1
    assert of(LONG)[SAME] != of(LONG + " again")[SAME]


def test_numbers_are_whole_and_spread_over_their_range():
    many = np.array([of(f"question number {i} about {i * i}")[SAME] for i in range(400)])
    assert len(set(many.tolist())) == 400
    assert (many == np.round(many)).all()
    assert 0 <= many.min() < 1 << 21
    assert (1 << 24) - (1 << 21) < many.max() < 1 << 24
    assert len(COLUMNS) == HASHES + 2


@given(st.text(max_size=300))
def test_every_text_has_a_sketch_and_always_the_same(text):
    made = of(text)
    assert np.isfinite(made).all()
    assert (made == of(text)).all()
