"""Prompt scan: one caller tries many different kinds of attacks, as scanners do."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import attack_kinds, worded
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.attack_kinds import KINDS, Law
from detectors.text.reading import AT
from schemas.threats import THREATS

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class PromptScan:
    """Prompts of one caller resemble many different kinds of attacks, as those of a scanner do.

    An honest caller's odd prompts are mostly odd in one way: his subject is security, or he pastes encoded data.

    Attributes
    ----------
    own_reference : principals of whom nothing is said here, as patterns with commas between

    Score
    -----
    Nats of the oddest prompt of each kind of attack, summed over all kinds but the strongest: see
    :mod:`detectors.attack_kinds`.

    References
    ----------
    Derczynski et al., garak, 2024, https://arxiv.org/abs/2406.11036; docs/detection/callers.md.
    """

    own_reference: str = ""

    spec: ClassVar[Spec] = Spec(
        name="prompt_scan",
        title="Tries many kinds of attacks",
        threat="probing",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.03,
        unit="nats",
        reference="https://arxiv.org/abs/2406.11036",
        runbook="docs/runbooks/probing.md",
        scenario="prompt_scans",
        look_alike="role_plays",
    )
    state: ClassVar[np.dtype[np.void]] = attack_kinds.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How honest prompts score on each head."""
        return attack_kinds.learn(_logits(rows), slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt, n = rows.reference.learnt["prompt_scan"], len(slots)
        value, kinds, counts = np.empty(n), np.empty((n, len(KINDS))), np.empty((n, 2), np.uint32)
        law, batch = Law(learnt["knot"], learnt["rate"]), rows.batch
        attack_kinds.follow(_logits(rows), batch.time, batch.trusted, slots, law, state, value, kinds, counts)
        value[worded.named(batch.principals, batch.principal, self.own_reference)] = np.nan
        return Scores(value, {"kinds": kinds, "prompts": counts[:, 0], "odd": counts[:, 1]})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        nats, odd = scores.why["kinds"][row], int(scores.why["odd"][row])
        found = [k for k in np.argsort(-nats, kind="stable").tolist() if nats[k] >= attack_kinds.LEAST / 2]
        named = ", ".join(KINDS[k] for k in found)
        return Explanation(
            threat="probing",
            verdict="attack",
            severity="medium",
            title=f"{who} tries one kind of attack after the other on model {rows.batch.model}",
            message=f"{odd} prompts of {who} are odd, and not in one way: {named}. So many kinds from one caller are "
            "what a scanner sends. Normal for a red team at work and for its tools; tell tidegate of it beforehand.",
            recommendation=THREATS["probing"].recommendation,
            why=[(KINDS[k], float(nats[k]), 1.0, "nats of the oddest prompt of this kind") for k in found]
            or [("kinds", float(nats.max()), 1.0, "nats of the oddest prompt of any kind")],
        )


def _logits(rows: Columns) -> Array:
    made: Array = np.ascontiguousarray(rows.batch.text[:, [AT[kind] for kind in KINDS]], np.float64)
    return made


DETECTOR = PromptScan
