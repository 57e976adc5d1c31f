"""``unusual_profile``: a principal whose recent requests, taken together, look like no customer's."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from detectors.api import Columns, Explanation, IntArray, Scores, Spec, StateArray
from detectors.compiled import compiled
from detectors.statistics import LONG, NAMES, SHORT, TABLE, TIMING, words
from detectors.threat_naming import RECOMMENDATIONS, SEVERITIES, TITLES, name_threat

Array = npt.NDArray[Any]

SPOKEN = 4  # statistics that an alert puts into words


@dataclass(frozen=True, slots=True)
class UnusualProfile:
    """A principal whose recent requests differ from customers' in many ways at once.

    Customers differ from each other in one or two habits; attacks must search, copy or probe, and that moves many
    statistics of the profile together. How fast it goes is left out: honest programs are fast too.

    Score
    -----
    Mean of the ``largest`` largest ``|z|`` of the profile, timing left out; 0 is usual, at most 8. Needs no training.

    Parameters
    ----------
    largest : how many of the statistics count

    References
    ----------
    The set of statistics: Juuti et al. 2019 (PRADA), https://arxiv.org/abs/1805.02628; Chen, Carlini, Wagner 2019,
    https://arxiv.org/abs/1907.05587; the mean of the largest: rank truncated combination, Dudbridge, Koeleman 2003,
    https://doi.org/10.1002/gepi.10264.
    """

    largest: int = 8

    spec: ClassVar[Spec] = Spec(
        name="unusual_profile",
        title="behaves like no customer",
        threat="account_anomaly",
        needs=frozenset({"profile"}),
        gate="conformal",
        share=0.6,
        unit="mean of the largest deviations",
        reference="https://arxiv.org/abs/1907.05587",
        runbook="docs/runbooks/unusual_profile.md",
        scenario="random_inputs",
        look_alike="camera",
    )
    state: ClassVar[np.dtype[np.void]] = np.dtype([])

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        n = len(rows.z)
        value = np.empty(n)
        statistic = np.empty(n, np.int32)
        mean_of_largest(rows.z, COUNTED, np.empty(self.largest, np.float32), value, statistic)
        return Scores(value, {"statistic": statistic})

    def explain(self, rows: Columns, scores: Scores, row: int) -> Explanation:
        z, statistics = rows.z[row], rows.statistics[row]
        order = COUNTED[np.argsort(-np.abs(z[COUNTED]), kind="stable")]
        threat = name_threat(z, order[: self.largest])
        told = _distinct(order, SPOKEN)
        usual = rows.reference.usual.median
        why = [(NAMES[k], float(statistics[k]), float(usual[k]), words(k, z[k])) for k in told]
        batch = rows.batch
        principal = batch.principals[batch.principal[row]]
        return Explanation(
            threat=threat,
            verdict="attack",
            severity=SEVERITIES[threat],
            title=TITLES[threat].format(principal=principal, model=batch.model),
            message=_message(principal, why, z[told]),
            recommendation=RECOMMENDATIONS[threat],
            why=why,
        )


COUNTED = np.array([k for k in range(len(TABLE)) if k not in TIMING], np.int64)


@compiled
def mean_of_largest(z: Array, counted: Array, largest: Array, value: Array, statistic: Array) -> None:
    """Fill value (N,) with the mean of the largest ``|z|`` of the counted statistics, and which is the largest.

    ``largest`` is room for as many numbers as the mean is of; they are kept in falling order.
    """
    last = len(largest) - 1
    for i in range(len(z)):
        largest[:] = 0
        statistic[i] = counted[0]
        for k in counted:
            a = abs(z[i, k])
            if a > largest[last]:
                if a > largest[0]:
                    statistic[i] = k
                at = last
                while at > 0 and largest[at - 1] < a:
                    largest[at] = largest[at - 1]
                    at -= 1
                largest[at] = a
        total = 0.0
        for a in largest:
            total += a
        value[i] = total / len(largest)


def _distinct(order: Array, count: int) -> list[int]:
    """The first few statistics, one of the two memories of a signal only."""
    found: dict[str, int] = {}
    for k in order:
        found.setdefault(TABLE[k].name, int(k))
    return list(found.values())[:count]


def _message(principal: str, why: list[tuple[str, float, float, str]], z: Array) -> str:
    """One paragraph: what this principal does, with its value against the usual one."""
    told = [
        f"{text} ({name} {value:.2f}, usually {typical:.2f}, {abs(d):.1f} times the usual distance)"
        for (name, value, typical, text), d in zip(why, z, strict=True)
    ]
    return (
        f"{principal} {'; '.join(told)}. Averages are over its last {SHORT} or {LONG} requests, "
        "compared with what every principal did in the clean period of this model version."
    )


DETECTOR = UnusualProfile
