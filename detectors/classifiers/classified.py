"""The detector that a classifier becomes: how seldom clean records score as high, added up for each caller.

Of a record's score it is known how often clean records reach it: by the declared calibration set, or by the burn-in.
These p-values feed the same e-detector as the prompt heads' (:mod:`detectors.worded`), and its evidence goes into the
gate, whose threshold the burn-in calibrates. A record that a classifier did not look at changes nothing.
"""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import library, prompt_words, worded
from detectors.api import Columns, Detector, Explanation, IntArray, Scores, Spec, StateArray
from detectors.burn_in import BurnIn
from detectors.classifiers import deep
from detectors.classifiers.declared import Declared
from detectors.plan import Plan
from detectors.prompt_words import KINDS
from detectors.reference import Reference
from detectors.text.reading import AT
from detectors.threat_naming import normal_for
from schemas.batch import Batch
from schemas.threats import THREATS, runbook

Array = npt.NDArray[Any]

LEAST = 200  # scored records of a burn-in that say how clean records score
UNLIKE = "Normal for honest records of a kind that the clean ones lack; look at the records before the caller."
SHARE_OF = "share of "  # a detector: in coverage
SHARE = 0.5  # of the false-alert budget, beside the other detectors' shares


def detector(declared: Declared) -> Detector:
    """The detector of one classifier."""
    name = declared.detector

    class Classified:
        spec: ClassVar[Spec] = Spec(
            name=name,
            title=f"ONNX classifier {declared.name}",
            threat=declared.threat,
            needs=frozenset(),
            gate="conformal",
            share=SHARE,
            unit="nats",
            reference="https://arxiv.org/abs/2203.03532",
            runbook=runbook(declared.threat),
        )
        state: ClassVar[np.dtype[np.void]] = worded.state

        def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
            if declared.law is not None:
                return declared.law._asdict()
            found = column(rows, name)
            seen = ~np.isnan(found)
            return worded.learn(found[seen], slots[seen])._asdict()

        def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
            return scored(column(rows, name), worded.Law(**rows.reference.learnt[name]), rows, slots, state)

        def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
            return explanation(declared, rows, scores, row)

    return Classified()


def scored(found: Array, law: worded.Law, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
    """Evidence after each row whose score (N,) is known, NaN at the others."""
    n = len(found)
    value, single, counts = np.full(n, np.nan), np.full(n, np.nan), np.zeros((n, 2), np.uint32)
    seen = np.flatnonzero(~np.isnan(found))
    batch = rows.batch
    parts = np.empty(len(seen)), np.empty(len(seen)), np.empty((len(seen), 2), np.uint32)
    x = np.ascontiguousarray(found[seen], np.float64)
    worded.follow(x, batch.time[seen], batch.trusted[seen], slots[seen], law, state, *parts)
    value[seen], single[seen], counts[seen] = parts
    return Scores(value, {"score": found, "single": single, "records": counts[:, 0], "odd": counts[:, 1]})


def column(rows: Columns, name: str) -> Array:
    """What a classifier says of rows (N,), NaN where it did not look."""
    said = rows.batch.classified
    if said is None or name not in said.names:
        return np.full(len(rows.batch), np.nan)
    return said.score[:, said.names.index(name)].astype(np.float64)


def learnable(plan: Plan, sample: BurnIn) -> dict[str, Detector]:
    """Detectors of those that looked at enough of a burn-in's records."""
    made = {}
    for one in plan.classifiers.of(sample.model, sample.version):
        name = one.declared.detector
        k = sample.classifiers.index(name) if name in sample.classifiers else -1
        if sample.classified is not None and k >= 0 and (~np.isnan(sample.classified[:, k])).sum() >= LEAST:
            made[name] = detector(one.declared)
    return made


def built(plan: Plan, reference: Reference) -> dict[str, Detector]:
    """The detectors of the library, and those of classifiers that a reference knows."""
    here = [one.declared for one in plan.classifiers.of(reference.model, reference.version)]
    mine = {one.detector: detector(one) for one in here if one.detector in reference.learnt}
    return library.build(plan.detectors) | mine


def unknown(plan: Plan, reference: Reference) -> dict[str, str]:
    """By name, why other classifiers that look at the model cannot judge."""
    here = [one.declared for one in plan.classifiers.of(reference.model, reference.version)]
    why = f"it looked at fewer than {LEAST} records of the burn-in; it joins with the next version of the model"
    return {one.detector: why for one in here if one.detector not in reference.learnt}


def sampled(not_watched: dict[str, str], batch: Batch) -> dict[str, str]:
    """What is not watched, with classifiers that look at a share of the records only, as of this batch."""
    if batch.classified is None:
        return not_watched
    rest = {name: why for name, why in not_watched.items() if not name.startswith(SHARE_OF)}
    _, _, shares, reasons = batch.classified
    some = zip(batch.classified.names, shares, reasons, strict=True)
    return rest | {SHARE_OF + n: f"{share:.3g} of the records: {why}" for n, share, why in some if share < 1}


def share(batch: Batch, name: str) -> float:
    """Share of the records that a detector looks at, as of this batch."""
    said = batch.classified
    return said.shares[said.names.index(name)] if said is not None and name in said.names else 1.0


def explanation(declared: Declared, rows: Columns, scores: Scores, row: int) -> Explanation:
    """Words for an alert about the record of ``row`` and those before it."""
    batch, threat = rows.batch, THREATS[declared.threat]
    who = batch.principals[batch.principal[row]] or "an unnamed caller"
    records, odd = int(scores.why["records"][row]), int(scores.why["odd"][row])
    rare = float(10 ** min(float(scores.why["single"][row]) / 2.302585, 6.0))
    clean = "the burn-in" if declared.law is None else f"{declared.calibrated_on:,} declared clean records"
    if declared.name == deep.NAME:
        why = {**scores.why, "prompts": scores.why["records"]}
        kind = max(KINDS, key=lambda name: float(batch.text[row, AT[name]]))
        return prompt_words.explanation(rows, Scores(scores.value, why), row, kind)
    return Explanation(
        threat=declared.threat,
        verdict=str(threat.verdict),
        severity=str(threat.severity),
        title=f"{threat.title}: classifier {declared.name} speaks against {who} on model {batch.model}",
        message=f"Classifier {declared.name} looked at {records} records of {who}. {odd} score as high as fewer than "
        f"one clean record in a hundred; about one in {rare:,.0f} scores as high as the last. What is clean is known "
        f"from {clean}. {normal_for(declared.threat) or UNLIKE}",
        recommendation=threat.recommendation,
        why=[
            ("odd_records", odd / max(1, records), 0.01, "share of records that one clean record in a hundred is"),
            ("score", float(scores.why["score"][row]), 0.0, f"logit of classifier {declared.name} at the last record"),
        ],
    )
