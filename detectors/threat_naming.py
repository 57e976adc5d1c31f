"""Which threat somebody's requests are most like, and the words for it.

A network with one hidden layer, fitted in the laboratory on the requests of attacks that had been told of. It looks at
the 64 deviations of the profile, at the scores of four detectors, and, once some requests have come after an alert, at
the shape of these (:mod:`detectors.trail`). Whichever detector spoke, the name is found the same way. Accounts that are
taken for one have a network of their own, fitted on campaigns over many accounts: together they look otherwise.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from detectors import trail
from detectors.models import Shipped, shipped
from detectors.network import softened
from schemas.alert import Alert, Severity, Verdict
from schemas.threats import THREATS, frameworks, runbook

Array = npt.NDArray[Any]

SCORES = ("input_consistency", "flood", "output_confidence", "unusual_profile")
NAMED = frozenset({"attack_profile", *SCORES})  # detectors whose alerts are named so
WIDTH = 64 + len(SCORES) + 1 + trail.WIDTH
SAID = 0.1  # probability from which on a second name is told


class Likeness(NamedTuple):
    """How probable each threat is, ``threats`` and ``share`` (K,) in the same order, if this is an attack at all."""

    threats: tuple[str, ...]
    share: npt.NDArray[np.float64]

    @property
    def threat(self) -> str:
        """The likeliest."""
        return self.threats[int(self.share.argmax())]

    def words(self) -> str:
        """The likeliest, and the second if it is not far, as the end of a sentence."""
        order = np.argsort(-self.share, kind="stable")[:2]
        told = [k for k in order.tolist() if self.share[k] >= SAID] or order[:1].tolist()
        return ", then ".join(f"{THREATS[self.threats[k]].title.lower()} ({self.share[k]:.0%})" for k in told)


def inputs(z: Array, scores: Array, since: Array, shape: Array) -> Array:
    """The network's inputs, (n, WIDTH) f4.

    Parameters
    ----------
    z : (n, 64) deviations of the profile
    scores : (n, 4) by the order of ``SCORES``; 0 where a detector does not look
    since : (n,) requests since the alert
    shape : (n, :data:`detectors.trail.WIDTH`) of the requests since then
    """
    told = np.log1p(np.maximum(np.nan_to_num(scores), 0))
    return np.concatenate([softened(z), told, np.log2(1 + since)[:, None] / 4, shape], axis=1).astype(np.float32)


def likeness(
    z: Array, scores: Mapping[str, float], since: int = 0, shape: Array | None = None, model: Shipped | None = None
) -> Likeness:
    """What a principal's requests are like: its profile, detectors' scores by name, and the requests since an alert."""
    made = model or MODEL
    told = np.array([[scores.get(name, 0.0) for name in SCORES]])
    none = np.zeros(trail.WIDTH, np.float32)
    x = inputs(np.asarray(z, np.float32)[None], told, np.array([since]), (none if shape is None else shape)[None])
    return _said(made, x[0])


def likeness_of_many(z: Array, model: Shipped | None = None) -> Likeness:
    """What principals who are taken for one are like, by the deviations (64,) of all of them together."""
    return _said(model or MANY, softened(np.asarray(z, np.float32)))


def _said(model: Shipped, x: Array) -> Likeness:
    network = model.network
    hidden = np.maximum((x[:, None] * network.first).sum(0) + network.bias, 0)
    out = (hidden[:, None] * network.second).sum(0).astype(np.float64) + network.offset
    share = np.exp(out - out.max())
    return Likeness(model.threats, share / share.sum())


TITLES = {
    "evasion": "{principal} sends manipulated inputs to model {model}",
    "query_evasion": "{principal} is searching for an input that fools model {model}",
    "extraction": "{principal} seems to be copying model {model}",
    "inversion": "{principal} is steering inputs to reconstruct what model {model} has learnt",
    "membership": "{principal} is asking model {model} who was in its training data",
    "backdoor": "{principal} sends inputs to model {model} that share one rare mark",
    "probing": "{principal} is exploring where model {model} is unsure",
    "fuzzing": "{principal} sends model {model} inputs that cannot be",
    "flood": "{principal} floods model {model}",
    "account_anomaly": "{principal} uses model {model} as no customer does",
}

NORMAL_FOR = {
    "evasion": "Normal after a change on the client's side (a new camera, a broken upload, other preprocessing); not "
    "for a client that has sent ordinary inputs until now.",
    "query_evasion": "Normal for tools that explain single answers, what-if calculators, robustness tests and "
    "classrooms; not for an application that serves people.",
    "extraction": "Normal for a job that scores everything once, or a load test; not for a person or an application "
    "with customers of its own.",
    "inversion": "Normal for a data scientist who visualises what the model has learnt; not for anybody who needs "
    "the answers.",
    "backdoor": "Normal for a watermark, a logo or a stuck pixel, but then the answers are as mixed as ever; not where "
    "the mark decides the answer.",
    "membership": "Normal for the team that evaluates the model on its training data; not for a customer.",
    "probing": "Normal for whoever tunes a threshold on the model's answers; not for customers, who take the answer as "
    "it comes.",
    "fuzzing": "Normal for a test of the service by its own team; not for a client that was in form until now.",
    "flood": "Normal for a backlog or a retry loop that ends by itself; not for a client that keeps it up.",
    "cost_abuse": "Normal for a batch of long requests that ends by itself; not for an application that serves people.",
    "account_anomaly": "Normal for the first days of a new use; not for a client whose use has not changed.",
}


def normal_for(threat: str) -> str:
    """For whom what was seen is normal and for whom not: what an analyst asks first. Empty where nothing is known."""
    return NORMAL_FOR.get(threat, "")


def title(threat: str, principal: str, model: str) -> str:
    """What an alert about a principal is called."""
    return TITLES[threat].format(principal=principal or "an unnamed client", model=model)


def may_be_named(alert: Alert) -> bool:
    """Whether an alert says that somebody attacks, and leaves open what for."""
    return alert.detector in NAMED and alert.verdict is Verdict.ATTACK


def named(alert: Alert, like: Likeness) -> Alert:
    """The alert under the likeliest name; other words stay as they are."""
    threat = like.threat
    if alert.detector == "flood" and threat == "flood":
        return alert  # it knows more words: what the cost is made of
    known = THREATS[threat]
    said = normal_for(alert.threat)
    told = bool(said) and said in alert.message
    message = alert.message.replace(said, normal_for(threat)) if told else f"{alert.message} {normal_for(threat)}"
    return msgspec.structs.replace(
        alert,
        threat=threat,
        severity=max(alert.severity, known.severity, key=list(Severity).index),
        title=title(threat, alert.principal, alert.model),
        message=f"{message} Of known attacks this is most like: {like.words()}.",
        recommendation=known.recommendation,
        frameworks=frameworks(threat),
        runbook=runbook(threat),
    )


def named_again(first: Alert, before: Alert, like: Likeness, *, time: float, since: int) -> Alert:
    """The alert as it was ``first`` raised, under another name than it had ``before``, after further requests."""
    made = named(first, like)
    return msgspec.structs.replace(
        made,
        last_time=max(time, before.last_time),
        count=first.count + since,
        message=f"{made.message} That is the opinion after {since:,} more requests; at first it looked like: "
        f"{THREATS[before.threat].title.lower()}.",
    )


MODEL, MANY = shipped("threat_naming"), shipped("cohort_naming")
