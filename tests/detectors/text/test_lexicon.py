import numpy as np
import pytest

from detectors.text import lexicon
from detectors.text.lexicon import OWN, STEM, shipped
from detectors.text.wordpiece import LONGEST


def rank(text, start=0, stop=None):
    data = np.frombuffer(text.encode(), np.uint8)
    return int(lexicon.rank(data, start, len(data) if stop is None else stop, shipped()))


def test_a_usual_word_has_a_smaller_rank_than_a_rare_one():
    assert 0 <= rank("the") < rank("weather") < rank("limestone")


@pytest.mark.parametrize("word", ["teh", "wodr", "qzx", "xx", "z", "the" * 9])
def test_what_nobody_writes_is_unknown(word):
    assert rank(word) == -1


@pytest.mark.parametrize("word", ["limestones", "weathered", "borrowing", "decodes", "fiercely"])
def test_a_known_word_with_an_ending_is_known_and_less_usual(word):
    assert rank(word) >= 0


def test_a_word_with_an_ending_is_less_usual_than_its_stem():
    assert rank("limestones") == rank("limestone") + STEM
    assert rank("jailbreakly") == rank("jailbreak") + STEM


def test_an_ending_needs_a_stem_of_four_letters():
    assert rank("sees") >= 0
    assert rank("qzxing") == rank("thely") == -1


def test_words_of_our_own_prompts_are_all_of_one_rank():
    assert rank("decode") == rank("jailbreak") == OWN


def test_single_letters_are_words_where_they_stand_for_one():
    assert rank("a") == rank("i") == 0
    assert rank("s") == -1
    assert rank("it's", 3) == 0


def test_a_word_beyond_the_longest_is_unknown_and_costs_nothing():
    assert rank("a" * (LONGEST + 1)) == -1


def test_an_empty_word_is_unknown():
    assert rank("word", 2, 2) == -1
