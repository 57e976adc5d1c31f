"""Refusals: the model refuses a caller more than his own past and other callers' say."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import refusal_evidence, worded
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.odd_prompts import FLOOR
from detectors.text.reading import AT
from schemas.threats import THREATS

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Refusals:
    """The model keeps refusing what a caller asks, whatever words he finds for it.

    Honest callers are refused too, each at a rate of his own that is learnt; what the model refuses to many is usual.

    Attributes
    ----------
    own_reference : principals who are judged by their own first days, as patterns with commas between
    own_days : how many days these are only watched

    Score
    -----
    ``log(1 + R)`` of an e-detector over refusals and answers, against the caller's own rate, which follows him over
    weeks, and the population's: see :mod:`detectors.refusal_evidence`. What is a refusal, the beginning of the answer
    says.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532; docs/detection/callers.md.
    """

    own_reference: str = ""
    own_days: float = 3.0

    spec: ClassVar[Spec] = Spec(
        name="refusals",
        title="Refused far more than usual",
        threat="probing",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.05,
        tail=0.3,
        floor=FLOOR,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/probing.md",
        scenario="refused_requests",
        look_alike="role_plays",
    )
    state: ClassVar[np.dtype[np.void]] = refusal_evidence.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How often this model refuses, and until when that was learnt."""
        usual = refusal_evidence.learn(rows.batch.text[:, AT["refused"]], slots)
        return {"usual": usual, "clean": np.array([rows.batch.time.max(initial=0.0)])}

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt, batch = rows.reference.learnt["refusals"], rows.batch
        usual, clean = float(learnt["usual"][0]), float(learnt.get("clean", np.zeros(1))[0])
        value, counts = np.empty(len(slots)), np.zeros((len(slots), 3))
        refused, same = (np.ascontiguousarray(batch.text[:, AT[name]], np.float64) for name in ("refused", "same"))
        own = worded.named(batch.principals, batch.principal, self.own_reference)
        watched = np.where(own, self.own_days * worded.DAY, 0.0)
        refusal_evidence.follow(
            refused, same, batch.time, batch.trusted, slots, watched, usual, clean, state, value, counts
        )
        return Scores(value, {"refused": counts[:, 0], "answers": counts[:, 1], "usual": counts[:, 2]})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        refused, answers, usual = (float(scores.why[k][row]) for k in ("refused", "answers", "usual"))
        return Explanation(
            threat="probing",
            verdict="attack",
            severity="medium",
            title=f"Model {rows.batch.model} keeps refusing {who}",
            message=f"Today {rows.batch.model} refused {refused:.0f} of {answers:.0f} requests of {who}; usual is "
            f"{usual:.1%}. What he asks is not in this alert, only what it "
            "resembles: look at the prompts. Normal for red teams, moderators "
            "and people in distress; not for customers with ordinary questions. After a change of the model's rules it "
            "would be many callers, not one.",
            recommendation=THREATS["probing"].recommendation,
            why=[("refused_share", refused / max(1.0, answers), usual, "share of today's requests that were refused")],
        )


DETECTOR = Refusals
