"""Label inconsistency: a contributor whose labels differ from what others, and the model, make of such inputs.

Bet on at each record: that its label is far less expected than another one (``gross``). The bet lies half on every
other label alike, half on the labels that this contributor gave in gross errors before; a flip towards one label shows
sooner than scattered mistakes.
"""

from typing import Any

import numpy as np

from detectors.feedback.bets import bet
from detectors.feedback.crowd import GROUPS, bound
from schemas.compiled import compiled

GAP = 0.3  # of expected share: a label so much less expected than another is a gross error
OWN = 0.5  # of the bet on the contributor's own earlier errors

state = np.dtype([("log", "f8", 4), ("count", "u4"), ("gross", "u4"), ("usual", "f8"), ("given", "f4", GROUPS)])
"""Log evidence; records; gross errors, and how many the crowd's rates would have made of them; errors by label."""


@compiled
def follow(own: Any, known: Any, expected: Any, given: Any, gross: Any, labels: Any) -> None:
    """Judge a record of a contributor by what the crowd was like before it."""
    own.count += 1
    others = max(min(labels, GROUPS) - 1, 1)
    for k in range(GROUPS):
        own.usual += known.rate[expected, k]
    q = (1.0 - OWN) / others + OWN * (own.given[given] + 1.0 / others) / (own.gross + 1.0)
    limit = bound(known, expected, given)
    bet(own.log, own.count, gross, q, limit)
    if gross:
        own.gross += 1
        own.given[given] += 1
