"""Odd prompts: what a caller's prompts add up to under one head, for each detector that reads a head of its own."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import worded
from detectors.api import Columns, IntArray, Scores, Spec, StateArray
from detectors.text.reading import AT

Array = npt.NDArray[Any]

FLOOR = float(np.log(24.0))
"""Nats: the expectation of an honest caller's e-detector after the two dozen prompts of a day is that many. So this is
what its theorem asks of a day's threshold, whatever a clean period was like."""


@dataclass(frozen=True, slots=True)
class OddPrompts:
    """``log(1 + R)`` of an e-detector over a head's logits, against their law in the burn-in (``detectors.worded``).

    Attributes
    ----------
    own_reference : principals who are judged by their own first days, as patterns with commas between
    own_days : how many days these are only watched
    head : whose logits, of ``detectors.text.heads.HEADS``
    """

    own_reference: str = ""
    own_days: float = 3.0

    head: ClassVar[str]
    spec: ClassVar[Spec]
    state: ClassVar[np.dtype[np.void]] = worded.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """How honest prompts score here."""
        return worded.learn(rows.batch.text[:, AT[self.head]], slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        """Evidence of callers behind each of N prompts, what that prompt alone is worth, and how many were odd."""
        law = worded.Law(**rows.reference.learnt[self.spec.name])
        n, batch = len(slots), rows.batch
        value, single, counts = np.empty(n), np.empty(n), np.empty((n, 2), np.uint32)
        logit = np.ascontiguousarray(batch.text[:, AT[self.head]], np.float64)
        own = worded.named(batch.principals, batch.principal, self.own_reference)
        begins = self.own_days * worded.DAY
        worded.follow_own(logit, batch.time, batch.trusted, slots, law, state, value, single, counts, own, begins)
        return Scores(value, {"single": single, "prompts": counts[:, 0], "odd": counts[:, 1]})
