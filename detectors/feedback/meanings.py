"""Meanings: which label a model's answer stands for, where feedback calls labels by other names than the model.

An answer that has a label's name, or its number, is that label. Any other is the label that it mostly came with, once
it came with it often enough.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.feedback.answers import NONE
from detectors.feedback.rows import Labels

Array = npt.NDArray[Any]

FEWEST, MOSTLY = 8, 0.5
MOST = 4096  # pairs of answer and label that are counted


class Meanings:
    """Counts of answers that are no label's name, by the label that came with them; and what was learnt of them."""

    def __init__(self) -> None:
        self.counts: dict[tuple[int, int], int] = {}
        self.known: dict[int, int] = {}

    def codes(self, answers: Array, given: Array, labels: Labels) -> Array:
        """Codes (N,) of labels that answers (N,) stand for, -1 where unknown; ``given`` (N,) came with them."""
        made = labels.known(answers)
        for i in np.flatnonzero((made < 0) & (answers != NONE)).tolist():
            pair = (int(answers[i]), int(given[i]))
            if pair in self.counts or len(self.counts) < MOST:
                self.counts[pair] = self.counts.get(pair, 0) + 1
            made[i] = self.known.get(pair[0], -1)
        return made

    def learn(self) -> None:
        """Take the label that each answer mostly came with for its meaning."""
        for answer in {answer for answer, _ in self.counts}:
            came = {label: n for (one, label), n in self.counts.items() if one == answer}
            best = max(sorted(came), key=lambda label: came[label])
            if came[best] >= FEWEST and came[best] >= MOSTLY * sum(came.values()):
                self.known[answer] = best

    def plain(self) -> list[list[list[int]]]:
        """All state as plain data."""
        return [[[*pair, n] for pair, n in self.counts.items()], [list(one) for one in sorted(self.known.items())]]

    @classmethod
    def of(cls, plain: list[list[list[int]]]) -> "Meanings":
        """Undo :meth:`plain`."""
        made = cls()
        made.counts = {(a, b): n for a, b, n in plain[0]}
        made.known = {a: b for a, b in plain[1]}  # noqa: C416  # lists of two are no pairs to dict's type
        return made
