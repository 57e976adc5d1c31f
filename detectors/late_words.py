"""Late labels in words: from a change to an Alert."""

from detectors.change import MARGIN
from detectors.drift_words import moment, span
from detectors.late_labels import CONCEPT, Late
from schemas.alert import Alert, Why, alert_id
from schemas.display import plain
from schemas.threats import THREATS, frameworks, runbook

DETECTOR = "late_labels"
JOINED = 0.5  # share of records from which right or wrong is said to be the model's own


def late_alert(late: Late, *, model: str, version: str, trigger: str, release: str) -> Alert:
    """The alert of a change that late labels show: ``drift_concept`` or ``drift_performance``."""
    known, key = THREATS[late.threat], "\x1f".join((model, version))
    concept = late.threat == CONCEPT
    said = f"{late.margin:.1f} standard errors from before; agreed: {', '.join(late.tests) or 'no other test'}"
    title = f"What is true of inputs of {plain(model)} has changed" if concept else f"{plain(model)} has become worse"
    name = "unfitting_labels" if concept else "wrong_answers"
    return Alert(
        id=alert_id(DETECTOR, key, f"{late.threat}/{trigger}"),
        time=late.time,
        first_time=late.since,
        last_time=late.time,
        verdict=known.verdict,
        threat=late.threat,
        severity=known.severity,
        detector=DETECTOR,
        model=model,
        version=version,
        trigger=trigger,
        count=late.records,
        title=f"{title} since {moment(late.since)}",
        message=_concept(late) if concept else _performance(late, model),
        score=late.margin,
        threshold=MARGIN,
        unit="standard errors",
        gate="vote",
        confidence=0.99,
        why=[Why(name=name, value=late.now, typical=late.before, text=said)],
        frameworks=frameworks(late.threat),
        recommendation=known.recommendation,
        runbook=runbook(late.threat),
        incident=alert_id("incident", key, f"{late.since:.6f}"),
        release=release,
    )


def _concept(late: Late) -> str:
    return (
        f"{late.now:.0%} of the labels that came back contradict what such inputs used to be labelled, where it was "
        f"{late.before:.0%}. The inputs themselves have not moved measurably: the same input now means something else. "
        f"{_basis(late)} Many contributors say so, not one; nobody is accused."
    )


def _performance(late: Late, model: str) -> str:
    own = late.joined >= JOINED
    whose = f"answers of {plain(model)}" if own else "answers that earlier labels would suggest"
    basis = (
        f"Right or wrong is the model's own answer, known for {late.joined:.0%} of the records."
        if own
        else "The model's own answers are not known here (feedback has neither its probabilities nor the id of a "
        "request that is remembered), so labels are held against what earlier labels of such inputs lead to expect."
    )
    return (
        f"{late.now:.0%} of the {whose} that feedback speaks about are wrong, where it was {late.before:.0%}. "
        f"{_basis(late)} {basis}"
    )


def _basis(late: Late) -> str:
    delay = f" Labels come {span(late.delay)} after the answer on average." if late.delay >= 0 else ""
    return f"Seen in {late.records} labels of {late.voices} voices since {moment(late.since)}.{delay}"
