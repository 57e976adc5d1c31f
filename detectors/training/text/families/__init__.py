"""Families of prompts that attack a language model, and their honest twins, to train heads on.

::

    grammar ──► how text is drawn        goals, wishes, words, background ──► what all families share
    topics ──► what a prompt is about    surface ──► how people type
    persuasion, fiction, ... ──► a family each: templates of attacks and of twins, in groups

What is attacked with is a frame; what is asked for is a phrase of a few words, and nothing here answers it.
"""

from detectors.training.text.families import (
    academic,
    careful,
    contexts,
    crescendo,
    direct,
    examples,
    extraction,
    fiction,
    games,
    indirect,
    languages,
    manyshot,
    persona,
    persuasion,
    plain,
    pretexts,
    questions,
    refinement,
    refusal,
    requests,
    scenes,
    splitting,
    suffix,
)
from detectors.training.text.families.family import Family
from detectors.training.text.families.grammar import Generator
from detectors.training.text.families.prompt import LONGEST, Prompt

__all__ = ["FAMILIES", "LONGEST", "Family", "Prompt", "attacks", "twins"]

FAMILIES: dict[str, Family] = {
    one.FAMILY.name: one.FAMILY
    for one in (
        persuasion, fiction, academic, manyshot, refinement, persona, refusal, splitting, games, crescendo, direct,
        indirect, extraction, plain, languages, suffix, requests, questions, scenes, contexts,
        pretexts, examples, careful,
    )
}  # fmt: skip


def attacks(rng: Generator, n: int) -> list[Prompt]:
    """Draw ``n`` prompts that attack, of every family equally many (but for the rest of a division)."""
    families = tuple(FAMILIES.values())
    return [families[one % len(families)].attack(rng) for one in range(n)]


def twins(rng: Generator, n: int) -> list[Prompt]:
    """Draw ``n`` honest prompts, twins of every family equally many (but for the rest of a division)."""
    families = tuple(FAMILIES.values())
    return [families[one % len(families)].twin(rng) for one in range(n)]
