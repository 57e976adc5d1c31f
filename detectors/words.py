"""From a crossing to an Alert: ids, words, numbers, frameworks."""

from detectors import activity
from detectors.api import Columns, Detector, Explanation, Scores
from schemas.alert import Alert, Coverage, Severity, Verdict, Why, alert_id
from schemas.threats import THREATS, frameworks, runbook


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
) -> Alert:
    """The alert that ``row`` raises: a pure function of what came before it on its partition.

    ``said`` is given where the alert is about the model as a whole and names no principal.
    """
    batch, spec = rows.batch, detector.spec
    whole = said is not None
    said = said or explanation(detector, rows, scores, row)
    principal = "" if whole else batch.principals[batch.principal[row]]
    record = batch.records[row]
    key = "\x1f".join((batch.model, batch.version, principal))
    threat = THREATS[said.threat]
    score = float(scores.value[row])
    return Alert(
        id=alert_id(spec.name, key, record.id),
        time=float(batch.time[row]),
        first_time=float(batch.time[row]) if whole else recent.first,
        last_time=float(batch.time[row]),
        verdict=Verdict(said.verdict),
        threat=said.threat,
        severity=Severity(said.severity),
        detector=spec.name,
        model=batch.model,
        version=batch.version,
        tenant=record.tenant,
        principal=principal,
        principals=[principal] if principal else [],
        trigger=record.id,
        record_ids=[record.id] if whole else recent.ids,
        count=1 if whole else recent.records,
        title=said.title,
        message=said.message,
        score=score,
        threshold=threshold,
        unit=spec.unit,
        gate="" if whole else spec.gate,
        calibration=calibration,
        budget_paid=paid,
        confidence=max(0.0, 1.0 - paid),
        why=[Why(name=n, value=v, typical=t, text=text) for n, v, t, text in said.why],
        coverage=Coverage(not_watched=unwatched),
        frameworks=frameworks(said.threat),
        recommendation=said.recommendation or threat.recommendation,
        runbook=runbook(said.threat),
        incident=alert_id("incident", key, f"{recent.first:.6f}"),
        release=release,
    )
