"""Prompt attack: a caller's prompts try to make the model do what its owner forbids."""

from dataclasses import dataclass
from typing import ClassVar

from detectors.api import Columns, Explanation, Scores, Spec
from detectors.odd_prompts import FLOOR, OddPrompts
from detectors.prompt_words import KINDS, explanation
from detectors.text.reading import AT


@dataclass(frozen=True, slots=True)
class PromptAttack(OddPrompts):
    """A caller's prompts resemble jailbreaks, injected instructions, or attempts to get at the system prompt.

    Honest prompts that talk about such things, order the model about or play roles were among what the heads learnt to
    leave alone; what this model's own callers ask is known from the burn-in, and single odd prompts decide nothing.

    Attributes
    ----------
    own_reference : principals who are judged by their own first days, as patterns with commas between
    own_days : how many days these are only watched

    Score
    -----
    ``log(1 + R)`` of an e-detector over the logit of the head ``subversion`` (linear in hashed n-grams and canonical
    numbers), against its distribution in the burn-in: see :mod:`detectors.worded`.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532; docs/detection/text.md (how the heads
    were trained, and on what they fail).
    """

    head: ClassVar[str] = "subversion"
    spec: ClassVar[Spec] = Spec(
        name="prompt_attack",
        title="Prompts that attack the model",
        threat="jailbreak",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.25,
        floor=FLOOR,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/jailbreak.md",
        scenario="jailbreaks",
        look_alike="role_plays",
    )

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        text = rows.batch.text[row]
        kind = max(KINDS, key=lambda name: float(text[AT[name]]))
        return explanation(rows, scores, row, kind)


DETECTOR = PromptAttack
