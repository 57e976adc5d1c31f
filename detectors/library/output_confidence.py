"""Output confidence: one principal gets answers that are less sure, or surer, than the model's answers are."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import population
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.compiled import compiled
from detectors.features import certainty
from detectors.features.certainty import Certainty

Array = npt.NDArray[Any]

SIGNALS = ("rank", "extremes", "odd_sum")
SETTLED = 0.7  # mean rank beyond which an alert says "unsure" or "sure" rather than "both"


@dataclass(frozen=True, slots=True)
class OutputConfidence:
    """A principal's answers are unusually unsure (it walks along a boundary, or asks at random) or unusually sure.

    Honest customers meet easy and hard cases in their own constant mixture; the burn-in shows how far mixtures differ.

    Attributes
    ----------
    floor : score below which nothing is said, in units of z

    Score
    -----
    ``max(0, mean of the two largest |z| - floor)`` over the shrunken means, with memories 32 and 256 records, of the
    rank r in -1..1 of the answer's margin ``log p1 - log p2`` among the burn-in's answers with the same label, of
    ``r^2 - 1/3``, and of ``1{the probabilities' sum is not what sums are}``; z is 0 at the median and +-1 at the 5 %
    and 95 % quantiles of the principals that did not fit the ranks.

    A model whose every answer is the same, whoever asks, is a fault of the model: :meth:`findings` says so once.

    References
    ----------
    Hendrycks, Gimpel, A Baseline for Detecting Misclassified and Out-of-Distribution Examples, ICLR 2017,
    https://arxiv.org/abs/1610.02136.
    """

    floor: float = 1.5

    spec: ClassVar[Spec] = Spec(
        name="output_confidence",
        title="Answers less sure, or surer, than the model's are",
        threat="probing",
        needs=frozenset({"probabilities"}),
        gate="conformal",
        share=0.1,
        unit="z",
        reference="https://arxiv.org/abs/1610.02136",
        runbook="docs/runbooks/probing.md",
        scenario="boundary_walk",
        look_alike="hard_cases",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("n", "u4"),
            ("fast", "f4", len(SIGNALS)),
            ("slow", "f4", len(SIGNALS)),
            ("last", "u8"),
            ("asker", "i8"),
            ("run", "u4"),
        ],
        align=True,
    )

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """Ranks from half of the principals, the law of their means from the other half, the longest honest run."""
        batch = rows.batch
        fit = population.first_half(batch)
        known = certainty.learn(batch.probabilities[fit])
        rest = ~fit if not fit.all() else fit
        signal, code = certainty.signals(batch.probabilities[rest], known)
        principal = batch.principal[rest]
        prior = population.means(signal, principal).mean(0).astype(np.float32)
        averages = population.short_means(signal, principal, prior)
        law = population.quantiles(averages, principal, (0.05, 0.5, 0.95))
        code = certainty.signals(batch.probabilities, known)[1]
        longest = _longest(code, slots)
        return {k: np.asarray(v) for k, v in known._asdict().items()} | {
            "prior": prior,
            "law": law,
            "longest": np.array([4 * longest + 64], np.int64),
        }

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["output_confidence"]
        known = Certainty(*(learnt[k] for k in Certainty._fields))
        signal, code = certainty.signals(rows.batch.probabilities, known)
        n = len(slots)
        value, means, found = np.empty(n), np.empty((n, 2 * len(SIGNALS)), np.float32), np.zeros(n, np.int64)
        law = (learnt["prior"], learnt["law"], int(learnt["longest"][0]))
        _run(slots, rows.batch.trusted, signal, code, *law, state, value, means, found)
        return Scores(np.maximum(value - self.floor, 0.0), {"means": means, "found": found})

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """What is wrong with the model's answers as a whole, once each: row and words."""
        model, longest = rows.batch.model, int(rows.reference.learnt["output_confidence"]["longest"][0])
        return [
            (
                row,
                Explanation(
                    threat="model_change",
                    verdict="fault",
                    severity="high",
                    title=f"Model {model} gives everybody the same answer",
                    message=f"{longest} answers in a row, to different principals, were equal to the last digit.",
                    recommendation="check the model server",
                    why=[("run", float(longest), longest / 4 - 16, "equal answers in a row to different principals")],
                ),
            )
            for row in np.flatnonzero(scores.why["found"]).tolist()
        ]

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        means, law = scores.why["means"][row], np.tile(rows.reference.learnt["output_confidence"]["law"], (1, 2))
        z = _z(means, law)
        top = np.argsort(-np.abs(z), kind="stable")[:2]
        why = [(_label(k), float(means[k]), float(law[1, k]), _TEXT[k % 3]) for k in top.tolist()]
        if top[0] % 3 == 2:
            return Explanation(
                threat="model_change",
                verdict="fault",
                severity="medium",
                title=f"Answers of model {model} to {who} are no probabilities",
                message=f"The probabilities in the answers to {who} do not sum to what the model's answers sum to.",
                recommendation="check the model server",
                why=why,
            )
        rank = float(means[0])
        unsure = rank < 0
        return Explanation(
            threat="probing" if unsure else "inversion",
            verdict="attack",
            severity="medium",
            title=f"{who} gets {'unsure' if unsure else 'unusually sure'} answers from model {model}",
            message=(
                f"On a scale from -1 (least sure) to 1 (surest of the model's answers with the same label), the last "
                f"answers to {who} are at {rank:.2f}; usual is {float(law[1, 0]):.2f}. "
                + (
                    "Requests along a decision boundary, or at random, look like this."
                    if unsure
                    else "Inputs that were tuned until the model is certain look like this."
                )
            ),
            recommendation="watch",
            why=why,
        )


DETECTOR = OutputConfidence

_TEXT = (
    "how sure answers are, from -1 to 1 among answers with the same label",
    "how far they lie at either end of that scale",
    "share of answers whose probabilities have another sum",
)


def _label(k: int) -> str:
    return f"{SIGNALS[k % 3]}_{'slow' if k >= 3 else 'fast'}"


def _z(means: Array, law: Array) -> Array:
    """The score's z, for words."""
    width = np.where(means > law[1], law[2] - law[1], law[1] - law[0]) + certainty.FLOOR
    return np.asarray(np.clip((means - law[1]) / width, -8.0, 8.0))


@compiled
def _longest(code: Array, slots: Array) -> int:
    """Longest run of equal answers, counting a principal's consecutive records once."""
    longest, run, last, asker = 0, 0, np.uint64(0), np.int64(-1)
    for i in range(len(code)):
        if code[i] != last:
            run = 0
        elif slots[i] != asker:
            run += 1
        last = code[i]
        asker = slots[i]
        longest = max(longest, run)
    return longest


@compiled
def _run(
    slots: Array,
    trusted: Array,
    signal: Array,
    code: Array,
    prior: Array,
    law: Array,
    longest: int,
    state: Array,
    value: Array,
    means: Array,
    found: Array,
) -> None:
    """Raw score after each row, (N,), the means (N, 6), and where the model's answers have stood still, (N,)."""
    fast = np.empty(3, np.float32)
    slow = np.empty(3, np.float32)
    for i in range(len(slots)):
        s = state[slots[i]]
        n = s.n + 1
        first = np.float32(0)
        second = np.float32(0)
        for k in range(3):
            a = s.fast[k] if s.n > 0 else prior[k]
            b = s.slow[k] if s.n > 0 else prior[k]
            fast[k] = a + (signal[i, k] - a) / min(np.float32(n) + np.float32(8), np.float32(32))
            slow[k] = b + (signal[i, k] - b) / min(np.float32(n) + np.float32(16), np.float32(256))
            means[i, k] = fast[k]
            means[i, 3 + k] = slow[k]
            for m in (fast[k], slow[k]):
                width = (law[2, k] - law[1, k] if m > law[1, k] else law[1, k] - law[0, k]) + np.float32(0.05)
                z = min(abs(m - law[1, k]) / width, np.float32(8))
                if z > first:
                    second = first
                    first = z
                elif z > second:
                    second = z
        value[i] = 0.5 * (first + second)
        if trusted[i]:
            s.n = n
            for k in range(3):
                s.fast[k] = fast[k]
                s.slow[k] = slow[k]
            found[i] = _stand_still(state[0], code[i], slots[i], longest)


@compiled
def _stand_still(model: Any, code: Any, slot: int, longest: int) -> int:
    """Count equal answers to different principals; 1 where the count passes the longest honest run."""
    if code != model.last:
        model.run = 0
    elif slot != model.asker:
        model.run += 1
        if model.run == longest:
            model.asker = slot
            return 1
    model.last = code
    model.asker = slot
    return 0
