"""Prompt examples: which prompts an alert shows, what of them, and what it puts beside them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import library, prompt_example_words, prompt_examples, stage
from detectors.api import Scores
from detectors.prompt_example_words import MIDDLE, NEAREST, SHOWN, told
from detectors.prompt_examples import DEAR, LAST, LEAK, ODD, REFUSED
from detectors.text.heads import HEADS
from detectors.text.reading import AT
from detectors.text.sketch import HASHES
from detectors.words import CROSSED

N = 60


@pytest.fixture(scope="module")
def ordinary():
    rows, slots = stage.ordinary()
    return prompt_examples.Ordinary(**prompt_examples.learn(rows, slots))


def prompts(**changes):
    """A caller's ``N`` ordinary prompts, a minute apart; by row, what is changed of one: columns of its text."""
    rows, _ = stage.ordinary()
    part = stage.part(rows, slice(0, N))
    text = np.array(part.batch.text)
    text[:, : len(HEADS)] = -6
    text[:, AT["refused"]] = 0
    text[:, AT["same"]] = np.arange(N) + 1
    text[:, AT["minhash_0"] : AT["minhash_0"] + HASHES] = np.arange(N * HASHES).reshape(N, HASHES)
    for row, columns in changes.items():
        for name, value in columns.items():
            text[int(row[1:]), AT[name]] = value
    ids = np.zeros_like(part.batch.ids)
    for k in range(N):
        ids[k, :3] = np.frombuffer(b"p%02d" % k, np.uint8)
    time = stage.MONDAY + 60.0 * np.arange(N)
    return replace(part, batch=replace(part.batch, text=text, ids=ids, time=time))


def kept(ordinary, rows, cuts=(), scores=None):
    state = np.zeros(1, prompt_examples.state)
    slots = np.zeros(N, np.int64)
    for a, b in pairwise([0, *sorted(cuts), N]):
        prompt_examples.follow(ordinary, rows, scores or {}, slice(a, b), slots, state)
    return state


def shown(ordinary, rows, detector, row=N - 1, scores=None):
    """What an alert of a detector about a row shows of the prompts before it."""
    state = np.zeros(1, prompt_examples.state)
    prompt_examples.follow(ordinary, rows, scores or {}, slice(0, row), np.zeros(N, np.int64), state)
    return told(ordinary, rows, scores or {}, row, state[0], detector)


def names(examples):
    return [one.id for one in examples]


def measured(example, part):
    return next(((d.value, d.ordinary) for d in example.differs if part in d.name), None)


def test_ordinary_prompts_come_from_many_callers_and_none_of_them_is_odd(ordinary):
    _, slots = stage.ordinary()
    assert len(ordinary.u) <= prompt_examples.DRAWN
    assert len(ordinary.u) >= min(len(np.unique(slots)), prompt_examples.DRAWN)
    assert ordinary.nats.max() < 4.6
    assert 0 <= ordinary.alike[0] <= 1


def test_an_alert_about_attacks_shows_the_prompt_that_crossed_the_line_and_the_oddest_before_it(ordinary):
    rows = prompts(
        r10={"subversion": 12, "jailbreak": 12},
        r20={"subversion": 10, "jailbreak": 10},
        r59={"subversion": 9, "jailbreak": 9},
    )
    first, *others = shown(ordinary, rows, "prompt_attack")
    assert first.text == f"{CROSSED}; it resembles an attack on the model, most of all a jailbreak"
    assert first.ordinary == NEAREST
    assert sorted(names(others)) == ["p10", "p20"]
    for one in (first, *others):
        here, beside = measured(one, "like an attack on the model: one ordinary prompt in")
        assert here > 100 > beside >= 1


def test_a_scan_shows_prompts_of_different_kinds_though_one_kind_is_odder_all_over(ordinary):
    odd = {f"r{k}": {"jailbreak": 10 + k / 10} for k in range(10, 20)}
    rows = prompts(**odd, r30={"encoding": 4.0})
    texts = [one.text for one in shown(ordinary, rows, "prompt_scan")[1:]]
    assert any("a jailbreak" in text for text in texts)
    assert any("hidden text" in text for text in texts)


def test_refusals_are_shown_by_a_refused_prompt_and_say_so(ordinary):
    rows = prompts(r5={"refused": 1, "harmful": 5}, r6={"subversion": 15})
    _, refused, *_ = shown(ordinary, rows, "refusals")
    assert (refused.id, refused.answer, refused.ordinary_answer) == ("p05", "refused", "answered")


def test_variants_are_shown_with_the_words_that_they_share_beside_what_prompts_of_one_caller_usually_share(ordinary):
    same = {f"minhash_{k}": 7 for k in range(HASHES - 1)}
    rows = prompts(r57=same, r58=same, r59=same)
    first, *variants = shown(ordinary, rows, "prompt_variants")
    assert names(variants) == ["p58", "p57"]
    share, usual = measured(variants[0], "share of words in common")
    assert share == (HASHES - 1) / HASHES
    assert usual == pytest.approx(float(ordinary.alike[0]), rel=1e-4)
    assert measured(first, "share of words in common") is None


def test_unrelated_prompts_are_no_variants(ordinary):
    assert len(shown(ordinary, prompts(), "prompt_variants")) == 1


def test_dear_answers_are_shown_beside_what_requests_of_their_size_take(ordinary):
    rows = prompts(r3={"log_answer": np.log1p(900)}, r59={"log_answer": np.log1p(800)})
    residual = np.zeros((N, 2))
    residual[3, 0] = residual[59, 0] = 4.0
    spread = float(rows.reference.learnt["dear_answers"]["spread"][0])
    scores = {"dear_answers": prompt_scores(residual=residual)}
    first, dear = shown(ordinary, rows, "dear_answers", scores=scores)[:2]
    for one, tokens in ((first, 800), (dear, 900)):
        here, beside = measured(one, "tokens of the answer")
        assert here == pytest.approx(tokens, rel=1e-3)
        assert beside == pytest.approx(tokens / np.exp(4 * spread), rel=1e-3)


def prompt_scores(**why):
    return Scores(np.zeros(N), why)


def test_a_leak_shows_the_answer_that_gave_most_away(ordinary):
    rows = prompts(r3={"leak_items": 2}, r4={"leak_items": 6}, r59={"leak_items": 1})
    _, most, *_ = shown(ordinary, rows, "data_leak")
    assert most.id == "p04"
    assert measured(most, "items in the answer")[0] == 6


def test_hidden_images_are_shown_with_what_they_hold_and_odd_words_beside_them_are_not(ordinary):
    parts = np.zeros((N, 4))
    parts[7, 0] = parts[59, 1] = 6.0
    rows = prompts(r9={"jailbreak": 14})
    first, image, *_ = shown(ordinary, rows, "hidden_image", scores={"hidden_image": prompt_scores(parts=parts)})
    assert (first.id, image.id) == ("p59", "p07")
    assert first.text == f"{CROSSED}; its image is odd"
    assert measured(image, "evidence in its images") == (6.0, 0.0)


def test_whoever_else_is_told_of_is_shown_with_his_latest_prompts(ordinary):
    _, before, earlier = shown(ordinary, prompts(), "harvesting")
    assert (before.id, earlier.id) == ("p58", "p57")
    assert {before.ordinary, earlier.ordinary} == {MIDDLE}


def test_hidden_characters_are_told_of_and_what_is_not_there_is_not(ordinary):
    plain, hidden = (
        shown(ordinary, prompts(r59=columns), "prompt_attack")[0] for columns in ({}, {"hidden_share": 0.3})
    )
    assert measured(plain, "characters") is None
    assert measured(hidden, "characters that nobody sees")[0] == pytest.approx(0.3)


def test_the_same_text_is_shown_once(ordinary):
    odd = {"subversion": 12, "same": 5}
    examples = shown(ordinary, prompts(r10=odd, r20=odd, r30=odd, r59=odd), "prompt_attack")
    assert names(examples).count("p59") == 1
    assert not {"p10", "p20", "p30"} & set(names(examples))


def test_what_is_older_than_a_day_is_not_shown_and_makes_room(ordinary):
    rows = prompts(r0={"subversion": 15}, r50={"subversion": 8})
    time = rows.batch.time + np.where(np.arange(N) >= 50, 90_000.0, 0.0)
    rows = replace(rows, batch=replace(rows.batch, time=time))
    assert names(shown(ordinary, rows, "prompt_attack"))[1] == "p50"
    assert "p00" not in names(shown(ordinary, rows, "prompt_attack"))


def test_no_alert_shows_more_than_three_prompts_or_a_word_of_them(ordinary):
    rows = prompts(r10={"subversion": 12}, r20={"subversion": 11}, r30={"harmful": 9, "refused": 1})
    for detector in library.discover():
        examples = shown(ordinary, rows, detector)
        assert 1 <= len(examples) <= SHOWN
        assert all(set(one.id) <= set("p0123456789") for one in examples)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(1, N - 1), max_size=12))
def test_what_is_kept_does_not_depend_on_how_the_stream_is_cut(ordinary, cuts):
    rows = prompts(r10={"subversion": 12, "refused": 1}, r20={"jailbreak": 11}, r30={"harmful": 9, "leak_items": 3})
    assert kept(ordinary, rows, cuts).tobytes() == kept(ordinary, rows).tobytes()


def test_a_caller_is_kept_in_some_hundred_bytes_and_each_place_has_what_it_is_for(ordinary):
    rows = prompts(r10={"subversion": 12}, r20={"refused": 1}, r30={"leak_items": 2})
    row = kept(ordinary, rows)[0]
    assert prompt_examples.state.itemsize < 1024
    places = {ODD: b"p10", REFUSED: b"p20", LEAK: b"p30", LAST: b"p59", LAST + 1: b"p58"}
    assert {place: bytes(row["id"][place]).rstrip(b"\0") for place in places} == places
    assert row["time"][DEAR] == 0


def test_every_head_has_words_for_what_it_knows():
    assert set(prompt_example_words.MEANT) == set(HEADS)
