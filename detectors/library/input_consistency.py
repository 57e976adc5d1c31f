"""Input consistency: inputs that break what the model's inputs always satisfied."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import population
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.compiled import compiled
from detectors.features import constraints
from detectors.features.constraints import FIRMNESS, KINDS, WORDS, Constraints, K
from schemas.batch import Batch

Array = npt.NDArray[Any]

FAST, SLOW = 32.0, 4096.0  # memories in records
START_FAST, START_SLOW = 8.0, 64.0  # records that the benign prior weighs
CAP = 48  # records a principal that fit the constraints
SUDDEN = 0.5  # share of principals that an alternative to the usual share violates


@dataclass(frozen=True, slots=True)
class InputConsistency:
    """A principal sends values that no customer ever sent: off the grid, out of range, in combinations that exclude
    each other.

    Honest clients are encoded by the same code as the training data; where some are not (other rounding, other
    units), they are so always, and the burn-in has seen how many.

    Attributes
    ----------
    floor : score below which nothing is said: about three slightly wrong requests among the first ten
    payment : budget paid a step of the test whether most principals break one rule at once

    Score
    -----
    ``max(0, sum over kinds w_k max(0, fast_k - max(usual_k, slow_k)) - floor)``, in nats. ``v_k`` =
    log2(1 + violations of kind k in the record) is averaged with memories 32 (``fast``) and 4096 (``slow``, the
    principal's own habit), both from the benign prior; ``usual_k`` = 95 % quantile of principals' peaks and ``w_k`` =
    -log share of principals above it (less for what honest clients do: lose numbers, format them), on the half of the burn-in's principals that did not fit the rules.

    A deploy that breaks a rule for everybody is one fault of the model, not an attack by each principal: the first
    violation of a principal in a day is a step of a Bernoulli e-detector on the model's own row (row 0 of the state);
    when it fires, :meth:`findings` says so once and the kind no longer counts until its share has fallen.

    References
    ----------
    Breck et al., Data Validation for Machine Learning, MLSys 2019,
    https://mlsys.org/Conferences/2019/doc/2019/167.pdf.
    Shin, Ramdas, Rinaldo, E-detectors, 2022, https://arxiv.org/abs/2203.03532.
    """

    floor: float = 1.0
    payment: float = 1e-7

    spec: ClassVar[Spec] = Spec(
        name="input_consistency",
        title="Inputs that cannot be",
        threat="fuzzing",
        needs=frozenset({"features"}),
        gate="conformal",
        share=0.15,
        unit="nats",
        reference="https://mlsys.org/Conferences/2019/doc/2019/167.pdf",
        runbook="docs/runbooks/fuzzing.md",
        scenario="fuzzing",
        look_alike="other_rounding",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype(
        [
            ("n", "u4"),
            ("hour", "i4"),
            ("day", "i4"),
            ("hits", "u4"),
            ("habit", "i4"),
            ("votes", "i4"),
            ("violating", "u4"),
            ("fast", "f4", K),
            ("slow", "f4", K),
            ("share", "f4", K),
            ("evidence", "f4", K),
            ("known", "u4"),
        ],
        align=True,
    )

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
        peak = population.peaks(_averages(signal, np.unique(principal, return_inverse=True)[1], prior), principal)
        usual = np.quantile(peak, 0.95, axis=0, method="higher").astype(np.float32)
        above = (peak > usual + 0.05).sum(0)
        broke = (population.means((counts > 0).astype(np.float32), principal) > 0).mean(0)
        return learnt | {
            "prior": prior,
            "usual": usual + np.float32(0.02),
            "weight": (-np.log((above + 1.0) / (len(peak) + 2.0)) * FIRMNESS).astype(np.float32),
            "ordinary": np.clip(2.0 * broke, 0.05, 1.0).astype(np.float32),
        }

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        learnt = rows.reference.learnt["input_consistency"]
        rules = Constraints(*(learnt[k] for k in Constraints._fields))
        counts, columns = _counts(rows.batch.features, rows.batch.bad, rules)
        n = len(slots)
        value, means = np.empty(n), np.empty((n, K), np.float32)
        single, found, share = np.empty(n, np.float32), np.zeros(n, np.int8), np.zeros(n, np.float32)
        law = (learnt["prior"], learnt["usual"], learnt["weight"], learnt["ordinary"])
        _run(rows.batch.time, slots, rows.batch.trusted, counts, columns, *law, self.payment, state, value, means,
             single, found, share)  # fmt: skip
        why = {"means": means, "counts": counts, "columns": columns, "single": single, "found": found, "share": share}
        return Scores(np.maximum(value - self.floor, 0.0), why)

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
            return Explanation(
                threat="schema_change", verdict="fault", severity="medium",
                title=f"{who} sends {_name(column)} of model {model} in another form",
                message=f"Nearly all odd requests of {who} break the same rule in {_name(column)}: {WORDS[wrong[0]]}. "
                "Its preprocessing has probably changed.",
                recommendation="repair the client", why=why,
            )  # fmt: skip
        many = len(wrong) > 1 or float(means[wrong[0]]) > 1.0
        return Explanation(
            threat="fuzzing" if many else "probing", verdict="attack", severity="medium",
            title=f"{who} sends model {model} inputs that cannot be",
            message=f"{who} sends {'; '.join(WORDS[k] for k in wrong)} (lately in {_name(column)}).",
            recommendation="throttle", why=why,
        )  # fmt: skip


DETECTOR = InputConsistency


def mismatch(features: int, batch: Batch) -> Explanation:
    """Words for rows that have another number of features than the model's reference: they cannot be scored."""
    return Explanation(
        threat="schema_change", verdict="fault", severity="high",
        title=f"Requests to model {batch.model} have {batch.features.shape[1]} features instead of {features}",
        message=f"{len(set(batch.principal.tolist()))} principals sent {batch.features.shape[1]} features; the model's "
        f"reference knows {features}. Such requests are not watched until a new burn-in.",
        recommendation="check the last deploy of model and clients",
        why=[("features", float(batch.features.shape[1]), float(features), "features a request")],
    )  # fmt: skip


def _fault(rows: Columns, kind: int, column: int, share: float) -> Explanation:
    usual = float(rows.reference.learnt["input_consistency"]["ordinary"][kind])
    return Explanation(
        threat="schema_change", verdict="fault", severity="high",
        title=f"The inputs of model {rows.batch.model} changed form for most principals",
        message=f"{share:.0%} of the principals now send {WORDS[kind]} (for example in {_name(column)}); before, at most "
        f"{usual:.0%} did. Until it is repaired this does not count against single principals.",
        recommendation="check the last deploy of model and clients",
        why=[(KINDS[kind], share, usual, f"share of principals that send {WORDS[kind]}")],
    )  # fmt: skip


def _name(column: int) -> str:
    return f"feature {column}" if column >= 0 else "several features"


def _counts(features: Array, bad: Array, rules: Constraints) -> tuple[Array, Array]:
    counts = np.zeros((len(features), K), np.uint16)
    columns = np.full((len(features), K), -1, np.int32)
    constraints.check(features, bad, rules, counts, columns)
    return counts, columns


@compiled
def _averages(signal: Array, code: Array, prior: Array) -> Array:
    """Fast means after each row, (N, K), from the prior, for the law of their peaks."""
    size = 0
    for i in range(len(code)):
        size = max(size, code[i] + 1)
    mean = np.empty((size, signal.shape[1]), np.float32)
    mean[:] = prior
    n = np.zeros(size, np.float32)
    out = np.empty(signal.shape, np.float32)
    for i in range(len(code)):
        p = code[i]
        n[p] += 1
        for k in range(signal.shape[1]):
            mean[p, k] += (signal[i, k] - mean[p, k]) / min(n[p] + np.float32(8.0), np.float32(32.0))
            out[i, k] = mean[p, k]
    return out


@compiled
def _run(
    time: Array, slots: Array, trusted: Array, counts: Array, columns: Array, prior: Array, usual: Array, weight: Array,
    ordinary: Array, payment: float, state: Array, value: Array, means: Array, single: Array, found: Array, share: Array,
) -> None:  # fmt: skip
    """Raw score after each row (N,), the fast means (N, 8), and what the model's own row found."""
    scratch = np.zeros(1, state.dtype)
    for i in range(len(slots)):
        scratch[0] = state[slots[i]]
        s = scratch[0]
        if s.n == 0:
            for k in range(K):
                s.fast[k] = prior[k]
                s.slow[k] = prior[k]
            s.hour = -1
            s.day = -1
        s.n += 1
        known = state[0].known
        fast = min(np.float32(s.n) + np.float32(8.0), np.float32(32.0))
        slow = min(np.float32(s.n) + np.float32(64.0), np.float32(4096.0))
        total = 0.0
        broken = 0
        for k in range(K):
            c = np.float32(min(counts[i, k], 255))
            v = np.float32(0) if (known >> k) & 1 else np.log2(np.float64(1) + c)
            habit = max(usual[k], s.slow[k])
            s.fast[k] += np.float32(v - s.fast[k]) / fast
            s.slow[k] += np.float32(v - s.slow[k]) / slow
            means[i, k] = s.fast[k]
            total += weight[k] * max(s.fast[k] - habit, np.float32(0))
            broken += v > 0
        value[i] = total
        if broken > 0:
            _vote(s, counts[i], columns[i], broken)
        single[i] = np.float32(s.votes) / np.float32(max(s.violating, 1))
        hour = int(np.floor(min(max(time[i], 0.0), 1e11) / 3600.0))
        if trusted[i]:
            if hour != s.hour:
                found[i] = _step(state[0], s, hour // 24, counts[i], ordinary, payment)
                share[i] = state[0].share[max(found[i] - 1, 0)]
                s.hour = hour
            _keep(state[slots[i]], s)


@compiled
def _vote(s: Any, counts: Array, columns: Array, broken: int) -> None:
    """Majority vote (Boyer, Moore) over the one rule and column that a violating record breaks."""
    s.violating += 1
    place = -1
    if broken == 1:
        for k in range(K):
            if counts[k] == 1:
                place = K * columns[k] + k
    if place >= 0 and (s.votes == 0 or s.habit == place):
        s.habit = place
        s.votes += 1
    elif s.votes > 0:
        s.votes -= 1


@compiled
def _step(model: Any, s: Any, day: int, counts: Array, ordinary: Array, payment: float) -> int:
    """One principal's step of the model's e-detectors; returns 1 + the kind that fired, or 0."""
    if s.day != day:
        s.day = day
        s.hits = 0
    fired = 0
    for k in range(K):
        p = ordinary[k]
        if p > 0.4 or (s.hits >> k) & 1:
            continue
        hit = counts[k] > 0
        s.hits |= np.uint32(hit) << np.uint32(k)
        model.share[k] += (np.float32(hit) - model.share[k]) * np.float32(1 / 16)
        if (model.known >> k) & 1:
            if model.share[k] < p:
                model.known &= ~(np.uint32(1) << np.uint32(k))
            continue
        e = np.float32(0.5) / p if hit else np.float32(0.5) / (np.float32(1) - p)
        model.evidence[k] = (model.evidence[k] + np.float32(payment)) * e
        if model.evidence[k] >= 1:
            model.evidence[k] = 0
            model.known |= np.uint32(1) << np.uint32(k)
            fired = k + 1
    return fired


@compiled
def _keep(row: Any, s: Any) -> None:
    """Write a principal's own fields back; the model's fields live in the array."""
    row.n, row.hour, row.day, row.hits = s.n, s.hour, s.day, s.hits
    row.habit, row.votes, row.violating = s.habit, s.votes, s.violating
    for k in range(K):
        row.fast[k] = s.fast[k]
        row.slow[k] = s.slow[k]
