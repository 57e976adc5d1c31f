"""Prompt attack: a caller's prompts try to make the model do what its owner forbids."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import worded
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.prompt_words import KINDS, explanation
from detectors.text.reading import AT

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class PromptAttack:
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

    own_reference: str = ""
    own_days: float = 3.0

    spec: ClassVar[Spec] = Spec(
        name="prompt_attack",
        title="Prompts that attack the model",
        threat="jailbreak",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.6,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/jailbreak.md",
        scenario="jailbreaks",
        look_alike="role_plays",
    )
    state: ClassVar[np.dtype[np.void]] = worded.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How honest prompts score here."""
        return worded.learn(rows.batch.text[:, AT["subversion"]], slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        law = worded.Law(**rows.reference.learnt["prompt_attack"])
        n = len(slots)
        value, single, counts = np.empty(n), np.empty(n), np.empty((n, 2), np.uint32)
        logit = np.ascontiguousarray(rows.batch.text[:, AT["subversion"]], np.float64)
        batch = rows.batch
        own = worded.named(batch.principals, batch.principal, self.own_reference)
        begins = self.own_days * worded.DAY
        worded.follow_own(logit, batch.time, batch.trusted, slots, law, state, value, single, counts, own, begins)
        return Scores(value, {"single": single, "prompts": counts[:, 0], "odd": counts[:, 1]})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        text = rows.batch.text[row]
        kind = max(KINDS, key=lambda name: float(text[AT[name]]))
        return explanation(rows, scores, row, kind)


DETECTOR = PromptAttack
