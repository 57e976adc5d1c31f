"""Crowd: how often contributors as a whole give a label that their inputs do not look like, lately, and at most.

Records are told apart by the label that was expected and the label that was given, in 16 groups each. A contributor
counts the less the more of the latest records are his, so that nobody makes his own errors look usual, and a change of
the world that everybody's labels show is soon nobody's error.

``bound`` is what is granted to an honest contributor: the crowd's rate, times how much more the worst of 300 honest
contributors errs than the crowd, plus a little. Where several contributors give the same wrong label to the same
expected one, as a guide for annotators may say, that pair is granted to all as often as it is to them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]

GROUPS = 16
MEMORY = 400.0  # records of an expected label that the rates remember
LATELY = 200.0  # records of all within which a contributor's own count less and less
SLACK = 0.01  # granted to everybody, each pair
MOST = 0.9
WORST = 2.75  # deviations: the worst of 300
LEAST, LARGEST = 2.0, 12.0  # how much more than the crowd the worst errs
GUIDED = 0.015  # share of contributors, but at least three, whose common error is a guide's
HABIT, CLEAR = 4, 4.0  # errors, and deviations above what is granted otherwise, that make a contributor's habit

crowd = np.dtype(
    [
        ("records", "i8"),
        ("worst", "f8"),
        ("weight", "f8", GROUPS),
        ("rate", "f8", (GROUPS, GROUPS)),
        ("guide", "f8", (GROUPS, GROUPS)),
        ("others", "f8", GROUPS),
        ("wrong", "f8", GROUPS),
        ("busiest", "f8"),
    ],
    align=True,
)
"""Records so far; how much the worst errs; by expected group the weight behind ``rate`` (expected, given), which
counts gross errors only; ``guide``; by expected group, records and gross errors
so far; and the most labels that nine in ten contributors gave within an hour."""


def new() -> npt.NDArray[np.void]:
    """A crowd of which nothing is known."""
    made = np.zeros(1, crowd)
    made["worst"] = LEAST
    return made


@compiled
def bound(known: Any, expected: Any, given: Any) -> Any:
    """At most how often an honest contributor gives a label where another is expected."""
    granted = known.worst * known.rate[expected, given] + SLACK
    return min(max(granted, known.guide[expected, given]), MOST)


@compiled
def learn(known: Any, own: Any, expected: Any, given: Any, gross: Any) -> None:
    """Take in a record; ``own`` is its contributor's row with ``late`` and ``at``."""
    known.records += 1
    own.late = own.late * np.exp(-(known.records - own.at) / LATELY) + 1.0
    own.at = known.records
    weight = 1.0 / own.late
    known.others[expected] += 1
    known.wrong[expected] += gross
    total = min(known.weight[expected] + weight, MEMORY)
    known.weight[expected] = total
    for k in range(GROUPS):
        hit = 1.0 if gross and k == given else 0.0
        known.rate[expected, k] += (hit - known.rate[expected, k]) * weight / total


def worst(gross: Array, expected: Array) -> float:
    """How much more often than the crowd the worst of honest contributors errs.

    From their gross errors (n,) and how many the crowd's rates would have made of their records (n,): gamma-Poisson,
    the dispersion by moments without the most suspicious hundredth.
    """
    known = expected > 0
    k, e = gross[known].astype(np.float64), expected[known]
    if len(k) < 8:
        return 4.0
    order = np.argsort((k - e) / np.sqrt(e + 1.0), kind="stable")[: len(k) - max(2, len(k) // 100)]
    k, e = k[order], e[order]
    e = e * (k.sum() + 1.0) / (e.sum() + 1.0)
    variance = max(float(((k - e) ** 2 - e).sum() / (e**2).sum()), 0.02)
    quantile = (1.0 - variance / 9.0 + WORST * np.sqrt(variance) / 3.0) ** 3
    return float(np.clip(quantile, LEAST, LARGEST))


def guides(who: Array, expected: Array, given: Array, gross: Array, rate: Array, most: float) -> Array:
    """Rates (16, 16) at which several contributors give the same wrong label, 0 where they do not.

    Parameters
    ----------
    who, expected, given, gross : (n,) of a sample of records, who as numbers from 0
    rate, most : the crowd's, and how much more the worst errs
    """
    found = np.zeros((GROUPS, GROUPS))
    count = int(who.max(initial=-1)) + 1
    base = np.zeros((count, GROUPS))
    np.add.at(base, (who, expected), 1.0)
    pairs, hits = np.unique(np.stack([who, expected, given], 1)[gross], axis=0, return_counts=True)
    if not len(pairs):
        return found
    m = base[pairs[:, 0], pairs[:, 1]]
    usual = np.minimum(most * rate[pairs[:, 1], pairs[:, 2]] + SLACK, MOST) * m
    habit = (hits >= HABIT) & (hits > usual + CLEAR * np.sqrt(usual))
    enough = max(3, int(np.ceil(GUIDED * count)))
    for a, b in {(a, b) for _, a, b in pairs[habit].tolist()}:
        same = habit & (pairs[:, 1] == a) & (pairs[:, 2] == b)
        if same.sum() >= enough:
            found[a, b] = min(MOST, 1.1 * float(hits[same].sum() / m[same].sum()))
    return found
