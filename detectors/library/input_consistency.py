"""Input consistency: inputs that break what the model's inputs always satisfied."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import population, violations
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.features import constraints
from detectors.features.constraints import FIRMNESS, KINDS, WORDS, Constraints, K
from detectors.features.named import NamedSchema
from detectors.violations import Law
from schemas.threats import THREATS

Array = npt.NDArray[Any]

DAY = 86400.0
CAP = 512  # records a principal that fit the constraints


@dataclass(frozen=True, slots=True)
class InputConsistency:
    """A principal sends values that no customer sends: off the grid, out of range, excluding each other.

    Honest clients are encoded by the same code as the training data; where some are not (other rounding, other
    units), they are so always, and the burn-in has seen how many.

    Attributes
    ----------
    floor : score below which nothing is said: about four slightly wrong requests among the first ten
    false_findings : of a whole model's change of form that may be false, a day and kind of rule

    Score
    -----
    ``max(0, sum over kinds w_k max(0, fast_k - max(usual_k, slow_k)) - floor)``, in nats. ``v_k`` =
    log2(1 + violations of kind k in the record) is averaged with memories 32 (``fast``) and 4096 (``slow``, the
    principal's own habit), both from the benign prior; ``usual_k`` = 95 % quantile of principals' peaks and ``w_k`` =
    -log share of principals above it, on the half of the burn-in's principals that did not fit the rules; less for lost
    numbers and other rounding, which honest clients do too.

    A deploy that breaks a rule for everybody is one fault of the model, not an attack by each principal: the first
    violation of a principal in a day is a step of a Bernoulli e-detector on the model's own row (row 0 of the state);
    when it fires, :meth:`findings` says so once and the kind no longer counts until its share has fallen.

    References
    ----------
    Breck et al., Data Validation for Machine Learning, MLSys 2019,
    https://mlsys.org/Conferences/2019/doc/2019/167.pdf.
    Shin, Ramdas, Rinaldo, E-detectors, 2022, https://arxiv.org/abs/2203.03532.
    """

    floor: float = 1.5
    false_findings: float = 1e-3

    spec: ClassVar[Spec] = Spec(
        name="input_consistency",
        title="Inputs that cannot be",
        threat="fuzzing",
        needs=frozenset({"features", "numbers"}),
        gate="conformal",
        share=0.05,
        tail=0.4,
        optimism=2.0,
        unit="nats",
        reference="https://mlsys.org/Conferences/2019/doc/2019/167.pdf",
        runbook="docs/runbooks/fuzzing.md",
        scenario="fuzzing",
        look_alike="other_rounding",
    )
    state: ClassVar[np.dtype[np.void]] = violations.state

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """Constraints from half of the principals, and how often the other half breaks them."""
        batch = rows.batch
        fit = population.first_half(batch)
        rules = constraints.learn(batch.features[fit & population.capped(batch.principal, CAP)])
        learnt = {k: np.asarray(v) for k, v in rules._asdict().items()}
        rest = ~fit if not fit.all() else fit
        principal = batch.principal[rest]
        counts, _ = _counts(batch.features[rest], batch.bad[rest], rules)
        signal = np.log2(1 + np.minimum(counts, 255)).astype(np.float32)
        prior = population.means(signal, principal).mean(0).astype(np.float32)
        peak = population.peaks(population.short_means(signal, principal, prior), principal)
        usual = np.quantile(peak, 0.95, axis=0, method="higher").astype(np.float32)
        above = (peak > usual + 0.05).sum(0)
        steps = violations.first_of_hour(batch.time[rest], principal)
        broke = population.means((counts[steps] > 0).astype(np.float32), principal[steps]).mean(0)
        weight = -np.log((above + 1.0) / (len(peak) + 2.0)) * FIRMNESS
        law = Law(prior, usual + np.float32(0.02), weight.astype(np.float32), np.clip(2.0 * broke, 0.05, 0.45))
        return learnt | {k: np.asarray(v, np.float32) for k, v in law._asdict().items()}

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["input_consistency"]
        rules = Constraints(*(learnt[k] for k in Constraints._fields))
        counts, columns = _counts(rows.batch.features, rows.batch.bad, rules)
        law = Law(*(learnt[k] for k in Law._fields))
        made = violations.Made.empty(len(slots))
        violations.follow(
            rows.batch.time, slots, rows.batch.trusted, counts, columns, law, self.false_findings / DAY, state, made
        )
        why = {k: v for k, v in made._asdict().items() if k != "value"} | {"counts": counts, "columns": columns}
        return Scores(np.maximum(made.value - self.floor, 0.0), why)

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """What is wrong with the model's traffic as a whole, once each: row and words; not a principal's doing."""
        made = []
        for row in np.flatnonzero(scores.why["found"]).tolist():
            kind = int(scores.why["found"][row]) - 1
            share, column = float(scores.why["share"][row]), int(scores.why["columns"][row, kind])
            made.append((row, _fault(rows, kind, column, share)))
        return made

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        who, model = rows.batch.principals[rows.batch.principal[row]], rows.batch.model
        means, usual = scores.why["means"][row], rows.reference.learnt["input_consistency"]["usual"]
        order = np.argsort(-(means - usual), kind="stable")
        wrong = [int(k) for k in order if means[k] > usual[k]] or [int(order[0])]
        column = int(scores.why["columns"][row, wrong[0]])
        why = [(KINDS[k], float(means[k]), float(usual[k]), WORDS[k]) for k in wrong]
        if scores.why["single"][row] > 0.7:
            place, kind = divmod(int(scores.why["habit"][row]), K)
            name = _name(rows, place - 1)
            return Explanation(
                threat="schema_change", verdict="fault", severity="medium",
                title=f"{who} sends {name} of model {model} in another form",
                message=f"Nearly all odd requests of {who} break the same rule in {name}: {WORDS[kind]}. Its "
                "preprocessing has probably changed.",
                recommendation="repair the client", why=why,
            )  # fmt: skip
        many = len(wrong) > 1 or float(means[wrong[0]]) > 1.0
        threat = "fuzzing" if many else "probing"
        return Explanation(
            threat=threat, verdict="attack", severity=THREATS[threat].severity,
            title=f"{who} sends model {model} inputs that cannot be",
            message=f"{who} sends {'; '.join(WORDS[k] for k in wrong)} (lately in {_name(rows, column)}).",
            recommendation=THREATS[threat].recommendation, why=why,
        )  # fmt: skip


DETECTOR = InputConsistency


def _fault(rows: Columns, kind: int, column: int, share: float) -> Explanation:
    usual = float(rows.reference.learnt["input_consistency"]["ordinary"][kind])
    return Explanation(
        threat="schema_change", verdict="fault", severity="high",
        title=f"The inputs of model {rows.batch.model} changed form for many principals",
        message=f"{share:.0%} of the principals heard last send {WORDS[kind]} (for example in {_name(rows, column)}); "
        f"before, at most {usual:.0%} did. Until it is repaired this does not count against single principals.",
        recommendation="check the last deploy of model and clients",
        why=[(KINDS[kind], share, usual, f"share of principals that send {WORDS[kind]}")],
    )  # fmt: skip


def _name(rows: Columns, column: int) -> str:
    """What a column is called, as far as the log gave it a name."""
    named = rows.reference.learnt.get("named")
    if column < 0:
        return "several features"
    return f"{NamedSchema.from_arrays(named).columns()[column]!r}" if named else f"feature {column}"


def _counts(features: Array, bad: Array, rules: Constraints) -> tuple[Array, Array]:
    counts = np.zeros((len(features), K), np.uint16)
    columns = np.full((len(features), K), -1, np.int32)
    constraints.check(features, bad, rules, counts, columns)
    return counts, columns
