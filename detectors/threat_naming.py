"""Which threat a deviating profile points to: the first of seven rules that holds.

A rule looks at surprises in nats, signed: positive where a statistic is above the usual value, negative where below,
and of a signal's two memories the one that deviates more. 4.6 nats are reached by one clean principal in a hundred
within a day.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.statistics import SIGNALS, TABLE

Marks = tuple[tuple[str, float], ...]


class Rule(NamedTuple):
    """A threat and its marks: (statistic, nats), at least so far above, or below where negative."""

    threat: str
    every: Marks = ()
    some: Marks = ()
    none: Marks = ()


RULES = (
    Rule("backdoor", every=(("trigger", 6), ("between_classes", 4)), none=(("rare_values", 3),)),
    Rule("inversion", every=(("record_high", 2.5), ("nearest", -1.5)), none=(("record_low", 2),)),
    Rule("query_evasion", some=(("nearest", -2.5), ("nearest_spread", 3), ("step", -3), ("flip", 3))),
    Rule("extraction", some=(("distribution_distance", 3.5), ("nearest", 3), ("repeat", -2))),
    Rule("evasion", some=tuple((s.name, 3.5) for s in SIGNALS if s.group == "odd")),
    Rule("probing", some=(("near_boundary", 4), ("low_margin", 4), ("margin_extremes", 4), ("margin_shape", 4))),
)
OTHERWISE = "account_anomaly"

TITLES = {
    "evasion": "{principal} sends manipulated inputs to {model}",
    "query_evasion": "{principal} is searching for an input that fools {model}",
    "extraction": "{principal} seems to be copying {model}",
    "inversion": "{principal} is steering inputs to reconstruct what {model} has learnt",
    "backdoor": "{principal} sends inputs to {model} that share one rare mark",
    "probing": "{principal} is exploring where {model} is unsure",
    "account_anomaly": "{principal} uses {model} as no customer does",
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
    "account_anomaly": "Normal for the first days of a new use; not for a client whose use has not changed.",
}


def normal_for(threat: str) -> str:
    """For whom what was seen is normal and for whom not: what an analyst asks first. Empty where nothing is known."""
    return NORMAL_FOR.get(threat, "")


def name_threat(z: npt.NDArray[np.float32], nats: npt.NDArray[Any]) -> str:
    """Threat that deviations ``z`` (64,) with their surprises ``nats`` (64,) point to."""
    found: dict[str, float] = {}
    for k in np.argsort(nats, kind="stable"):
        found[TABLE[k].name] = float(np.copysign(nats[k], z[k]))
    for rule in RULES:
        if (
            all(_shows(found, m) for m in rule.every)
            and (not rule.some or any(_shows(found, m) for m in rule.some))
            and not any(_shows(found, m) for m in rule.none)
        ):
            return rule.threat
    return OTHERWISE


def _shows(found: dict[str, float], mark: tuple[str, float]) -> bool:
    name, nats = mark
    return found[name] >= nats if nats > 0 else found[name] <= nats
