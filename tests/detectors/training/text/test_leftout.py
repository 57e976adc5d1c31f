"""Prompts left out of training, with all that is near them."""

import numpy as np

from detectors.text.deep import DIMENSIONS
from detectors.training.text import deep
from detectors.training.text.corpus import Corpus, Prompt, corpus
from detectors.training.text.leftout import (
    FOLDS,
    NEVER,
    Away,
    folds,
    followed,
    groups,
    judged,
    numbered,
    own_fold,
    parts,
    unseen,
)
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


def test_a_family_is_left_out_with_its_near_copies_and_one_of_the_folds() -> None:
    fold = np.array([0, 0, 1, 1, 2, 3, 4])
    cluster = np.array([7, 7, 1, 1, 2, 3, 4])
    family = np.array(["injection_direct", "math", "injection_direct", "math", "math", "math", "math"])
    (one,) = groups(fold, cluster, family)
    assert one.name == "injection_direct"
    assert one.judged.tolist() == [True, False, True, False, False, False, False]
    assert one.out[[0, 2, 3]].all()
    assert not one.out[1]
    assert sum(one.out[[4, 5, 6]]) <= 1


def test_a_family_that_lies_in_the_largest_cluster_altogether_is_left_out_with_it() -> None:
    family = np.array(["jailbreak_rs", "math", "math"])
    (one,) = groups(np.array([0, 0, 1]), np.array([7, 7, 1]), family)
    assert one.out.tolist() == [True, True, False]
    assert one.judged.tolist() == [True, False, False]


def test_each_prompt_is_judged_by_the_heads_without_its_fold() -> None:
    away = [*parts(np.array([0, 1, 2, 3, 4])), Away("math", np.ones(5, bool), np.ones(5, bool))]
    found = np.arange(30.0).reshape(6, 5, 1)
    assert own_fold(found, away)[:, 0].tolist() == [0, 6, 12, 18, 24]


def sent() -> list[Prompt]:
    chance = np.random.default_rng(3)
    attacks = [one._replace(source="sent", licence="") for one in own(chance, 120, 120)]
    return attacks + [Prompt(f"what is {i} and {i + 3} in words of {i}", "math", "sums", "") for i in range(60)]


def found_unseen(taught: Corpus, logits: np.ndarray) -> bool:
    attack = taught.positive[:, 0]
    return np.median(logits[attack]) > np.quantile(logits[~attack & (taught.source == "sums")], 0.9)


def test_heads_find_attacks_of_clusters_that_they_never_saw() -> None:
    taught = corpus(sent())
    away = parts(np.arange(len(taught.family)) % FOLDS)
    made = own_fold(unseen(taught, np.arange(len(taught.family)), away)[0], away)
    assert found_unseen(taught, made[:, 0])


def test_deep_heads_are_judged_by_the_same_folds_on_the_scale_of_the_linear_ones() -> None:
    taught = corpus(sent())
    many = len(taught.family)
    chance = np.random.default_rng(4)
    vectors = chance.normal(size=(many, DIMENSIONS)).astype(np.float32)
    vectors[:, :40] += taught.positive[:, :1]
    away = parts(np.arange(many) % FOLDS)
    linear = chance.normal(-5, 2, (len(away), many, 2))
    made = deep.unseen(taught, vectors, linear, away)
    assert found_unseen(taught, own_fold(made, away)[:, 0])
    honest = taught.counts[:, 0] & ~taught.positive[:, 0] & ~away[0].out
    assert abs(made[0, honest, 0].mean() - linear[0, honest, 0].mean()) < 0.01
    assert abs(made[0, honest, 0].std() / linear[0, honest, 0].std() - 1) < 0.01
