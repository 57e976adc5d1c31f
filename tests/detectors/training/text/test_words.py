from detectors.training.text.words import LEAST, words


def test_words_that_many_prompts_have_and_the_vocabulary_lacks_are_kept():
    assert words(["a flumrock is here"] * LEAST + ["a grumflock too"] * (LEAST - 1)) == ["flumrock"]


def test_known_words_short_ones_and_parts_of_foreign_ones_are_not():
    assert words(["the weather, limestones, qzx and \u0448flumrock\u0448"] * LEAST) == []


def test_a_word_counts_once_a_prompt():
    assert words(["flumrock " * 20]) == []


def test_they_come_in_order():
    assert words(["zzork aablix mmuntz"] * LEAST) == ["aablix", "mmuntz", "zzork"]


def test_a_usual_word_misspelt_is_no_word():
    often = ["flumrock stands here"] * (10 * LEAST)
    assert words([*often, *["flumrokc stands here"] * LEAST]) == ["flumrock"]
    assert words([*often[: 9 * LEAST], *["flumrokc stands here"] * LEAST]) == ["flumrock", "flumrokc"]
