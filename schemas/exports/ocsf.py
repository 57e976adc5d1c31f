"""OCSF Detection Finding (class 2004): what SIEMs that follow https://schema.ocsf.io read without a mapping."""

from typing import Any

import msgspec

from schemas.alert import Alert, Example, Why
from schemas.threats import ATLAS_VERSION

VERSIONS = ("1.5.0", "1.6.0", "1.7.0", "1.8.0")  # 1.5.0 is the first that knows ATLAS
LISTED = 100  # observables at most: the sources of a distributed campaign may be many thousand

_SEVERITIES = {"informational": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
_STATUSES = {
    "new": (1, "New", 1, "Create"),
    "in_progress": (2, "In Progress", 2, "Update"),
    "false-positive": (3, "Suppressed", 3, "Close"),
    "benign-expected": (3, "Suppressed", 3, "Close"),
    "true-positive": (4, "Resolved", 3, "Close"),
}
_OTHER_STATUS = (99, "Other", 2, "Update")
_ANALYTICS = {"conformal": (2, "Behavioral"), "budget": (3, "Statistical")}
_encode = msgspec.json.Encoder().encode


def encode(alert: Alert, *, version: str = "1.5.0") -> bytes:
    """Return the finding as one JSON object.

    Parameters
    ----------
    version : of the OCSF schema, one of ``VERSIONS``

    Raises
    ------
    ValueError : another version
    """
    if version not in VERSIONS:
        raise ValueError(f"OCSF {version} is none of {', '.join(VERSIONS)}")
    status_id, status, activity_id, activity = _STATUSES.get(alert.status, _OTHER_STATUS)
    confidence_id, confidence = _confidence(alert.confidence)
    event: dict[str, Any] = {
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "activity_id": activity_id,
        "activity_name": activity,
        "type_uid": 200400 + activity_id,
        "type_name": f"Detection Finding: {activity}",
        "time": _ms(alert.time),
        "start_time": _ms(alert.first_time),
        "end_time": _ms(alert.last_time),
        "duration": max(0, _ms(alert.last_time) - _ms(alert.first_time)),
        "count": alert.count,
        "timezone_offset": 0,
        "severity_id": _SEVERITIES[alert.severity],
        "severity": alert.severity.value.capitalize(),
        "status_id": status_id,
        "status": alert.status if status_id == 99 else status,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "confidence_score": _percent(alert.confidence),
        "is_alert": not alert.drill,
        "message": alert.message or alert.title,
        "metadata": _metadata(alert, version),
        "finding_info": _finding(alert),
        "resources": [_resource(alert, version)],
        "evidences": [_evidence(alert), *(_shown(one) for one in alert.examples)],
    }
    if alert.principals:
        event["observables"] = [
            {"name": "evidences.actor.user.uid", "type_id": 31, "type": "User Object: uid", "value": principal}
            for principal in alert.principals[:LISTED]
        ]
    if alert.recommendation:
        references = {"references": [alert.runbook]} if alert.runbook else {}
        event["remediation"] = {"desc": alert.recommendation, **references}
    if alert.why:
        event["anomaly_analyses"] = [_analysis(alert)]
    return _encode(event)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _percent(share: float) -> int:
    return round(100 * min(1.0, max(0.0, share)))


def _confidence(share: float) -> tuple[int, str]:
    if share >= 0.9:
        return 3, "High"
    return (2, "Medium") if share >= 0.5 else (1, "Low")


def _metadata(alert: Alert, version: str) -> dict[str, Any]:
    product = {"name": "tidegate", "vendor_name": "tidegate", "version": alert.release or "0"}
    metadata: dict[str, Any] = {"version": version, "uid": alert.id, "product": product, "log_name": "tidegate.alerts"}
    if alert.tenant:
        metadata["tenant_uid"] = alert.tenant
    if alert.incident:
        metadata["correlation_uid"] = alert.incident
    if alert.drill:
        metadata["labels"] = ["drill"]
    return metadata


def _finding(alert: Alert) -> dict[str, Any]:
    type_id, kind = _ANALYTICS.get(alert.gate, (1, "Rule"))
    named = {
        "owasp_ml": alert.frameworks.owasp_ml,
        "owasp_llm": alert.frameworks.owasp_llm,
        "nist": alert.frameworks.nist,
    }
    finding: dict[str, Any] = {
        "uid": alert.id,
        "title": alert.title or alert.threat,
        "desc": alert.message,
        "types": [alert.threat, alert.verdict.value],
        "created_time": _ms(alert.time),
        "first_seen_time": _ms(alert.first_time),
        "last_seen_time": _ms(alert.last_time),
        "analytic": {"uid": alert.detector, "name": alert.detector, "type_id": type_id, "type": kind},
        "related_events": [{"uid": record} for record in alert.record_ids],
        "related_events_count": alert.count,
        "attacks": [_attack(technique) for technique in alert.frameworks.atlas],
        "tags": [{"name": name, "values": values} for name, values in named.items() if values],
    }
    return {name: value for name, value in finding.items() if value not in ("", [])}


def _attack(technique: str) -> dict[str, Any]:
    """Name an ATLAS technique; one such as AML.T0024.002 is a part of AML.T0024."""
    whole = ".".join(technique.split(".")[:2])
    attack: dict[str, Any] = {"version": ATLAS_VERSION, "technique": {"uid": whole}}
    if technique != whole:
        attack["sub_technique"] = {"uid": technique}
    return attack


def _resource(alert: Alert, version: str) -> dict[str, Any]:
    resource: dict[str, Any] = {"uid": alert.model, "name": alert.model, "type": "AI Model"}
    if alert.version:
        resource["version"] = alert.version
    if version != "1.5.0":
        resource |= {"role_id": 1, "role": "Target"}
    return resource


def _evidence(alert: Alert) -> dict[str, Any]:
    names = ("trigger", "score", "threshold", "unit", "gate", "calibration", "budget_paid", "coverage")
    data: dict[str, Any] = {name: getattr(alert, name) for name in names}
    data["principals"] = len(alert.principals)
    actor = {"actor": {"user": {"uid": alert.principal}}} if alert.principal else {}
    return {**actor, "data": data}


def _shown(one: Example) -> dict[str, Any]:
    """One request that says what the alert is about, beside an ordinary one."""
    actor = {"actor": {"user": {"uid": one.principal}}} if one.principal else {}
    return {**actor, "data": {"example": one}}


def _analysis(alert: Alert) -> dict[str, Any]:
    return {
        "analysis_targets": [
            {"name": alert.principal or alert.model, "type": "principal" if alert.principal else "model"}
        ],
        "anomalies": [_observed(why, why.value) for why in alert.why],
        "baselines": [_observed(why, why.typical) for why in alert.why],
    }


def _observed(why: Why, value: float) -> dict[str, Any]:
    observed = {"observation_parameter": why.name, "observations": [{"value": f"{value:.6g}"}]}
    return {**observed, "observed_pattern": why.text} if why.text else observed
