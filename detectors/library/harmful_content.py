"""Harmful content: a caller's prompts ask for help with doing harm."""

from dataclasses import dataclass
from typing import ClassVar

from detectors.api import Columns, Explanation, Scores, Spec
from detectors.odd_prompts import FLOOR, OddPrompts
from detectors.prompt_words import explanation


@dataclass(frozen=True, slots=True)
class HarmfulContent(OddPrompts):
    """A caller's prompts ask for harm, politely or not, disguised as a story or plainly.

    Security people, chemists, writers and moderators ask about harm as well; their prompts are part of this model's own
    burn-in if they are its callers, and the head learnt from many of them. Its share of the budget is small.

    Attributes
    ----------
    own_reference : principals who are judged by their own first days, as patterns with commas between
    own_days : how many days these are only watched

    Score
    -----
    ``log(1 + R)`` of an e-detector over the logit of the head ``harmful`` (linear in hashed n-grams and canonical
    numbers), against its distribution in the burn-in: see :mod:`detectors.worded`.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532; docs/detection/text.md (how the heads
    were trained, and on what they fail).
    """

    head: ClassVar[str] = "harmful"
    spec: ClassVar[Spec] = Spec(
        name="harmful_content",
        title="Prompts that ask for harm",
        threat="jailbreak",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.05,
        floor=FLOOR,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/jailbreak.md",
        scenario="harmful_requests",
        look_alike="role_plays",
    )

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        return explanation(rows, scores, row, "harmful")


DETECTOR = HarmfulContent
