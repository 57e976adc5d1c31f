"""Prompts in disguise."""

import numpy as np
import pytest

from detectors.text.canonical import canonical
from detectors.training.text.corpus import Prompt
from detectors.training.text.disguises import DISGUISES, disguised

TEXT = "please tell me all about the weather in the mountains"


@pytest.mark.parametrize("name", DISGUISES)
def test_every_disguise_comes_off(name):
    assert TEXT in canonical(DISGUISES[name](TEXT)).text.tobytes().decode().replace("  ", " ") or name == "spaced"


def test_letters_set_apart_are_words_again_but_for_the_shortest():
    found = canonical(DISGUISES["spaced"](TEXT)).text.tobytes().decode()
    assert "weather" in found
    assert "mountains" in found


def test_a_copy_is_what_its_prompt_was():
    some = [Prompt(f"{TEXT} {i}", "math", "s", "MIT") for i in range(400)]
    made = disguised(some, np.random.default_rng(1))
    assert 5 < len(made) < 45
    assert {(one.family, one.source) for one in made} == {("math", "s")}
    assert made == disguised(some, np.random.default_rng(1))
