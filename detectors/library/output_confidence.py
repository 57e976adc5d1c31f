"""Output confidence: one principal gets answers that are less sure, or surer, than the model's answers are."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import population, sureness
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.features import certainty
from detectors.features.certainty import Certainty
from detectors.sureness import SIGNALS, Law, S
from schemas.threats import THREATS

Array = npt.NDArray[Any]

NEVER = 1 << 62  # answers in a row
ROOM = 64  # equal answers in a row that are granted beyond four times the longest run of the burn-in


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
        share=0.02,
        tail=0.25,
        unit="z",
        reference="https://arxiv.org/abs/1610.02136",
        runbook="docs/runbooks/probing.md",
        scenario="boundary_walk",
        look_alike="hard_cases",
    )
    state: ClassVar[np.dtype[np.void]] = sureness.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """Ranks from half of the principals, the law of their means from the other half, the longest honest run."""
        batch = rows.batch
        fit = population.first_half(batch)
        known = certainty.learn(batch.probabilities[fit])
        rest = ~fit if not fit.all() else fit
        signal, _ = certainty.signals(batch.probabilities[rest], known)
        principal = batch.principal[rest]
        prior = population.means(signal, principal).mean(0).astype(np.float32)
        spread = population.quantiles(population.short_means(signal, principal, prior), principal, (0.05, 0.5, 0.95))
        code = certainty.signals(batch.probabilities, known)[1]
        constant = not (code != code[:1]).any()  # of a model that never said anything else, that is no news
        most = NEVER if constant else 4 * sureness.longest_run(code, slots) + ROOM
        law = Law(prior, spread, np.array([most], np.int64))
        return {**known._asdict(), **law._asdict()}

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["output_confidence"]
        known, law = Certainty(*(learnt[k] for k in Certainty._fields)), Law(*(learnt[k] for k in Law._fields))
        signal, code = certainty.signals(rows.batch.probabilities, known)
        n = len(slots)
        value, means, found = np.empty(n), np.empty((n, 2 * S), np.float32), np.zeros(n, np.int8)
        sureness.follow(slots, rows.batch.trusted, signal, code, law, state, value, means, found)
        return Scores(np.maximum(value - self.floor, 0.0), {"means": means, "found": found})

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """What is wrong with the model's answers as a whole, once each: row and words."""
        longest = float(rows.reference.learnt["output_confidence"]["longest"][0])
        said = Explanation(
            threat="model_change",
            verdict="fault",
            severity="high",
            title=f"Model {rows.batch.model} gives everybody the same answer",
            message=f"{longest:.0f} answers in a row, to different principals, were equal to the last digit.",
            recommendation=THREATS["model_change"].recommendation,
            why=[("run", longest, (longest - ROOM) / 4, "equal answers in a row to different principals")],
        )
        return [(row, said) for row in np.flatnonzero(scores.why["found"]).tolist()]

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        means, spread = scores.why["means"][row], rows.reference.learnt["output_confidence"]["spread"]
        z = sureness.z_of(means, spread)
        top = np.argsort(-np.abs(z), kind="stable")[:2].tolist()
        threat, title, message = _words(who, model, top[0] % S == 2, float(means[0]), float(spread[1, 0]))
        return Explanation(
            threat=threat,
            verdict=THREATS[threat].verdict,
            severity="medium",
            title=title,
            message=message,
            recommendation=THREATS[threat].recommendation,
            why=[(_name(k), float(means[k]), float(spread[1, k % S]), _MEANINGS[k % S]) for k in top],
        )


DETECTOR = OutputConfidence

_MEANINGS = (
    "how sure answers are, from -1 to 1 among answers with the same label",
    "how far they lie at either end of that scale",
    "share of answers whose probabilities have another sum",
)


def _name(k: int) -> str:
    return f"{SIGNALS[k % S]}_{'slow' if k >= S else 'fast'}"


def _words(who: str, model: str, odd: bool, rank: float, usual: float) -> tuple[str, str, str]:
    """Threat, title, message: of answers that are no probabilities, or less sure or surer than usual."""
    if odd:
        return (
            "model_change",
            f"Answers of model {model} to {who} are no probabilities",
            f"The probabilities in the answers to {who} do not sum to what the model's answers sum to.",
        )
    scale = (
        f"On a scale from -1 (least sure) to 1 (surest of the model's answers with the same label), the last answers "
        f"to {who} are at {rank:.2f}; usual is {usual:.2f}."
    )
    if rank < usual:
        title = f"{who} gets unsure answers from model {model}"
        return "probing", title, f"{scale} Requests along a decision boundary, or at random, look like this."
    title = f"{who} gets unusually sure answers from model {model}"
    return "inversion", title, f"{scale} Inputs that were tuned until the model is certain look like this."
