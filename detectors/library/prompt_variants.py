"""Prompt variants: a caller rewords one request again and again, until the model gives in."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import refusal_evidence, variants, worded
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.odd_prompts import FLOOR
from detectors.text.embedding import DIMENSIONS
from detectors.text.reading import AT, SKETCHED
from detectors.variants import Law
from schemas.threats import THREATS

Array = npt.NDArray[Any]

HEADS = ("subversion", "harmful")


@dataclass(frozen=True, slots=True)
class PromptVariants:
    """A caller sends rewordings of one request, odd ones or refused ones, and goes on after each refusal.

    Honest callers reword as well, and programs fill in templates: such chains are neither odd nor refused, and how long
    they are is learnt.

    Attributes
    ----------
    own_reference : principals of whom nothing is said here, as patterns with commas between

    Score
    -----
    Nats of evidence for the chain that the prompt belongs to: a CUSUM of how odd its variants are and of refusals, with
    an extra for an answer after refusals, and how seldom chains are so long: see :mod:`detectors.variants`.

    References
    ----------
    Chao et al., PAIR, 2023, https://arxiv.org/abs/2310.08419; Hughes et al., Best-of-N jailbreaking, 2024,
    https://arxiv.org/abs/2412.03556; docs/detection/callers.md.
    """

    own_reference: str = ""

    spec: ClassVar[Spec] = Spec(
        name="prompt_variants",
        title="One request reworded until it works",
        threat="jailbreak",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.05,
        floor=FLOOR,
        unit="nats",
        reference="https://arxiv.org/abs/2310.08419",
        runbook="docs/runbooks/jailbreak.md",
        scenario="rewordings",
        look_alike="drafts",
    )
    state: ClassVar[np.dtype[np.void]] = variants.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How honest prompts score here, how often the model refuses, and how long chains are."""
        text = rows.batch.text
        laws = [worded.learn(text[:, AT[head]], slots) for head in HEADS]
        refusal = refusal_evidence.learn(text[:, AT["refused"]], slots)
        knot, rate = np.stack([law.knot for law in laws]), np.concatenate([law.rate for law in laws])
        bare = Law(knot, rate, refusal, np.ones(1, np.float32))
        made = _follow(rows, slots, bare, np.zeros(int(slots.max(initial=0)) + 1, self.state))
        longest = np.zeros(int(slots.max(initial=0)) + 1, np.float32)
        np.maximum.at(longest, slots, made.variants.astype(np.float32))
        return Law(knot, rate, refusal, np.sort(longest[longest > 0]))._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["prompt_variants"]
        made = _follow(rows, slots, Law(*(learnt[name] for name in Law._fields)), state)
        batch = rows.batch
        made.value[worded.named(batch.principals, batch.principal, self.own_reference)] = np.nan
        return Scores(made.value, {"variants": made.variants, "refused": made.refused, "turned": made.turned})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        chain, refused, turned = (int(scores.why[name][row]) for name in ("variants", "refused", "turned"))
        longest = rows.reference.learnt["prompt_variants"]["longest"]
        usual = float(np.median(longest)) if len(longest) else 1.0
        gave = f" The model refused {f'{refused} of them' if chain > 1 else 'it'}." if refused else ""
        gave += f" Then {rows.batch.model} answered: look at that answer first." if turned else ""
        seen = f"The last {chain} different prompts of {who} are variants of one request."
        lone = f"{who} sent one odd prompt, perhaps the first of a chain of rewordings."
        return Explanation(
            threat="jailbreak",
            verdict="attack",
            severity="high" if turned else "medium",
            title=f"{who} rewords one request to model {rows.batch.model}" + (" until it works" if turned else "")
            if chain > 1
            else f"{who} sends model {rows.batch.model} one odd request" + (" that it refuses" if refused else ""),
            message=f"{seen if chain > 1 else lone}{gave} "
            "Normal for people who polish a text and for programs that fill in templates, but theirs are neither "
            "refused nor like attacks.",
            recommendation=THREATS["jailbreak"].recommendation,
            why=[
                ("variants", float(chain), usual, "prompts in a chain of rewordings, and the median longest"),
                ("refused", float(refused), 0.0, "of them refused"),
                ("answered_after_refusals", float(turned), 0.0, "refused at first, answered in the end"),
            ],
        )


def _follow(rows: Columns, slots: IntArray, law: Law, state: StateArray) -> variants.Seen:
    text, made = rows.batch.text, variants.blank(len(slots))
    logits = np.ascontiguousarray(text[:, [AT[head] for head in HEADS]], np.float64)
    direction = np.zeros((len(slots), DIMENSIONS), np.float32)
    width = min(DIMENSIONS, rows.batch.features.shape[1])
    direction[:, :width] = np.clip(rows.batch.features[:, :width], -1, 1)
    variants.follow(
        logits, text[:, AT["refused"]].astype(np.float64), np.ascontiguousarray(text[:, SKETCHED]),
        direction, rows.batch.time, rows.batch.trusted, slots, law, state, made,
    )  # fmt: skip
    return made


DETECTOR = PromptVariants
