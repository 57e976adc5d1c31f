"""Unanswered: a caller's requests stay without an answer while other callers' do not."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import unanswered_evidence as evidence
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from schemas.threats import THREATS

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The model server gives a caller no answer, minute after minute, while it answers the others.

    Most serving stacks log only successes, so a request without an answer is one that failed: malformed, too large, or
    made to crash or stall the server. Honest callers' requests fail too, but seldom, or because of an outage, and then
    everybody's do. A client with a broken release looks the same until its own past knows it.

    Attributes
    ----------
    floor : nats below which nothing is said: one bad minute, or two

    Score
    -----
    ``max(0, log R - floor)`` of an e-detector over minutes, against the others' rate at that time, the caller's
    own on the days before, and the last outage's: see :mod:`detectors.unanswered_evidence`.

    References
    ----------
    Shin, Ramdas, Rinaldo, E-detectors, 2023, https://arxiv.org/abs/2203.03532; docs/detection/callers.md.
    """

    floor: float = 7.0

    spec: ClassVar[Spec] = Spec(
        name="unanswered",
        title="Requests that get no answer",
        threat="fuzzing",
        needs=frozenset({"halves"}),
        gate="conformal",
        share=0.03,
        tail=0.3,
        unit="nats",
        reference="https://arxiv.org/abs/2203.03532",
        runbook="docs/runbooks/fuzzing.md",
        scenario="crashing_requests",
        look_alike="calls_in_an_outage",
    )
    state: ClassVar[np.dtype[np.void]] = evidence.state

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        batch, made = rows.batch, evidence.blank(len(slots))
        lone: Array = np.zeros(len(slots), np.uint8) if batch.lone is None else batch.lone
        evidence.follow(lone, batch.time, batch.trusted, slots, state, made)
        return Scores(np.maximum(made.value - self.floor, 0.0), {"counts": made.counts})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller", rows.batch.model
        failed, requests, _, usual = (float(value) for value in scores.why["counts"][row])
        share = failed / max(1.0, requests)
        return Explanation(
            threat="fuzzing",
            verdict="attack",
            severity="medium",
            title=f"{who} gets no answers from model {model}",
            message=f"Today {failed:.0f} of {requests:.0f} requests of {who} stayed without an answer; of other "
            f"callers' at the time, and of its own before, at most {usual:.1%} did. Requests that fail may be feeling "
            "for what breaks the server, or stall it. Look at the server's own log of that time. A client whose last "
            "release is broken looks the same; an outage does not, since it meets everybody. Answers that take longer "
            "than pairing.window count as missing.",
            recommendation=THREATS["fuzzing"].recommendation,
            why=[("unanswered_share", share, usual, "share of today's requests that stayed without an answer")],
            beside=[("share of today's requests that stayed without an answer", share, usual)],
        )


DETECTOR = Unanswered
