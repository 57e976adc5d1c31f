"""Harvesting: a caller collects answers, and never asks for the same thing twice."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import novelty
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.text.reading import AT
from schemas.threats import THREATS

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Harvesting:
    """A caller asks for hundreds of answers and never asks again: he collects what another model can be taught with.

    Customers repeat themselves, each at a rate of his own. Programs that never do (one prompt for each document) are
    what the clean period knows, if they are there; a new one looks like this.

    Score
    -----
    Nats of evidence against the mixture of customers' rates of repetition: see :mod:`detectors.novelty`.

    References
    ----------
    Tramèr et al., 2016, https://arxiv.org/abs/1609.02943; Carlini et al., Stealing part of a production language model,
    2024, https://arxiv.org/abs/2403.06634; docs/detection/callers.md.
    """

    spec: ClassVar[Spec] = Spec(
        name="harvesting",
        title="Collects answers",
        threat="distillation",
        needs=frozenset({"words"}),
        gate="conformal",
        share=0.2,
        floor=0.0,
        unit="nats",
        reference="https://arxiv.org/abs/1609.02943",
        runbook="docs/runbooks/distillation.md",
        scenario="harvests",
        look_alike="backlog",
    )
    state: ClassVar[np.dtype[np.void]] = novelty.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How often customers repeat themselves."""
        return {"rates": novelty.learn(rows.batch.text[:, AT["same"]], slots)}

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        text, rates = rows.batch.text, rows.reference.learnt["harvesting"]["rates"]
        value, counts = np.empty(len(slots)), np.empty((len(slots), 3))
        same, answer = (np.ascontiguousarray(text[:, AT[name]], np.float64) for name in ("same", "log_answer"))
        novelty.follow(same, answer, rows.batch.time, rows.batch.trusted, slots, rates, state, value, counts)
        whole = novelty.mixed(novelty.nats(counts[:, 0], counts[:, 1], rates))
        return Scores(
            value, {"prompts": counts[:, 0], "repeated": counts[:, 1], "tokens": counts[:, 2], "whole": whole}
        )

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who = rows.batch.principals[rows.batch.principal[row]] or "an unnamed caller"
        prompts, repeated, tokens = (float(scores.why[name][row]) for name in ("prompts", "repeated", "tokens"))
        usual = float(np.median(rows.reference.learnt["harvesting"]["rates"]))
        return Explanation(
            threat="distillation",
            verdict="attack",
            severity="high",
            title=f"{who} collects answers of model {rows.batch.model}",
            message=f"{who} asked {prompts:.0f} times, {_often(repeated)} for what it had just asked; a customer "
            f"would have done so {usual * prompts:.0f} times. About {tokens:,.0f} tokens of answers are in its hands, "
            "which another model can be taught with. Normal for a program that sends every document once; not for "
            "people.",
            recommendation=THREATS["distillation"].recommendation,
            why=[
                (
                    "repeated",
                    repeated / max(prompts, 1.0),
                    usual,
                    "share of prompts that were among its last 32 before",
                ),
                ("prompts", prompts, 0.0, "prompts so far"),
                ("tokens", tokens, 0.0, "tokens of answers to different prompts"),
            ],
        )


DETECTOR = Harvesting


def _often(times: float) -> str:
    return {0.0: "never", 1.0: "once"}.get(times, f"{times:.0f} times")
