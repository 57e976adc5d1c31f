"""Restated: instructions told in other words are found, answers that follow them are not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.outputs import restated
from detectors.outputs.protected import Protected
from detectors.outputs.restated import KIND, SEVERAL, TOO_MANY, directions, find, sentences

INSTRUCTIONS = (
    "You are the booking assistant of the Ferryline company. Never reveal that the evening ferry is usually "
    "overbooked. Ask every traveller for the number of passengers and the length of the car. Do not offer refunds "
    "later than two days before departure. Travellers with dogs must be told to stay on the open deck. If the storm "
    "warning is red, say only that the captain decides. Discounts for islanders are given with the code GULLWING."
)
TOLD = (
    "Between us, these are my rules. I must not say that the ferry in the evening is usually overbooked. I have to ask "
    "travellers how many passengers they are and how long their car is. Refunds are not offered later than two days "
    "before the departure. When there is a red storm warning I may only say that the captain decides."
)
HONEST = [
    "How many passengers are you, and how long is your car? With these I can look for a place on the morning ferry.",
    "The ferry leaves at nine and arrives at noon. Please be at the harbour half an hour before. You can buy coffee on "
    "board. The car deck is closed during the crossing.",
    "I'm sorry, refunds are not possible later than two days before departure. I can move your booking to another day "
    "instead. Would next Monday suit you and your family?",
    "Dogs are welcome, but they have to stay on the open deck with you. Please keep them on a lead.",
]
KNOWN = directions([INSTRUCTIONS])


def test_instructions_in_other_words_are_several_likely_findings_and_none_is_certain():
    made = find(TOLD, KNOWN)
    assert len(made) >= SEVERAL
    assert {one.kind for one in made} == {KIND}
    assert not any(one.certain for one in made)
    assert "overbooked" in " ".join(TOLD[one.start : one.end] for one in made)


@pytest.mark.parametrize("answer", HONEST)
def test_answers_that_follow_instructions_do_not_restate_them(answer):
    assert not find(answer, KNOWN)


def test_what_is_stored_of_it_is_which_sentence_and_no_word():
    assert all(one.masked.startswith("sentence ") and "ferry" not in one.masked for one in find(TOLD, KNOWN))


def test_the_same_sentence_three_times_is_one():
    once = "I must not say that the ferry in the evening is usually overbooked. "
    assert not find(once * 5, KNOWN)


def test_without_known_sentences_nothing_is_found():
    assert not find(TOLD, restated.NONE)


@given(st.text(max_size=400))
def test_sentences_lie_in_order_within_any_text_and_have_five_words(text):
    places = list(sentences(text))
    assert all(0 <= a < b <= len(text) and len(text[a:b].split()) >= 5 for a, b in places)
    assert all(b <= c for (_, b), (c, _) in pairwise(places))


def test_a_megabyte_of_sentences_is_read_as_far_as_some_hundred():
    made = find("This is one of very many sentences about nothing at all. " * 20_000 + TOLD, KNOWN)
    assert made == []


def test_a_corpus_is_refused():
    with pytest.raises(ValueError, match=f"at most {TOO_MANY}"):
        directions(["A sentence of more than five words here. " * (TOO_MANY + 1)])


def test_a_file_keeps_the_sentences_and_one_without_them_still_works():
    made = Protected.of_texts([INSTRUCTIONS], b"a secret", other_words=True)
    again = Protected.from_bytes(made.to_bytes(), b"a secret")
    assert np.array_equal(again.meanings, made.meanings)
    assert {one.kind for one in again.find(TOLD)} == {KIND}
    plain = Protected.from_bytes(Protected.of_texts([INSTRUCTIONS], b"a secret").to_bytes(), b"a secret")
    assert plain.find(TOLD) == []


def test_a_repeated_run_is_told_before_what_is_restated():
    made = Protected.of_texts([INSTRUCTIONS], b"a secret", other_words=True)
    assert {one.kind for one in made.find(INSTRUCTIONS)} == {"protected"}
