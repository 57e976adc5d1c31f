"""Young pools in words: an alert about newcomers who came together and are odd in one way."""

from math import exp

import numpy as np
from msgspec.structs import replace

from detectors.cohort_words import alert_of
from detectors.threat_naming import likeness_of_many
from detectors.young import AIMS, CHANNELS, PLAIN
from detectors.young_pool import Pooled
from schemas.alert import Alert, Difference, Example, Why, alert_id
from schemas.display import several
from schemas.threats import THREATS

PROFILE = "attack_profile"
SHOWN = 3  # principals that the message names; the alert has them all
SAID = {
    "prompt_attack": "send prompts like attacks",
    "harmful_content": "ask for help with harm",
    "refusals": "are refused far more than others at their age",
    "dear_answers": "make the model work far more than their requests should",
    "data_leak": "are given personal data or likely secrets",
    "harvesting": "collect answers without asking for anything twice",
    "attack_profile": "look like attackers",
    "flood": "send far more than others at their age",
}
"""By channel: what these newcomers do."""
SAID_OF = {
    "prompt_attack": "prompts as much like attacks",
    "harmful_content": "prompts as much like requests for harm",
    "refusals": "refused as much",
    "dear_answers": "answers as dear",
    "data_leak": "as much personal data in answers",
    "harvesting": "asked as much without asking twice",
    "attack_profile": "as much like an attacker",
    "flood": "as sudden",
}
"""By channel: what one of them is compared by."""


def young_alert(told: Pooled, *, model: str, version: str, release: str) -> Alert:
    """The alert of a pool as it is now; id, times of its beginning, score and threshold stay as they were."""
    pool, key = told.cohort, "\x1f".join((model, version))
    threat, does = _threat(told), SAID[told.channel]
    one = alert_id("young", key, told.channel + pool.trigger)
    return replace(
        alert_of(pool, threat, one=one, detector="young", model=model),
        version=version,
        count=told.records,
        title=f"{len(pool.names)} new callers of model {model} at once: {THREATS[threat].title.lower()}",
        message=_message(told, model, does),
        unit="nats",
        gate="pool",
        why=[
            Why(name=name, value=nats, typical=1.0, text=f"mean nats of these callers where they {SAID[name]}")
            for name, nats in zip(CHANNELS, told.odds, strict=True)
            if nats >= 1.0 or name == told.channel
        ],
        examples=[
            Example(
                id=record,
                time=time,
                principal=who,
                text=f"one of the oddest, after {count} requests",
                ordinary="the middle caller of the clean period after as many requests",
                differs=[Difference(name=f"{SAID_OF[told.channel]}: one caller in", value=_one_in(nats), ordinary=2.0)],
            )
            for who, record, time, count, nats in told.examples
        ],
        release=release,
    )


def _threat(told: Pooled) -> str:
    """What they are after: of callers of other models than language models, what they do as one principal says it."""
    return (
        likeness_of_many(np.array(told.z, np.float32)).threat
        if told.channel == PROFILE and told.z
        else AIMS[told.channel]
    )


def _one_in(nats: float) -> float:
    """How many callers there is one in, with two digits."""
    return float(f"{exp(nats):.2g}")


def _message(told: Pooled, model: str, does: str) -> str:
    if told.channel == PLAIN:
        return (
            f"{several(told.cohort.names, SHOWN)} came to model {model} within hours, and {does}: {told.records} "
            "requests in all. Customers try a prompt again, each at a rate of his own, so that one who never does "
            "means little, and so many of them together do not come by chance: another model can be taught with such "
            "answers. Normal for a program that got a key for each of its machines and sends every document once; not "
            "for people."
        )
    return (
        f"{several(told.cohort.names, SHOWN)} came to model {model} within hours, and {does}: by their first "
        f"requests ({told.records} in all) each of them is among the oddest of callers at that age, which "
        "alone would mean little. So many of them together do not come by chance. Normal for a class, a fleet or a "
        "red team that gets its accounts on one day; not for customers, who come one by one."
    )
