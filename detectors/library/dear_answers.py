"""Dear answers: a caller's requests cost far more than requests of their size do."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import spending
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.odd_prompts import FLOOR
from detectors.spending import Law
from detectors.text.reading import AT
from schemas.threats import THREATS

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class DearAnswers:
    """A caller's requests make the model write or compute far more than requests of their size do on this model now.

    Long answers and slow hours are usual for everybody; what is left after a regression that follows the model is not.

    Score
    -----
    ``log(1 + R)`` of an e-detector over the residuals of the answer's length and of latency, against their distribution
    in the burn-in: see :mod:`detectors.spending`.

    References
    ----------
    Shumailov et al., Sponge examples, 2021, https://arxiv.org/abs/2006.03463; docs/detection/callers.md.
    """

    spec: ClassVar[Spec] = Spec(
        name="dear_answers",
        title="Requests that cost more than they should",
        threat="cost_abuse",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.08,
        tail=0.3,
        floor=FLOOR,
        unit="nats",
        reference="https://arxiv.org/abs/2006.03463",
        runbook="docs/runbooks/cost_abuse.md",
        scenario="sponges",
        look_alike="long_letters",
        exempt={"keys_do_not_mix": "the regression follows the model, so that everybody's requests teach it"},
    )
    state: ClassVar[np.dtype[np.void]] = spending.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """What requests of their size take."""
        return spending.learn(*_inputs(rows), slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["dear_answers"]
        made, law = spending.blank(len(slots)), Law(*(learnt[name] for name in Law._fields))
        spending.follow(*_inputs(rows), rows.batch.time, rows.batch.trusted, slots, law, state, made)
        return Scores(made.value, {"residual": made.residual, "counts": made.counts})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        spread = rows.reference.learnt["dear_answers"]["spread"]
        answers, dear = (int(n) for n in scores.why["counts"][row])
        last = np.exp(np.minimum(scores.why["residual"][row] * spread, 30.0))
        return Explanation(
            threat="cost_abuse",
            verdict="attack",
            severity="high" if last.max() > 16 else "medium",
            title=f"{who} drives up the cost of model {rows.batch.model}",
            message=f"{_counted(dear, answers)} of {who} took far more than requests of their size do: the last "
            f"one's answer was {last[0]:.1f} times as long as expected, and took {last[1]:.1f} times as long for its "
            "length. Normal for tasks that are long by nature, such as translations; not for a sentence that makes a "
            "model write without end.",
            recommendation=THREATS["cost_abuse"].recommendation,
            why=[
                ("dear_share", dear / max(answers, 1), 0.01, "share of answers that took far more than expected"),
                ("answer_times", float(last[0]), 1.0, "length of the last answer, against the expected one"),
                ("latency_times", float(last[1]), 1.0, "latency of the last answer, against the expected one"),
            ],
        )


def _counted(dear: int, answers: int) -> str:
    return "The first request" if answers == 1 else f"{dear} of {answers} requests"


def _inputs(rows: Columns) -> tuple[Array, Array, Array]:
    text = rows.batch.text
    return spending.inputs(text[:, AT["log_sent"]], text[:, AT["log_answer"]], rows.batch.latency)


DETECTOR = DearAnswers
