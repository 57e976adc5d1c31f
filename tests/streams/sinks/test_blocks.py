import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sinks.api import Coded
from streams.sinks.blocks import halves, joined, plain_values, token

text = st.text(st.characters(exclude_categories=[]), max_size=5)


@st.composite
def blocks(draw, least=0):
    values = draw(st.lists(text, min_size=1, max_size=4))
    rows = draw(st.integers(least, 12))
    return {
        "a": draw(st.lists(text, min_size=rows, max_size=rows)),
        "b": np.array(draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows)), dtype=np.uint16),
        "c": Coded(
            values, np.array(draw(st.lists(st.integers(0, len(values) - 1), min_size=rows, max_size=rows)), "i4")
        ),
        "d": draw(st.lists(st.lists(text, max_size=2), min_size=rows, max_size=rows)),
        "e": np.array(draw(st.lists(st.integers(0, 10**15), min_size=rows, max_size=rows)), "i8").view(
            "datetime64[us]"
        ),
    }


def plain(block):
    return {name: plain_values(column) for name, column in block.items()}


@given(st.lists(blocks(), min_size=1, max_size=5))
def test_joined_blocks_hold_all_rows_in_order(parts):
    whole = plain(joined(parts))
    for name in parts[0]:
        assert whole[name] == [value for part in parts for value in plain_values(part[name])]


@given(blocks(least=2))
def test_halves_joined_are_the_whole_again(block):
    first, second = halves(block)
    assert plain(joined([first, second])) == plain(block)
    assert abs(len(first["a"]) - len(second["a"])) <= 1


@given(blocks())
def test_a_token_depends_on_content_alone(block):
    copied = {name: column if isinstance(column, Coded) else column.copy() for name, column in block.items()}
    assert token("t", copied) == token("t", block)
    assert token("u", block) != token("t", block)
    assert token("t", block).isalnum()


@given(blocks(least=1), blocks(least=1))
def test_different_rows_have_different_tokens(one, other):
    assert (token("t", one) == token("t", other)) == (plain(one) == plain(other))


@given(st.lists(text, min_size=1, max_size=6), st.randoms())
def test_how_text_is_coded_does_not_show_in_the_token(values, random):
    shuffled = sorted(set(values), key=lambda _: random.random())
    codes = np.array([shuffled.index(value) for value in values], np.int32)
    assert token("t", {"a": Coded(shuffled, codes)}) == token("t", {"a": values})


@pytest.mark.parametrize(
    ("one", "other"), [(["ab", "c"], ["a", "bc"]), (["a", ""], ["", "a"]), ([["a"], []], [[], ["a"]])]
)
def test_text_does_not_flow_from_one_row_into_the_next(one, other):
    assert token("t", {"a": one}) != token("t", {"a": other})


def test_the_type_of_a_number_shows_in_the_token():
    zeros = {token("t", {"a": np.zeros(2, kind)}) for kind in ("f4", "i4", "u4", "f8", "i8")}
    assert len(zeros) == 5
