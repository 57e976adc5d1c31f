"""Label inconsistency: a contributor whose labels differ from what others, and the model, make of such inputs.

Bet on at each record: that another label is far more expected than the one given (``gross``). Half of the evidence is
of gross errors as such. The other half is of which label is given for which; its bets lie half on every other label
alike, half on those that this contributor gave in gross errors before: a flip towards one label shows sooner than
scattered mistakes.

Two kinds of records say nothing: those whose label a guide for annotators seems to prescribe, and those with a mark
that the contributor leaves on many of his inputs, since a mark may look like a label to a model. Whether such a mark is
a trigger is asked in ``detectors.feedback.triggers``.
"""

from typing import Any

import numpy as np

from detectors.feedback.bets import bet, together
from detectors.feedback.crowd import GROUPS, bound, total
from schemas.compiled import compiled

GAP = 0.3  # of expected share: a label so much less expected than another is a gross error
OWN = 0.5  # of the bet on the contributor's own earlier errors

state = np.dtype(
    [
        ("log", "f8", 4),
        ("pairs", "f8", 4),
        ("count", "u4"),
        ("bets", "u4"),
        ("gross", "u4"),
        ("usual", "f8"),
        ("given", "f4", GROUPS),
    ]
)
"""Log evidence of gross errors, and of pairs; records, and those bet on; gross errors, how many the crowd's rates would
have made of them, and by the label that was given."""


@compiled
def follow(own: Any, known: Any, given: Any, expected: Any, gross: Any, marked: Any, labels: Any) -> Any:
    """Judge a record of a contributor by what the crowd was like before it; returns log evidence after it."""
    own.count += 1
    for k in range(GROUPS):
        own.usual += known.rate[given, k]
    if not (marked or known.guided[given]):
        own.bets += 1
        others = max(min(labels, GROUPS) - 1, 1)
        q = (1.0 - OWN) / others + OWN * (own.given[given] + 1.0 / others) / (own.gross + 1.0)
        bet(own.log, own.bets, gross, 1.0, total(known, given, expected))
        bet(own.pairs, own.bets, gross, q, bound(known, given, expected))
    if gross:
        own.gross += 1
        own.given[given] += 1
    return evidence(own)


@compiled
def evidence(own: Any) -> Any:
    """Log evidence, half of either kind."""
    if own.bets == 0:
        return 0.0
    one, other = together(own.log), together(own.pairs)
    return max(one, other) + np.log1p(np.exp(-abs(one - other))) - np.log(2.0)
