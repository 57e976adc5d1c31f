"""Young pools in words: an alert about newcomers who came together and are odd in one way."""

from detectors.young import CHANNELS
from detectors.young_pool import Pooled
from schemas.alert import Alert, Severity, Why, alert_id
from schemas.display import plain
from schemas.threats import THREATS, frameworks, runbook

SHOWN = 3  # principals that the message names; the alert has them all
SAID = {
    "prompt_attack": ("jailbreak", "send prompts like attacks"),
    "harmful_content": ("jailbreak", "ask for help with harm"),
    "refusals": ("probing", "are refused far more than others at their age"),
    "dear_answers": ("cost_abuse", "make the model work far more than their requests should"),
    "data_leak": ("data_leak", "are given personal data or likely secrets"),
    "harvesting": ("distillation", "collect answers without asking for anything twice"),
}
"""By channel: the threat, and what these newcomers do."""


def young_alert(told: Pooled, *, model: str, version: str, release: str) -> Alert:
    """The alert of a pool as it is now; id, times of its beginning, score and threshold stay as they were."""
    pool, key = told.cohort, "\x1f".join((model, version))
    threat, does = SAID[told.channel]
    known, one = THREATS[threat], alert_id("young", key, told.channel + pool.trigger)
    return Alert(
        id=one,
        time=pool.time,
        first_time=pool.first,
        last_time=max(pool.last, pool.time),
        verdict=known.verdict,
        threat=threat,
        severity=Severity.CRITICAL if known.severity is Severity.CRITICAL else Severity.HIGH,
        detector="young",
        model=model,
        version=version,
        principals=list(pool.names),
        trigger=pool.trigger,
        record_ids=list(pool.records),
        count=told.records,
        title=f"{len(pool.names)} new callers of model {model} at once: {known.title.lower()}",
        message=_message(told, model, does),
        score=pool.score,
        threshold=pool.threshold,
        unit="nats",
        gate="pool",
        budget_paid=pool.paid,
        confidence=max(0.0, 1.0 - pool.paid),
        why=[
            Why(name=name, value=nats, typical=1.0, text=f"mean nats of these callers where they {SAID[name][1]}")
            for name, nats in zip(CHANNELS, told.odds, strict=True)
            if nats >= 1.0 or name == told.channel
        ],
        frameworks=frameworks(threat),
        recommendation=known.recommendation,
        runbook=runbook(threat),
        incident=one,
        release=release,
    )


def _message(told: Pooled, model: str, does: str) -> str:
    names = [plain(name) for name in told.cohort.names]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (
        f"{', '.join(names[:SHOWN])}{more} came to model {model} within hours, and {does}: with their first "
        f"{told.records} requests each of them is among the oddest of callers at that age, which alone would mean "
        "little. So many of them together do not come by chance. Normal for a class or a red "
        "team that gets its accounts on one day."
    )
