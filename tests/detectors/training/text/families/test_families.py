import re

import numpy as np
import pytest

from detectors.training.text.families import FAMILIES, LONGEST, attacks, twins
from detectors.training.text.families.family import SHARED, Family
from detectors.training.text.families.grammar import slots
from detectors.training.text.families.topics import TOPICS

EACH = 60
RECIPE = re.compile(r"\d\s*(?:mg|ml|grams?|kg|litres?|ounces?|oz|degrees|°|mol|%)(?![a-z])", re.IGNORECASE)


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(5)
    return {
        name: ([f.attack(rng) for _ in range(EACH)], [f.twin(rng) for _ in range(EACH)]) for name, f in FAMILIES.items()
    }


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def templates(family: Family):
    yield from (
        one for part in (family.attacks, family.twins, family.shared) for group in part.values() for one in group
    )
    own = (family.grammar, family.attack_rules, family.twin_rules)
    yield from (one for rules in own for options in rules.values() for one in options)


def test_the_same_seed_writes_the_same_prompts():
    for write in (attacks, twins):
        assert write(np.random.default_rng(3), 60) == write(np.random.default_rng(3), 60)
        assert write(np.random.default_rng(3), 60) != write(np.random.default_rng(4), 60)


def test_every_family_gives_attacks_and_twins_with_the_right_heads(drawn):
    for name, (bad, good) in drawn.items():
        assert {p.head for p in bad} <= {"subversion", "harmful"}
        assert {p.head for p in good} == {"benign"}
        assert {p.family for p in bad + good} == {name}
        assert all(p.source.startswith(f"{name}/") for p in bad + good)
    assert {p.head for bad, _ in drawn.values() for p in bad} == {"subversion", "harmful"}


def test_only_an_attack_that_asks_for_harm_is_marked_harmful(drawn):
    assert not [p for _, good in drawn.values() for p in good if p.harmful]
    assert all(p.harmful for bad, _ in drawn.values() for p in bad if p.topic or p.head == "harmful")
    assert any(not p.harmful for bad, _ in drawn.values() for p in bad)


def test_lengths_are_bounded_and_nothing_is_empty(drawn):
    lengths = [len(p.text) for pair in drawn.values() for part in pair for p in part]
    assert min(lengths) >= 3
    assert max(lengths) <= LONGEST


@pytest.mark.parametrize("name", FAMILIES)
def test_every_slot_of_a_template_has_a_rule(name):
    family = FAMILIES[name]
    own = {*family.grammar, *family.attack_rules, *family.twin_rules, *family.makers}
    known = {*SHARED, *own, *TOPICS, "goal", "going"}
    assert {slot for one in templates(family) for slot in slots(one)} <= known
    assert not own & (set(SHARED) | set(TOPICS))


@pytest.mark.parametrize("name", FAMILIES)
def test_brackets_of_templates_are_balanced(name):
    for one in templates(FAMILIES[name]):
        assert one.count("[") == one.count("]"), one


def test_prompts_of_one_family_share_few_runs_of_five_words(drawn):
    for name, parts in drawn.items():
        for part in parts:
            sets = [s for p in part if (s := shingles(p.text))]
            shared = [len(a & b) / min(len(a), len(b)) for i, a in enumerate(sets) for b in sets[:i]]
            assert np.mean(shared) < 0.05, name


def test_no_attack_says_how_anything_harmful_is_done(drawn):
    """Recipes have amounts; what is written here has none."""
    assert not [p.text for bad, _ in drawn.values() for p in bad if RECIPE.search(p.text)]


def test_most_prompts_of_a_large_draw_differ():
    texts = [p.text for p in attacks(np.random.default_rng(1), 2000)]
    assert len(set(texts)) > 0.98 * len(texts)
