"""Unusual profile: a principal whose recent requests, taken together, look like no customer's."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors import surprise
from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.profile import usual_now
from detectors.statistics import AVERAGES, NAMES, TABLE, TIMING, told_of, words
from detectors.surprise import Peaks
from detectors.threat_naming import likeness, normal_for, title
from detectors.worded import named
from schemas.threats import THREATS

Array = npt.NDArray[Any]

SPOKEN = 4  # statistics that an alert puts into words
COUNTED = ~np.isin(np.arange(len(TABLE)), TIMING)


@dataclass(frozen=True, slots=True)
class UnusualProfile:
    """A principal's recent requests differ from customers' in many ways at once.

    Customers differ from each other in one or two habits; attacks must search, copy or probe, and that moves many
    statistics of the profile together. How fast it goes is left out: honest programs are fast too.

    Attributes
    ----------
    largest : how many of the statistics count
    own_reference : principals of whom nothing is said here, as patterns with commas between

    Score
    -----
    Mean of the ``largest`` largest surprises of the 52 statistics of the profile that are not of time, in nats: how
    rarely a clean principal reaches such a value within a whole day (:mod:`detectors.surprise`). Needs no training.

    References
    ----------
    Juuti et al., PRADA, 2019, https://arxiv.org/abs/1805.02628 and Chen, Carlini, Wagner, Stateful detection, 2019,
    https://arxiv.org/abs/1907.05587 (behaviour over queries). Dudbridge, Koeleman, Rank truncated product of p-values,
    2003, https://doi.org/10.1002/gepi.10264 (the mean of the largest).
    """

    largest: int = 8
    own_reference: str = ""

    spec: ClassVar[Spec] = Spec(
        name="unusual_profile",
        title="Behaves like no customer",
        threat="account_anomaly",
        needs=frozenset({"profile"}),
        gate="conformal",
        share=0.02,
        tail=0.25,
        unit="nats",
        reference="https://arxiv.org/abs/1907.05587",
        runbook="docs/runbooks/account_anomaly.md",
        scenario="random_inputs",
        look_alike="camera",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype([])

    def learn(self, rows: Columns, slots: IntArray) -> dict[str, Array]:
        """Learn how far clean principals deviate within a day: arrays of :class:`detectors.surprise.Peaks`."""
        return surprise.fit(rows.z, slots, rows.batch.time)._asdict()

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        value = np.empty(len(rows.z))
        surprise.mean_of_largest(rows.z, COUNTED, _peaks(rows), np.empty(self.largest, np.float32), value)
        value[named(rows.batch.principals, rows.batch.principal, self.own_reference)] = np.nan
        return Scores(value)

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        z, statistics = rows.z[row], rows.statistics[row]
        usual = usual_now(rows.reference, statistics, z)
        nats = np.empty(len(z), np.float32)
        surprise.nats(z, _peaks(rows), nats)
        nats[TIMING] = 0
        threat = likeness(z, {}).threat
        told = _one_a_signal(np.argsort(-nats, kind="stable"), SPOKEN)
        why = [(NAMES[k], float(statistics[k]), float(usual[k]), words(k, float(z[k]))) for k in told]
        principal = rows.batch.principals[rows.batch.principal[row]]
        return Explanation(
            threat=threat,
            verdict=str(THREATS[threat].verdict),
            severity=str(THREATS[threat].severity),
            title=title(threat, principal, rows.batch.model),
            message=_message(principal or "An unnamed client", why, normal_for(threat)),
            recommendation=THREATS[threat].recommendation,
            why=why,
        )


def _peaks(rows: Columns) -> Peaks:
    learnt = rows.reference.learnt.get("unusual_profile")
    return Peaks(**learnt) if learnt else surprise.USUAL


def _one_a_signal(order: Array, count: int) -> list[int]:
    """The first few statistics, only one of the two memories of a signal."""
    found: dict[str, int] = {}
    for k in order:
        found.setdefault(TABLE[k].name, int(k))
    return list(found.values())[:count]


def _message(principal: str, why: list[tuple[str, float, float, str]], normal: str) -> str:
    """One paragraph: what this principal does, with its value against the usual one, and for whom that is normal."""
    return f"{principal} {told_of(why)}. {normal} {AVERAGES}"


DETECTOR = UnusualProfile
