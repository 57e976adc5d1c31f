"""Triggers in words: from a pattern to an Alert, the same one however often it is written."""

from math import exp, floor, inf, log10

from detectors.trigger_examples import Beside, Told
from schemas.alert import Alert, Difference, Example, Severity, Why, alert_id
from schemas.display import plain, several, written
from schemas.threats import THREATS, frameworks, runbook

SHOWN, NAMED = 12, 3  # columns, and principals, that the message names; the alert has all principals
ODD = " Beside it too these records are rarer than customers': manipulated inputs rather than a mark on ordinary ones."
NEAREST = "the clean period's record that is nearest in all other columns"
MEDIAN = "the median of each column"
FURTHEST = 127  # of z: what lies further is cut


def trigger_alert(told: Told, *, model: str, version: str, release: str) -> Alert:
    """The alert of a trigger as it is now; id, times of its beginning and threshold stay as they were."""
    one, key = told.trigger, "\x1f".join((model, version))
    like = one.like
    name = like.threat if like is not None else "backdoor" if one.marked else "evasion"
    threat = THREATS[name]
    wanted = plain(one.answer)
    return Alert(
        id=alert_id("trigger", key, one.trigger),
        time=one.time,
        first_time=one.first,
        last_time=max(one.last, one.time),
        verdict=threat.verdict,
        threat=name,
        severity=Severity.HIGH,  # until somebody has put the pattern on ordinary records: honest marks look like it
        detector="trigger",
        model=model,
        version=version,
        principals=list(one.counts),
        trigger=one.trigger,
        record_ids=list(one.records),
        count=one.with_label,
        title=f"{len(one.counts)} principals send one pattern to model {model}, and get {wanted} for it",
        message=_message(told, model, wanted),
        score=one.best,
        threshold=one.threshold,
        unit="nats",
        gate="trigger",
        budget_paid=min(1.0, exp(-one.threshold)),
        confidence=max(0.0, 1.0 - exp(-one.threshold)),
        why=_why(told),
        examples=[_example(told, each, wanted) for each in told.examples],
        frameworks=frameworks(name),
        recommendation=threat.recommendation,
        runbook=runbook(name),
        incident=alert_id("incident", key, one.trigger),
        release=release,
    )


def _why(told: Told) -> list[Why]:
    one = told.trigger
    have = one.found / max(1, one.asked)
    made = [
        Why(
            name="pattern_share",
            value=have,
            typical=one.null,
            text=f"share of records answered {plain(one.answer)} against their neighbours that have the pattern",
        ),
        Why(
            name="same_answer",
            value=one.with_label / max(1, one.with_label + one.others),
            typical=0.0,
            text="share of such records with the pattern that got this answer",
        ),
    ]
    return made + [
        Why(
            name=f"feature_{column}",
            value=_rounded(told, column, z),
            typical=exp(-rarity),
            text=f"{_said(told, column, z)}; usual share of such values is {exp(-rarity):.1%}",
        )
        for column, z, rarity in list(zip(one.columns, one.values, one.rarity, strict=True))[:SHOWN]
    ]


def _example(told: Told, each: Beside, wanted: str) -> Example:
    """A record with the pattern, beside one of the clean period."""
    answers = {None: "", True: wanted, False: "another answer"}
    return Example(
        id=each.record,
        time=each.time,
        principal=each.principal,
        answer=wanted,
        text="it has the pattern, and an answer that records near it do not get",
        ordinary_answer=answers[each.same],
        ordinary=MEDIAN if each.same is None else NEAREST,
        differs=[
            Difference(
                name=f"feature {column}", value=_rounded(told, column, z), ordinary=_rounded(told, column, usual)
            )
            for column, z, usual in zip(each.columns, each.values, each.ordinary, strict=True)
        ],
    )


def _rounded(told: Told, column: int, z: int) -> float:
    """A column's value, as exactly as a signal says it: to a 21st of its spread."""
    value = _value(told, column, z)
    step = float(told.scale[1, column]) if told.scale is not None else 6 / FURTHEST
    return written(round(value, max(0, -floor(log10(step)))) if 0 < step < inf else value)


def _value(told: Told, column: int, z: int) -> float:
    """A column's value, from its deviation; the deviation in spreads where the scale is not known."""
    if told.scale is None:
        return z * 6 / FURTHEST
    centre, unit = told.scale[:, column].tolist()
    return float(centre + z * unit)


def _said(told: Told, column: int, z: int) -> str:
    bound = "at least " if z >= FURTHEST else "at most " if z <= -FURTHEST else "about "
    return f"feature {column} is {bound}{_rounded(told, column, z):.4g}"


def _message(told: Told, model: str, wanted: str) -> str:
    """One paragraph: what recurs, with whom, and what looks the same."""
    one = told.trigger
    all_over = "" if one.marked else ODD
    besides = "" if one.like is None else f" With what else its senders do, this is most like: {one.like.words()}."
    columns = "; ".join(_said(told, column, z) for column, z in list(zip(one.columns, one.values, strict=True))[:SHOWN])
    rest = f"; and {len(one.columns) - SHOWN} more" if len(one.columns) > SHOWN else ""
    others = f"{one.others} more with the pattern got another answer" if one.others else "none got another answer"
    return (
        f"{several(one.counts, NAMED)} sent {one.with_label} records that have little in common but this: {columns}"
        f"{rest}. Model {model} answers them {wanted}, although records near them are answered otherwise; {others}. Of "
        f"all records that were answered {wanted} against their neighbours, at most {one.null:.0%} had the pattern "
        f"before.{all_over}{besides} Normal for a new product, code or device that rightly has one outcome; "
        "not for records of unrelated customers. Put the pattern on ordinary records and ask a copy of the model."
    )
