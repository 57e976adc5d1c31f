"""Attack profile: a principal's recent requests, taken together, resemble attacks rather than any kind of customer."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import learnt_profile, tuned
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.models import Shipped, shipped
from detectors.network import Network

MODEL = shipped("attack_profile")
CEILING = (-0.2, 0.78)  # of honest logits, by the laboratory


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
    Fitted on attacks and customers of the laboratory, and further when a burn-in ends, with this model's own customers
    beside them (:mod:`detectors.tuned`); never on attacks on this model.

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
        ceiling=CEILING,
        optimism=1.1,
        unit="logit",
        reference="https://arxiv.org/abs/1805.02628",
        runbook="docs/runbooks/account_anomaly.md",
        scenario="random_inputs",
        look_alike="camera",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype([])

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, npt.NDArray[Any]]:
        """Fit the network further on clean principals' rows: its four arrays; none where too few taught."""
        made = tuned.tuned(MODEL.network, rows.z, slots, CEILING, tuned.laboratory())
        return {} if made is None else made._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        return learnt_profile.score(rows, _model(rows))

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        return learnt_profile.explain(rows, row, _model(rows), closing="Together this is how attacks on models look.")


def _model(rows: Columns) -> Shipped:
    """The network as this model's burn-in left it; the one that ships while there is none."""
    learnt = rows.reference.learnt.get("attack_profile")
    return MODEL if not learnt else MODEL._replace(network=Network(*(learnt[name] for name in Network._fields)))


DETECTOR = AttackProfile
