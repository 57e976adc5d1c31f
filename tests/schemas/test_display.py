"""Text from strangers cannot act on a terminal, break a line or turn text around."""

import unicodedata

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.display import plain, several, written

anything = st.text(st.characters(exclude_categories=[]), max_size=60)  # surrogates included


@given(anything)
def test_what_is_shown_is_one_line_without_anything_invisible(text):
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert shown.encode().decode() == shown


@given(anything, anything)
def test_two_texts_that_differ_are_shown_differently(one, other):
    assert (plain(one) == plain(other)) == (one == other)


def test_escapes_of_a_terminal_are_shown_and_not_obeyed():
    assert plain("\x1b[2Jgone\r\n") == "\\x1b[2Jgone\\r\\n"


def test_text_that_turns_around_is_shown_in_its_real_order():
    assert plain("user\u202etxt.exe") == "user\\u202etxt.exe"


def test_an_escape_that_was_typed_is_told_from_a_real_one():
    assert plain("\\x1b") == "\\\\x1b"


def test_writing_of_the_world_is_left_alone():
    assert plain("Grüße, 世界 🙂") == "Grüße, 世界 🙂"


def test_long_text_is_cut_and_says_so():
    assert plain("x" * 100, 10) == "x" * 10 + "…"
    assert plain("x" * 10, 10) == "x" * 10


def test_of_many_names_some_are_shown_and_the_rest_counted():
    assert several(["a"], 3) == "a"
    assert several({"a": 1, "b": 2}, 2) == "a, b"
    assert several(["a", "\x1b[2J", "c", "d"], 2) == "a, \\x1b[2J and 2 more"


def test_a_number_of_single_precision_is_written_as_people_would_write_it():
    assert [written(float(np.float32(x))) for x in (0.199, 12.5, 1e-9, 16_777_216.0)] == [0.199, 12.5, 1e-9, 16777220.0]
    assert written(float("inf")) == float("inf")
