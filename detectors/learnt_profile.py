"""What the detectors that learnt from the laboratory have in common: their score, and the words for it."""

import numpy as np

from detectors.api import Columns, Explanation, Scores
from detectors.models import Shipped
from detectors.network import logits, parts
from detectors.profile import usual_now
from detectors.statistics import AVERAGES, NAMES, TABLE, told_of, words
from detectors.threat_naming import likeness, normal_for, title
from schemas.threats import THREATS

SPOKEN = 4  # statistics that an alert puts into words
LEAST = 0.5  # of z: what is nearer to the usual value is not told


def score(rows: Columns, model: Shipped) -> Scores:
    """The attack's logit of each row."""
    value = np.empty(len(rows.z))
    logits(rows.z, model.network, value)
    return Scores(value)


def explain(rows: Columns, row: int, model: Shipped, *, closing: str) -> Explanation:
    """What spoke for an attack most, statistic by statistic, and which threat it resembles."""
    z, statistics = rows.z[row], rows.statistics[row]
    usual = usual_now(rows.reference, statistics, z)
    threat = likeness(z, {}).threat
    told: dict[str, int] = {}
    weight = parts(z, model.network)
    for k in np.argsort(-weight, kind="stable").tolist():
        if weight[k] > 0 and abs(z[k]) >= LEAST:
            told.setdefault(TABLE[k].name, k)
    some = list(told.values())[:SPOKEN]
    why = [(NAMES[k], float(statistics[k]), float(usual[k]), words(k, float(z[k]))) for k in some]
    principal = rows.batch.principals[rows.batch.principal[row]]
    return Explanation(
        threat=threat,
        verdict=str(THREATS[threat].verdict),
        severity=str(THREATS[threat].severity),
        title=title(threat, principal, rows.batch.model),
        message=f"{principal or 'An unnamed client'} {told_of(why)}. {closing} {normal_for(threat)} {AVERAGES}",
        recommendation=THREATS[threat].recommendation,
        why=why,
    )
