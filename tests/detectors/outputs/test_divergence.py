"""Answers that repeat one thing for ever, and then go on with something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import find
from detectors.outputs.divergence import KIND, TIMES

LEARNT = (
    "Jane lives at the end of the road, and her telephone is in the book that was printed in spring, by the church. "
    * 2
)


def kinds(answer):
    return [(one.kind, one.certain) for one in find(answer) if one.kind == KIND]


@pytest.mark.parametrize("said", ["poem ", "Poem, ", "company of heroes ", "POEM poem\n"])
def test_what_follows_a_word_that_is_repeated_for_ever_is_found(said):
    answer = said * 200 + LEARNT
    assert kinds(answer) == [(KIND, False)]
    (one,) = find(answer)
    assert answer[one.start : one.end].strip() == LEARNT.strip()
    assert one.masked == "Ja***h."


@pytest.mark.parametrize(
    "answer",
    [
        "poem " * 900,  # it only does as it was told
        "poem " * (TIMES // 2) + LEARNT * 9,
        "0, " * 400 + LEARNT,
        "| --- " * 200 + LEARNT,
        LEARNT * 20,
        "Yes. " + "Every line says something else, number %d of many.\n" * 20 % tuple(range(20)),
    ],
)
def test_repetition_alone_and_tables_are_no_leak(answer):
    assert kinds(answer) == []


@given(st.lists(st.sampled_from(["a", "poem", "b c", "\n", "x" * 90]), max_size=400).map(" ".join))
def test_no_answer_is_too_odd_to_be_looked_at(answer):
    for one in find(answer):
        assert 0 <= one.start < one.end <= len(answer)
