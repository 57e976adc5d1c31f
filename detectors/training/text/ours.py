"""Prompts of our own families as rows of a corpus."""

import numpy as np

from detectors.training.text import families
from detectors.training.text.corpus import OURS, Prompt
from detectors.training.text.families.prompt import Prompt as Drawn

ATTACKS, TWINS = 2500, 2500  # drawn for what ships
HARMFUL = "_harmful"  # end of the family of an attack that asks for harm too


def own(rng: np.random.Generator, attacks: int = ATTACKS, twins: int = TWINS) -> list[Prompt]:
    """So many attacks and honest twins."""
    return [_row(one) for one in families.attacks(rng, attacks) + families.twins(rng, twins)]


def _row(one: Drawn) -> Prompt:
    honest = one.head == "benign"
    family = "own_twin" if honest else f"own_{one.family}" + (HARMFUL if one.harmful else "")
    if one.head == "harmful":
        family = "own_harmful" if one.harmful else "own_twin"
    return Prompt(one.text, family, f"own/{one.family}" + ("" if honest else "/attack"), OURS)
