"""From a crossing to an Alert: ids, words, numbers, frameworks."""

from collections.abc import Sequence

from msgspec.structs import replace

from detectors import activity, scorer
from detectors.api import Columns, Detector, Explanation, Scores
from detectors.burn_in import take
from detectors.classifiers.classified import share
from detectors.reference import Reference
from schemas.alert import Alert, Coverage, Difference, Example, Severity, Verdict, Why, alert_id
from schemas.batch import Batch
from schemas.display import written
from schemas.pairing import LONE
from schemas.threats import THREATS, frameworks, runbook

CERTAIN = "deterministic"  # the gate of what is so or is not
CROSSED = "this request crossed the line"


def explanation(detector: Detector, rows: Columns, scores: Scores, row: int) -> Explanation:
    """The detector's own words; where they fail, plain ones, since an alert without words beats none."""
    try:
        return detector.explain(rows, scores, row)
    except Exception as error:  # noqa: BLE001  # the finding stands even if its words fail
        threat = THREATS[detector.spec.threat]
        return Explanation(
            threat=detector.spec.threat,
            verdict=str(threat.verdict),
            severity=str(threat.severity),
            title=threat.title,
            message=f"{detector.spec.title}. (No details: {type(error).__name__}.)",
            recommendation=threat.recommendation,
            why=[],
        )


def alert(
    detector: Detector,
    rows: Columns,
    scores: Scores,
    row: int,
    *,
    said: Explanation | None,
    recent: activity.Recent,
    threshold: float,
    paid: float,
    calibration: str,
    unwatched: list[str],
    release: str,
    exposed: Why | None = None,
    shown: Sequence[Example] = (),
) -> Alert:
    """The alert that ``row`` raises: a pure function of what came before it on its partition.

    ``said`` is given where no gate was asked: of the model as a whole, without a principal, or, with verdict attack,
    of what needs no probability; ``exposed`` says what copy of the model the principal could make, ``shown`` are
    requests of its own.
    """
    batch, spec = rows.batch, detector.spec
    certain = said is not None and said.verdict == Verdict.ATTACK
    whole = said is not None and not certain
    principal = "" if whole else batch.principals[batch.principal[row]]
    key = "\x1f".join((batch.model, batch.version, principal, *([CERTAIN] if certain else [])))
    words = said or explanation(detector, rows, scores, row)
    made = replace(
        _told(words, batch, row, spec.name, key, release),
        tenant=batch.records[row].tenant,
        score=1.0 if certain else float(scores.value[row]),
        threshold=threshold,
        unit=spec.unit,
        gate="" if whole else CERTAIN if certain else spec.gate,
        calibration=calibration,
        budget_paid=paid,
        confidence=max(0.0, 1.0 - paid),
        coverage=Coverage(share_scored=share(batch, spec.name), not_watched=unwatched),
        incident=alert_id("incident", key, f"{recent.first:.6f}"),
    )
    return made if whole else _accusing(made, principal, recent, exposed, beside(words, batch, row, shown))


def beside(said: Explanation, batch: Batch, row: int, shown: Sequence[Example]) -> list[Example]:
    """Examples of which the first, the record of ``row``, also shows what a detector puts beside something ordinary."""
    measured = [Difference(name=n, value=written(v), ordinary=written(o)) for n, v, o in said.beside]
    if not measured:
        return list(shown)
    first = shown[0] if shown else _bare(batch, row)
    return [replace(first, differs=[*measured, *first.differs]), *shown[1:]]


def _bare(batch: Batch, row: int) -> Example:
    """A record of which nothing can be compared but what a detector says."""
    label = batch.labels[row]
    return Example(id=batch.records[row].id, time=float(batch.time[row]), text=CROSSED, answer=label,
                   ordinary="what is usual")  # fmt: skip


def _accusing(
    made: Alert, principal: str, recent: activity.Recent, exposed: Why | None, shown: Sequence[Example]
) -> Alert:
    """The alert about a principal: since when, with which records, and what it holds by now."""
    return replace(
        made,
        first_time=recent.first,
        principal=principal,
        principals=[principal] if principal else [],
        record_ids=recent.ids,
        count=recent.records,
        why=[*made.why, *([exposed] if exposed else [])],
        examples=list(shown),
    )


def _told(said: Explanation, batch: Batch, row: int, detector: str, key: str, release: str) -> Alert:
    """The alert that words about one record make, and what follows from its threat."""
    record, time = batch.records[row], float(batch.time[row])
    return Alert(
        id=alert_id(detector, key, record.id),
        time=time,
        first_time=time,
        last_time=time,
        verdict=Verdict(said.verdict),
        threat=said.threat,
        severity=Severity(said.severity),
        detector=detector,
        model=batch.model,
        version=batch.version,
        trigger=record.id,
        record_ids=[record.id],
        title=said.title,
        message=said.message,
        why=[Why(name=n, value=written(v), typical=written(t), text=text) for n, v, t, text in said.why],
        frameworks=frameworks(said.threat),
        recommendation=said.recommendation or THREATS[said.threat].recommendation,
        runbook=runbook(said.threat),
        release=release,
    )


def full(limit: int) -> str:
    """Why some principals are met as if they were new."""
    return (
        f"key table full: more than {limit:,} principals (state.max_principals); those least suspicious are forgotten "
        "and begin anew"
    )


def form(batch: Batch, reference: Reference) -> str:
    """Why requests of another form than the reference are not watched."""
    return f"requests have {_form(scorer.encode(reference, batch), reference)}; a new form needs a new model version"


def _form(batch: Batch, reference: Reference) -> str:
    has = f"{batch.features.shape[1]} features and {batch.probabilities.shape[1]} classes"
    return f"{has} instead of {reference.features} and {reference.classes}"


def whole(batch: Batch) -> Batch | None:
    """The first record that is no half of a call; None if all are, and lack what the other half has."""
    found = next((i for i, record in enumerate(batch.records) if record.phase not in LONE), None)
    return None if found is None else take(batch, slice(found, found + 1))


def other_form(batch: Batch, reference: Reference, release: str) -> Alert:
    """The fault that requests have another number of features or classes than the model's reference."""
    shape = (batch.features.shape[1], batch.probabilities.shape[1])
    key = "\x1f".join((batch.model, batch.version, str(shape)))
    has = _form(batch, reference)
    said = Explanation(
        threat="schema_change",
        verdict=Verdict.FAULT,
        severity=Severity.HIGH,
        title=f"Requests to model {batch.model} have {has}",
        message=f"Records of model {batch.model} {batch.version} come with {has}. They cannot be compared with the "
        "reference and are not watched. After a deploy, give the new form a version of its own.",
        recommendation="",
        why=[
            ("features", shape[0], reference.features, "features a request"),
            ("classes", shape[1], reference.classes, "classes an answer"),
        ],
    )
    return replace(_told(said, batch, 0, "form", key, release), incident=alert_id("incident", key, ""))


def switched_off(detector: Detector, batch: Batch, error: str, release: str) -> Alert:
    """The alert about ourselves that a detector failed and no longer watches a model version."""
    name, key = detector.spec.name, "\x1f".join((batch.model, batch.version))
    said = Explanation(
        threat="coverage_loss",
        verdict=Verdict.SELF,
        severity=Severity.HIGH,
        title=f"{detector.spec.title} no longer watches model {batch.model}",
        message=f"The detector {name} failed on model {batch.model} {batch.version} and is switched off for it until "
        f"the worker is restarted with a repaired version; the others go on. It said: {error[:300]}",
        recommendation="",
        why=[],
    )
    once = alert_id(name, key, "switched off")
    return replace(_told(said, batch, 0, name, key, release), id=once, incident=alert_id("incident", key, name))
