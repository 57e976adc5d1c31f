"""Depth is measured without following it."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.depth import deeper, depth_of_json, length_of_json

trees = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(st.sampled_from('[]{}"\\ a'))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.sampled_from('[]{}"\\')), inner, max_size=3),
)


def depth(value):
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@settings(deadline=None, max_examples=50)
@given(trees)
def test_brackets_in_strings_do_not_count(tree):
    assert depth_of_json(json.dumps(tree).encode()) == depth(tree)


@given(trees, st.integers(0, 6))
def test_a_decoded_value_is_as_deep_as_it_is(tree, limit):
    assert deeper(tree, limit) == (depth(tree) > limit)


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_have_a_depth(value):
    assert 0 <= depth_of_json(value) <= len(value)
    assert 0 <= length_of_json(value) <= len(value)


@settings(deadline=None, max_examples=50)
@given(trees.filter(lambda tree: isinstance(tree, list | dict)), st.binary(max_size=20))
def test_a_value_ends_where_it_ends_whatever_follows_it(tree, more):
    value = json.dumps(tree).encode()
    assert length_of_json(value + more) == len(value)
    assert length_of_json(value[:-1]) == len(value) - 1
