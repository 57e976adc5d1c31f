"""Drift and silence in words: from a finding to an Alert."""

from datetime import UTC, datetime
from math import erfc, sqrt

from detectors.blocks import COUNT, LABELS
from detectors.drift import Drift, Moved
from detectors.silence import Silent
from detectors.voices import WINDOWS
from schemas.alert import Alert, Why, alert_id
from schemas.threats import THREATS, frameworks, runbook

SHOWN = 6  # statistics that an alert names
NAMED = 100  # principals that an alert names
MEANING = {
    "rare_values": "how rare the values of single inputs are",
    "off_manifold": "how far inputs combine values as those of the clean period did not",
    "off_mode": "how many values differ from the most usual one",
    "odd_combination": "how unusual the combination of values is",
    "far_from_known": "how far inputs lie from known ones with the same answer",
    "between_classes": "how near inputs lie to known ones with another answer",
    "odd_samples": "how odd sampled inputs are to a forest that learnt earlier ones",
    "low_margin": "how unsure answers are",
    "margin_rank": "how sure answers are, ranked",
    "margin_extremes": "how many answers are very sure or very unsure",
    "confidence": "the probability of the answer given",
    "label_other": f"share of answers beyond the first {LABELS} labels",
}


def drift_alert(drift: Drift, *, model: str, version: str, trigger: str, release: str) -> Alert:
    """The alert of a change: ``drift_input`` where inputs moved, else ``drift_output``."""
    threat = "drift_input" if drift.inputs else "drift_output"
    what = "Inputs and answers" if drift.inputs and drift.outputs else "Inputs" if drift.inputs else "Answers"
    known = THREATS[threat]
    lead = drift.moved[0]
    again = " further" if drift.again else ""
    whose = f"{len(drift.movers)} of {drift.principals} principals of " if drift.few else ""
    key = "\x1f".join((model, version))
    return Alert(
        id=alert_id("drift", key, trigger),
        time=drift.time,
        first_time=drift.since,
        last_time=drift.time,
        verdict=known.verdict,
        threat=threat,
        severity=known.severity,
        detector="drift",
        model=model,
        version=version,
        trigger=trigger,
        count=drift.records,
        principals=list(drift.movers[:NAMED]) if drift.few else [],
        title=f"{what} of {whose}model {model} have moved{again} since {moment(drift.since)}",
        message=_message(drift, what),
        score=lead.margin,
        threshold=drift.bar,
        unit="standard errors",
        gate="vote",
        confidence=_confidence(lead.margin),
        why=[_why(m) for m in drift.moved[:SHOWN]],
        frameworks=frameworks(threat),
        recommendation=known.recommendation,
        runbook=runbook(threat),
        incident=alert_id("incident", key, f"{drift.since:.6f}"),
        release=release,
    )


def silence_alert(silent: Silent, *, release: str) -> Alert:
    """The alert of a source that stopped; a topic without a name is a log in files."""
    known = THREATS["source_silent"]
    log = f"topic {silent.topic}" if silent.topic else "the log"
    source = f"{silent.model} {'on' if silent.topic else 'in'} {log}" if silent.model else log
    gap = silent.time - silent.last
    trigger = f"{silent.topic}@{silent.last:.3f}"
    return Alert(
        id=alert_id("silence", f"{silent.topic}\x1f{silent.model}", trigger),
        time=silent.time,
        first_time=silent.last,
        last_time=silent.time,
        verdict=known.verdict,
        threat="source_silent",
        severity=known.severity,
        detector="silence",
        model=silent.model,
        trigger=trigger,
        count=0,
        title=f"Nothing from {source} since {moment(silent.last)}",
        message=(
            f"{source[0].upper()}{source[1:]} used to deliver and has stopped: nothing for {span(gap)}, where the "
            f"longest gap at this hour was {span(silent.usual)}. {_known(silent)}While it is silent, nothing on it is "
            "watched."
        ),
        score=gap,
        threshold=gap,
        unit="s",
        gate="gap",
        confidence=0.9,
        why=[Why(name="silence", value=gap, typical=silent.usual, text="seconds without a record")],
        frameworks=frameworks("source_silent"),
        recommendation=known.recommendation,
        runbook=runbook("source_silent"),
        incident=alert_id("incident", f"{silent.topic}\x1f{silent.model}", trigger),
        release=release,
    )


def _known(silent: Silent) -> str:
    """How well its pauses are known, where that is not well."""
    if not silent.young:
        return ""
    return (
        f"It has been watched for {span(silent.watched)} only: nights and weekends that it has not had yet are not "
        "known, so more was waited than will be after a week. "
    )


def _message(drift: Drift, what: str) -> str:
    """One paragraph in plain words."""
    side = (
        "The answers moved with them."
        if drift.inputs and drift.outputs
        else "The answers have not moved measurably."
        if drift.inputs
        else "Its inputs have not moved measurably."
    )
    again = " The same model version has moved before; this goes beyond that." if drift.again else ""
    lead = drift.moved[0]
    return (
        f"{what} have moved away from what the same principals sent before: {_meaning(lead.name)} went from "
        f"{lead.before:.2f} to {lead.now:.2f}, over {drift.records} records since {moment(drift.since)} "
        f"({drift.principals} principals, each of which counts once, however much it sends). {side}{again} "
        f"{_whose(drift)}"
    )


def _whose(drift: Drift) -> str:
    """Whether it is everybody's change, or some principals'."""
    if drift.few:
        return (
            f"It is theirs, not everybody's: {len(drift.movers)} of {drift.principals} principals carry it, the others "
            "are as they were. Ask what they have in common: a client's release, a region, a shared source of inputs."
        )
    return "This is how the world or the pipeline before the model changes, not how an attack looks."


def _confidence(margin: float) -> float:
    """One less the chance that any statistic, in any window, lies so far off by itself."""
    return max(0.5, 1.0 - COUNT * len(WINDOWS) * erfc(margin / sqrt(2.0)))


def _why(moved: Moved) -> Why:
    tests = f"; agreed: {', '.join(moved.tests)}" if moved.tests else ""
    text = f"{_meaning(moved.name)}: {moved.margin:.1f} standard errors from the past{tests}"
    return Why(name=moved.name, value=moved.now, typical=moved.before, text=text)


def _meaning(name: str) -> str:
    if name.startswith("direction_"):
        return f"a random mixture of the input's values (number {name.removeprefix('direction_')})"
    return MEANING.get(name) or f"share of answers with label {name.removeprefix('label_')}"


def moment(time: float) -> str:
    """A time as people write it, UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%d %b %H:%M} UTC"


def span(seconds: float) -> str:
    """A span of time as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 172_800:
        return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
    return f"{seconds / 86_400:.1f} days"
