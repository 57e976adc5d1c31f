"""Prompts left out of training, with all that is near them."""

import numpy as np

from detectors.training.text.corpus import Prompt, corpus
from detectors.training.text.leftout import FOLDS, NEVER, folds, followed, judged, numbered, unseen
from detectors.training.text.ours import own


def test_a_cluster_is_in_one_fold_and_the_largest_has_its_own() -> None:
    cluster = np.repeat(np.arange(200), np.where(np.arange(200) == 7, 30, 2))
    fold = folds(cluster)
    assert all(len(set(fold[cluster == k].tolist())) == 1 for k in range(200))
    assert set(cluster[fold == 0].tolist()) == {7}
    assert set(fold.tolist()) == set(range(FOLDS))


def test_copies_and_near_copies_of_our_own_are_left_out_with_what_they_copy() -> None:
    fold = np.array([0, 3])
    cluster = np.array([10, 11, 11, 12, 13, 14])
    origin = np.array([0, 1, 2, 3, 0, 3])
    assert followed(fold, cluster, origin).tolist() == [0, 3, 3, NEVER, 0, NEVER]


def test_a_prompt_keeps_its_number_where_it_is_copied() -> None:
    assert [one.licence for one in numbered([Prompt("a", "math", "s", "MIT")] * 3)] == ["0", "1", "2"]


def test_one_threshold_holds_for_all() -> None:
    logit = np.concatenate([np.arange(1000.0), [995.0, 2000.0, -1.0]])
    family = np.array(["math"] * 1000 + ["attack"] * 3)
    made = judged(logit, family == "attack", family == "math", family)
    assert [one.attacks for one in made] == [2 / 3, 1 / 3]
    assert made[0].families["math"] == 0.01


def test_heads_find_attacks_of_clusters_that_they_never_saw() -> None:
    chance = np.random.default_rng(3)
    sent = [one._replace(source="sent", licence="") for one in own(chance, 120, 120)]
    honest = [Prompt(f"what is {i} and {i + 3} in words of {i}", "math", "sums", "") for i in range(60)]
    taught = corpus(sent + honest)
    fold = np.arange(len(taught.family)) % FOLDS
    found = unseen(taught, fold, len(fold))
    attack = taught.positive[:, 0]
    assert np.median(found[attack, 0]) > np.quantile(found[~attack & (taught.source == "sums"), 0], 0.9)
