"""Cohorts in words: from newcomers taken for one to an Alert, the same one however often it is written."""

from msgspec.structs import replace

from detectors.affinity import MODEL
from detectors.cohort import NAMED, Cohort
from detectors.cohort_examples import Beside, Told
from detectors.network import parts
from detectors.statistics import NAMES, TABLE, words
from detectors.threat_naming import likeness_of_many
from detectors.young import aim
from schemas.alert import Alert, Difference, Example, Severity, Why, alert_id
from schemas.display import several, written
from schemas.threats import THREATS, frameworks, runbook

SPOKEN = 4  # statistics that an alert puts into words
LEAST = 0.5  # of z: what is nearer to the usual value is not told
DIFFERS = 3  # of them that an example shows
USUAL = "what is usual for customers"
SHOWN = 3  # principals that the message names; the alert has them all


def cohort_alert(told: Told, *, model: str, version: str, release: str) -> Alert:
    """The alert of a cohort as it is now; id, times of its beginning, score and threshold stay as they were."""
    cohort, key = told.cohort, "\x1f".join((model, version))
    threat = aim(cohort.odds, cohort.looks) if cohort.odds else likeness_of_many(told.z).threat
    return replace(
        alert_of(cohort, threat, one=alert_id("cohort", key, cohort.trigger), detector="cohort", model=model),
        version=version,
        count=told.records,
        title=f"{len(cohort.names)} new principals act as one on model {model}: {THREATS[threat].title.lower()}",
        message=_message(told, model),
        unit="logit",
        gate="cohort",
        why=_why(told),
        examples=[_example(told, one) for one in told.examples],
        incident=alert_id("incident", key, cohort.trigger),
        release=release,
    )


def alert_of(cohort: Cohort, threat: str, *, one: str, detector: str, model: str) -> Alert:
    """The alert ``one`` as far as it follows from who belongs together and what is held against them."""
    known = THREATS[threat]
    return Alert(
        id=one,
        time=cohort.time,
        first_time=cohort.first,
        last_time=max(cohort.last, cohort.time),
        verdict=known.verdict,
        threat=threat,
        severity=Severity.CRITICAL if known.severity is Severity.CRITICAL else Severity.HIGH,
        detector=detector,
        model=model,
        principals=list(cohort.names),
        trigger=cohort.trigger,
        record_ids=list(cohort.records),
        score=cohort.score,
        threshold=cohort.threshold,
        budget_paid=cohort.paid,
        confidence=max(0.0, 1.0 - cohort.paid),
        frameworks=frameworks(threat),
        recommendation=known.recommendation,
        runbook=runbook(threat),
        incident=one,
    )


def _example(told: Told, one: Beside) -> Example:
    """A member's last record, and the deviations that spoke for an attack, beside the nearest customer's."""
    usual = [0.0] * len(TABLE) if one.usual is None else one.usual.tolist()
    return Example(
        id=one.record,
        time=one.time,
        principal=one.principal,
        text=f"one of those most alike, after {one.records} records; {one.shared} of {one.marks} fingerprints of its "
        "inputs are the others' too",
        ordinary=USUAL if one.usual is None else "the customer of the clean period that it is most like",
        differs=[
            Difference(name=words(k, float(told.z[k])), value=written(one.z[k]), ordinary=written(usual[k]))
            for k in _spoke(told)[:DIFFERS]
        ],
    )


def _spoke(told: Told) -> list[int]:
    """Which statistics spoke for an attack most, by deviations of all together."""
    weight = parts(told.z, MODEL.network)
    found: dict[str, int] = {}
    for k in (-weight).argsort(kind="stable").tolist():
        if weight[k] > 0 and abs(told.z[k]) >= LEAST:
            found.setdefault(TABLE[k].name, k)
    return list(found.values())[:SPOKEN]


def _why(told: Told) -> list[Why]:
    """What spoke for an attack most, in deviations of all together."""
    return [
        Why(name=NAMES[k], value=float(told.z[k]), typical=0.0, text=words(k, float(told.z[k]))) for k in _spoke(told)
    ]


def _message(told: Told, model: str) -> str:
    """One paragraph: who, what all of them together do, and what they share."""
    names = told.cohort.names
    cut = f" (the first {NAMED} are named)" if len(names) == NAMED else ""
    said = "; ".join(f"{one.text} ({one.value:+.1f})" for one in _why(told))
    return (
        f"{several(names, SHOWN)}{cut} are new to model {model}, and so alike that they are taken for one "
        f"principal with {told.records} records, which {said or 'resembles an attacker'}. In brackets: "
        f"deviation from customers, where 1 is exceeded by one in twenty. {told.linked:.0%} of them "
        "sent inputs that others of them sent too, or nearly. Normal for honest newcomers who come together, such "
        "as a class or a fleet, where each does what customers do; not where they deviate from customers like this."
    )
