"""Attack pace: what a principal asks together with when it asks resembles attacks rather than customers."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detectors import learnt_profile
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.models import shipped

MODEL = shipped("attack_pace")


@dataclass(frozen=True, slots=True)
class AttackPace:
    """What a principal asks and the pace at which it asks, together, resemble attacks that were really carried out.

    Thieves and floods that send what customers send differ from them in rhythm only. Pace is the weakest of signs:
    honest programs are fast and even too, and an attacker chooses his own. So it has a small budget of its own, and
    what it says wrongly costs the other detectors nothing.

    Score
    -----
    The attack's logit of a network with 32 hidden units over all 64 statistics of the profile, fitted as that of
    ``attack_profile``.

    References
    ----------
    Juuti et al., PRADA, 2019, https://arxiv.org/abs/1805.02628 and Li et al., Blacklight, 2022,
    https://arxiv.org/abs/2006.14042 (that attacks show in how queries relate); docs/detection/models.md (how it was
    trained, and on what it fails).
    """

    spec: ClassVar[Spec] = Spec(
        name="attack_pace",
        title="Asks at an attacker's pace",
        threat="account_anomaly",
        needs=frozenset({"profile"}),
        gate="conformal",
        share=0.15,
        unit="logit",
        reference="https://arxiv.org/abs/1805.02628",
        runbook="docs/runbooks/account_anomaly.md",
        scenario="random_inputs",
        look_alike="camera",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype([])

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        return learnt_profile.score(rows, MODEL)

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        return learnt_profile.explain(
            rows, row, MODEL, closing="Together with its pace this is how attacks on models look."
        )


DETECTOR = AttackPace
