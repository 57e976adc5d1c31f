"""Attack profile: a principal's recent requests, taken together, resemble attacks rather than any kind of customer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detectors import learnt_profile
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.models import shipped

MODEL = shipped("attack_profile")


@dataclass(frozen=True, slots=True)
class AttackProfile:
    """A principal's requests resemble those of attacks that were really carried out against models like this one.

    Searching for an adversarial input, copying a model or probing it leaves traces in what is asked, whatever the pace.
    Honest programs that search too (explanations, what-if tools, robustness tests, classrooms) were among what it
    learnt to leave alone, and so were broken clients; a new kind of honest behaviour can still surprise it. It never
    saw people talk: a model that is given words and gives none of its classes back is left to other detectors.

    Score
    -----
    The attack's logit of a network over the 64 statistics of the profile, ``b + max(0, x W + a) V`` with
    ``x = z / (1 + |z| / 4)``: the mean of two heads of 32 hidden units, one without the statistics of time, and one
    that has them but was made to rely on them little, for honest programs are fast too and attackers choose their pace.
    Fitted on traffic of the laboratory, never on this model.

    References
    ----------
    Juuti et al., PRADA, 2019, https://arxiv.org/abs/1805.02628 and Li et al., Blacklight, 2022,
    https://arxiv.org/abs/2006.14042 (that attacks show in how queries relate); docs/detection/models.md (how it was
    trained, and on what it fails).
    """

    spec: ClassVar[Spec] = Spec(
        name="attack_profile",
        title="Behaves like an attacker",
        threat="account_anomaly",
        needs=frozenset({"classes", "profile"}),
        gate="conformal",
        share=0.85,
        ceiling=(-0.2, 0.78),
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
        return learnt_profile.explain(rows, row, MODEL, closing="Together this is how attacks on models look.")


DETECTOR = AttackProfile
