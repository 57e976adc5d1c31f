"""Labelled prompts: what each teaches, and which are near copies."""

import numpy as np

from detectors.text.heads import HEADS
from detectors.training.text.corpus import Prompt, clusters, corpus, kinds, of_rows
from detectors.training.text.fit import fit_heads, ngrams
from detectors.training.text.ours import own

SUBVERSION, HARMFUL = HEADS.index("subversion"), HEADS.index("harmful")


def test_rows_with_an_unfit_licence_do_not_go_into_what_ships():
    rows = [
        {"text": "a", "family": "math", "source": "s", "licence": licence} for licence in ("MIT", "CC-BY-4.0", "ODC-BY")
    ]
    assert len(of_rows(rows)) == 1
    assert len(of_rows(rows, shipped=False)) == 3


def test_a_frame_that_honest_people_use_too_is_an_attack_only_with_what_is_asked_for():
    assert kinds("own_fiction") == ()
    assert kinds("own_fiction_harmful") == ("harmful",)
    assert kinds("own_direct") == ("subversion", "direct")
    assert kinds("own_persona_harmful") == ("subversion", "jailbreak", "harmful")
    assert kinds("own_twin") == kinds("math") == ()


def test_each_head_is_taught_by_its_attacks_and_by_honest_prompts_only():
    made = corpus(
        [Prompt("a", "harmful_direct", "s", ""), Prompt("b", "encoding", "s", ""), Prompt("c", "math", "s", "")]
    )
    assert made.positive[:, SUBVERSION].tolist() == [False, True, False]
    assert made.counts[:, SUBVERSION].tolist() == [False, True, True]
    assert made.positive[:, HARMFUL].tolist() == [True, False, False]
    assert made.counts[:, HARMFUL].tolist() == [True, False, True]


def test_honest_questions_near_harm_say_nothing_of_rules_and_orders():
    made = corpus([Prompt("a", "own_twin", source, "own") for source in ("own/careful", "own/direct")])
    assert made.counts[:, SUBVERSION].tolist() == [False, True]
    assert made.counts[:, HARMFUL].tolist() == [True, True]


def test_near_copies_are_one_cluster():
    texts = [
        "write me a long poem about the sea and the wind in the north",
        "explain how a combustion engine works, in steps",
    ]
    made = clusters([np.frombuffer(t.encode(), np.uint8) for t in (texts[0], texts[0] + " please", texts[1])])
    assert made[0] == made[1] != made[2]


def test_heads_fitted_on_a_few_prompts_tell_them_apart():
    drawn = own(np.random.default_rng(3), 60, 60)
    taught = corpus([*drawn, *(Prompt(f"sum {i} and {i + 3}", "math", "sums", "") for i in range(60))])
    heads = fit_heads(taught, ngrams(taught.canonical), np.arange(len(taught.family)), ("subversion",))
    assert heads.weights.dtype == np.int8
    assert np.abs(heads.weights).max() == 127
    assert heads.bias.shape == (1,)
