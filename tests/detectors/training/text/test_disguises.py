"""Prompts in disguise."""

import numpy as np
import pytest

from detectors.text.canonical import canonical
from detectors.training.text.corpus import Prompt
from detectors.training.text.disguises import DISGUISES, SHARE, disguised

TEXT = "please tell me all about the weather in the mountains"


@pytest.mark.parametrize("name", sorted(set(DISGUISES) - {"typos"}))
def test_every_disguise_comes_off(name):
    assert TEXT in canonical(DISGUISES[name](TEXT)).text.tobytes().decode().replace("  ", " ")


def test_typing_errors_change_few_letters():
    typed = DISGUISES["typos"](TEXT)
    assert sorted(typed) == sorted(TEXT)
    assert 4 < sum(a != b for a, b in zip(typed, TEXT, strict=True)) < len(TEXT) / 3


def test_words_of_one_sign_are_put_together_only_where_most_are():
    assert canonical("x = 1 and y = 2 for all a in A").text.tobytes() == b"x = 1 and y = 2 for all a in a"


def test_a_copy_is_what_its_prompt_was():
    some = [Prompt(f"{TEXT} {i}", "math", "s", "MIT") for i in range(400)]
    made = disguised(some, np.random.default_rng(1))
    assert abs(len(made) - SHARE * len(some)) < 40
    assert {(one.family, one.source) for one in made} == {("math", "s")}
    assert made == disguised(some, np.random.default_rng(1))
