"""Prompts of our own families as rows of a corpus."""

import numpy as np

from detectors.training.text import families
from detectors.training.text.corpus import OURS, Prompt
from detectors.training.text.families.prompt import Prompt as Drawn

ATTACKS, TWINS = 12_000, 17_000  # drawn for what ships
MORE = {  # by family: attacks and twins drawn besides, as shares
    "direct": (0.2, 0.2),
    "languages": (0.2, 0.08),
    "careful": (0.2, 0.2),
}
HARMFUL = "_harmful"  # end of the family of an attack that asks for harm too


def own(rng: np.random.Generator, attacks: int = ATTACKS, twins: int = TWINS) -> list[Prompt]:
    """So many attacks and honest twins, of all families alike, and of those with most wordings as many again."""
    drawn = families.attacks(rng, attacks) + families.twins(rng, twins)
    for name, (bad, good) in MORE.items():
        family = families.FAMILIES[name]
        drawn += [family.attack(rng) for _ in range(int(attacks * bad))]
        drawn += [family.twin(rng) for _ in range(int(twins * good))]
    return [_row(one) for one in drawn]


def _row(one: Drawn) -> Prompt:
    honest = one.head == "benign"
    family = "own_twin" if honest else f"own_{one.family}" + (HARMFUL if one.harmful else "")
    if one.head == "harmful":
        family = "own_harmful" if one.harmful else "own_twin"
    return Prompt(one.text, family, f"own/{one.family}" + ("" if honest else "/attack"), OURS)
