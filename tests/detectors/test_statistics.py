"""The table of statistics and its words."""

from detectors.statistics import AT, FLOORS, NAMES, SIGNALS, TABLE, TIMING, WHOLES, WORDS, words


def test_there_are_64_statistics_each_with_a_name_of_its_own_and_words_for_both_sides():
    assert len(SIGNALS) == 28
    assert len(TABLE) == len(NAMES) == len(set(NAMES)) == len(FLOORS) == 64
    assert set(WORDS) == {s.name for s in (*SIGNALS, *WHOLES)}
    sides = [text for pair in WORDS.values() for text in pair]
    assert len(set(sides)) == len(sides)
    assert all(text[0].islower() and text[-1] != "." and len(text) < 80 for text in sides)


def test_words_follow_the_side():
    k = NAMES.index("flip/32")
    assert words(k, 3.0) == "finds small changes that flip the answer"
    assert words(k, -3.0) == "makes small changes that hardly ever flip the answer"


def test_names_carry_the_memory_and_timing_is_known():
    assert NAMES[AT["repeat"]] == "repeat/32"
    assert NAMES[28 + AT["repeat"]] == "repeat/256"
    assert {NAMES[k].split("/")[0] for k in TIMING} == {"gap", "gap_spread", "session", "burst", "surge", "distinct"}
