"""Membership: a principal asks training rows as no customer does, or a row that nobody but the trainers can know."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import member_share
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.member_share import Law
from schemas.threats import THREATS

Array = npt.NDArray[Any]

NOBODY = Law(np.ones(1), np.zeros(1))  # where the clean period was not looked at with a manifest
MANY = 100  # training rows from which an alert is serious


@dataclass(frozen=True, slots=True)
class Membership:
    """A principal's questions are rows of the training data far more often than customers' are.

    Whoever wants to know whether a record trained the model asks it, and others beside it. Customers whose old cases
    are in the training data ask some of them again; the burn-in says how often, of each of them and of all. Somebody
    who tests the model on its training data does the same as an attacker, and nothing in a log tells them apart: who
    did so in the burn-in is known for it, who begins later is told of.

    Attributes
    ----------
    near : distance below which a question is a copy of one of the last, in usual distances of one input from the next

    Score
    -----
    E-value of each new question: ``sum_k s_k q_k / p`` if it is a training row, ``sum_k s_k (1 - q_k) / (1 - p)`` if
    not, with bets ``q_k`` between p and 1 whose stakes ``s_k`` follow what won (a switching mixture), and p the share
    of training rows among honest questions: the largest of 0.2 %, the 95 % quantile of customers' shares in the
    burn-in (a fifth of them may have so high a share that they surely have the training data: they are left out), the
    upper bound of their common share, and, for who was there and had more, the upper bound of its own. Questions that
    were asked before, or are copies of one of the last four, count once. After 50 nats of evidence a principal is left
    in peace for a week.

    A question that equals a planted canary needs no evidence: :meth:`findings` says so, once a week and principal.

    References
    ----------
    Shokri et al., Membership inference attacks against machine learning models, 2017, https://arxiv.org/abs/1610.05820.
    Waudby-Smith, Ramdas, Estimating means of bounded random variables by betting, 2024, doi:10.1093/jrsssb/qkad009.
    """

    near: float = 0.7

    spec: ClassVar[Spec] = Spec(
        name="membership",
        title="Asks what the model was trained on",
        threat="membership",
        needs=frozenset({"features", "manifest"}),
        gate="budget",
        share=0.05,
        unit="e-value",
        reference="https://arxiv.org/abs/1610.05820",
        runbook="docs/runbooks/membership.md",
        scenario="members",
        look_alike="old_cases",
    )
    state: ClassVar[np.dtype[np.void]] = member_share.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """The share of training rows that customers have, and when the burn-in ended."""
        shared, near = rows.shared, self._near(rows)
        return member_share.learn(shared["member"], shared["hash"], shared["u"], near, rows.batch.time, slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt, shared, made = rows.reference.learnt.get("membership"), rows.shared, member_share.blank(len(slots))
        law = Law(*(learnt[k] for k in Law._fields)) if learnt else NOBODY
        member_share.follow(
            shared["member"], shared["hash"], shared["u"], self._near(rows), rows.batch.time, rows.batch.trusted, slots,
            law, state, made,
        )  # fmt: skip
        return Scores(made.value, made._asdict())

    def _near(self, rows: Columns) -> int:
        """Squared distance in u below which questions are copies."""
        return int((self.near * float(rows.reference.habits.spacing[0])) ** 2)

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """Questions that equal a canary, with words."""
        return [(row, self._canary(rows, row)) for row in np.flatnonzero(scores.why["canary"]).tolist()]

    def _canary(self, rows: Columns, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        return Explanation(
            threat="membership",
            verdict="attack",
            severity="high",
            title=f"{who} asked model {model} about a canary",
            message=f"{who} sent an input that was planted in the training data of model {model} and exists nowhere "
            "else, so it has, or had, rows of the training data. This is certain and not a matter of chance. Somebody "
            "who tests the model on its training data sends canaries too.",
            recommendation="find the leak",
            why=[("canary", 1.0, 0.0, "inputs equal to a planted canary")],
        )

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        asked, found = int(scores.why["asked"][row]), int(scores.why["found"][row])
        share, null = found / max(1, asked), float(scores.why["null"][row])
        return Explanation(
            threat="membership",
            verdict="attack",
            severity="high" if found >= MANY else "medium",
            title=f"{who} asks model {model} about its training data",
            message=f"Of {asked} different inputs that {who} sent since the clean period, {found} ({share:.0%}) are "
            f"rows that the model was trained on. Of customers' inputs at most {null:.1%} are. Copies of an input "
            "count once. An evaluation on the training data, such as a regression test that began after the clean "
            "period, looks the same: ask who runs it.",
            recommendation=THREATS["membership"].recommendation,
            why=[
                ("member_share", share, null, "share of different inputs that are rows of the training data"),
                ("members", float(found), null * asked, "inputs that are rows of the training data"),
                ("asked", float(asked), 0.0, "different inputs since the clean period"),
            ],
        )


DETECTOR = Membership
