"""Data leak: answers that hold what they should not: personal data, secrets, canaries, protected text."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import leak_evidence
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.leak_evidence import Law
from detectors.outputs import divergence, leaks
from detectors.outputs.leaks import CANARY, FOREIGN, PROTECTED, SECRET
from schemas.threats import THREATS

Array = npt.NDArray[Any]

NOTHING = Law(np.zeros(1), np.zeros(0, np.uint32))
SHOWN = 5  # findings that an alert lists
WHAT = {
    SECRET: ("a secret", "The answer holds a key or token of a form that nothing else has", "rotate secrets"),
    CANARY: ("a canary", "A token that was planted where no caller may read is in the answer", "find the leak"),
    FOREIGN: ("another tenant's data", "The answer holds a token of another tenant or model", "find the leak"),
    PROTECTED: ("protected text", "The answer repeats 20 or more words of a protected text", "review conversation"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataLeak:
    """A principal gets more personal data and likely secrets out of answers than customers do.

    What it wrote itself does not count, nor what it was given before, nor what several were given in the burn-in.

    Score
    -----
    ``S = max(0, S 2^(-t / day) + n - u)``: n the different items of this answer that are new to the principal (16 at
    most), u the 95 % quantile of customers' items an answer in the burn-in, t the time since its last answer.

    What is certain needs no evidence: :meth:`findings` tells of a canary, 20 words of a protected text, or a secret
    with a form of its own, once a week for each principal and finding; not of secrets that answers of the burn-in had.

    References
    ----------
    Carlini et al., Extracting training data from large language models, 2021, https://arxiv.org/abs/2012.07805.
    Page, Continuous inspection schemes, Biometrika 1954, doi:10.1093/biomet/41.1-2.100.
    """

    spec: ClassVar[Spec] = Spec(
        name="data_leak",
        title="Gets data that answers should not hold",
        threat="data_leak",
        needs=frozenset({"text"}),
        gate="conformal",
        share=0.05,
        grain=1.0,
        unit="items",
        reference="https://arxiv.org/abs/2012.07805",
        runbook="docs/runbooks/data_leak.md",
        scenario="leaks",
        look_alike="support_desk",
    )
    state: ClassVar[np.dtype[np.void]] = leak_evidence.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """What answers usually hold, and what of it is no leak."""
        seen = rows.shared.get("leak")
        return {} if seen is None else leak_evidence.learn(seen, rows.batch.time, slots)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        made, seen = leak_evidence.blank(len(slots)), rows.shared.get("leak")
        if seen is not None:
            learnt = rows.reference.learnt.get("data_leak")
            law = Law(*(learnt[k] for k in Law._fields)) if learnt else NOTHING
            leak_evidence.follow(seen, rows.batch.time, rows.batch.trusted, slots, law, state, made)
        return Scores(made.value, made._asdict())

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """Answers that certainly hold what they should not, with words."""
        told = scores.why["told"]
        return [(row, self._certain(rows, row, int(told[row]))) for row in np.flatnonzero(told).tolist()]

    def _certain(self, rows: Columns, row: int, kind: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        what, message, advice = WHAT[kind]
        return Explanation(
            threat="data_leak",
            verdict="attack",
            severity="high" if kind == SECRET else "critical",
            title=f"{who} got {what} from model {model}",
            message=f"{message}, and {who} had not sent it. {_listed(rows, row)}This is certain and not a "
            "matter of chance. Normal for a test by your own team; not for a caller. Whether it was asked for on "
            "purpose, the conversation says.",
            recommendation=advice,
            why=[("certain", 1.0, 0.0, f"answers with {what}")],
        )

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        items, answers = float(scores.why["items"][row]), float(scores.why["answers"][row])
        learnt = rows.reference.learnt.get("data_leak", {})
        usual = float(learnt["usual"][0]) if "usual" in learnt else 0.0
        return Explanation(
            threat="data_leak",
            verdict="attack",
            severity="high",
            title=f"{who} gets out of model {model} what answers should not hold",
            message=f"In {f'{answers:.0f} answers' if answers > 1 else 'the first answer'} {who} was given {items:.0f} "
            "different items of personal data, likely "
            f"secrets or protected text that it had not sent. Customers are given at most {usual:.2f} an answer. "
            f"{_listed(rows, row)}Normal for people who work with such data, as in an address book; not for those who "
            "should see their own.",
            recommendation=THREATS["data_leak"].recommendation,
            why=[
                ("leaked_items", items, usual * answers, "different items in answers that the caller had not sent"),
                ("answers", answers, 0.0, "answers in words"),
            ],
        )


def _listed(rows: Columns, row: int) -> str:
    """Kinds and masked forms of what one answer holds; nothing where the answer is not at hand."""
    made = leaks.found(rows.batch.records[row])
    kinds = Counter(_said(one.kind) for one in made)
    shown = ", ".join(one.masked for one in made[:SHOWN])
    return f"The last answer holds {', '.join(f'{k} ({n})' for k, n in kinds.items())}: {shown}. " if made else ""


def _said(kind: str) -> str:
    """What people call a kind of finding."""
    if kind == divergence.KIND:
        return "text after one thing said over and over, perhaps what the model was trained on"
    group, _, name = kind.replace("_", " ").partition(".")
    return f"secret of {name}" if group == "secret" and name else name or group


DETECTOR = DataLeak
