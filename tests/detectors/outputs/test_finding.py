from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs.finding import free, masked
from detectors.outputs.plain import plain


@given(st.text(min_size=1, max_size=60))
def test_of_what_was_found_at_most_four_characters_are_kept(text):
    kept = masked(text).replace("***", "", 1)
    assert len(kept) <= 4
    assert len(kept) < len(text) / 2


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9))))
def test_a_place_is_taken_once(spans):
    taken = []
    held = set()
    for start, length in spans:
        cells = set(range(start, start + length))
        assert free(taken, start, start + length) == (not cells & held)
        held |= cells if not cells & held else set()
    assert taken == sorted(taken)


@given(st.text())
def test_an_answer_as_bytes_has_a_byte_a_character(text):
    assert len(plain(text)) == len(text)
    assert plain(text).isascii()
