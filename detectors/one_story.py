"""One story: what several detectors find about a principal within a day is one alert, written again with each.

An explanation client sends impossible combinations, values off the grid, and hundreds of requests in a minute; so does
a fuzzer. Three detectors see it, and whoever reads their alerts closes the same case three times. Many dear requests
are one bill, so what `flood` and `dear_answers` find is one case too; beside others the latter has a case of its own.
"""

import msgspec

from detectors.threat_naming import normal_for
from schemas.alert import Alert, Severity

SHOWN = 3  # requests that an alert shows
DAY = 86_400.0  # s of record time since the first alert
COST = frozenset({"flood", "dear_answers"})  # what they find is paid by the same bill


def same(first: Alert, other: Alert) -> bool:
    """Whether a later alert about the same principal is another detector's word on what the first one tells."""
    two = {first.detector, other.detector}
    return len(two) == 2 and (two <= COST or "dear_answers" not in two) and 0.0 <= other.time - first.time < DAY


def joined(first: Alert, other: Alert) -> Alert:
    """The first alert, which also says what another detector found, and what both have cost."""
    shown = {one.id for one in first.examples}
    new = [
        msgspec.structs.replace(one, text=f"{one.text} ({other.detector})")
        for one in other.examples
        if one.id not in shown
    ]
    later = {one.name for one in other.why}
    said = other.message.replace(normal_for(other.threat) or "\0", "").replace("  ", " ").strip()
    return msgspec.structs.replace(
        first,
        last_time=max(first.last_time, other.last_time),
        record_ids=list(dict.fromkeys([*first.record_ids, *other.record_ids])),
        severity=max(first.severity, other.severity, key=list(Severity).index),
        examples=[*first.examples[: SHOWN - 1], *new, *first.examples[SHOWN - 1 :]][:SHOWN],
        why=[*(one for one in first.why if one.name not in later), *other.why],
        message=f"{first.message} Besides ({other.detector}): {said}",
        budget_paid=first.budget_paid + other.budget_paid,
    )
