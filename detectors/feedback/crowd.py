"""Crowd: how often contributors as a whole give a label that their inputs do not look like, lately, and at most.

Records are told apart by the label that was given and the label that was expected, in 16 groups each. Rates are taken
both ways, among records with the same given label and among those with the same expected one, and the larger one is
granted: who only ever gives one label has all the errors that belong to it, and who only sees inputs that look like one
has all of these. A contributor counts the less the more of the latest records are his, so that nobody makes his own
errors look usual, and a change of the world that everybody's labels show is soon nobody's error.

What is granted to an honest contributor is the crowd's rate, times how much more the worst of 300 honest contributors
errs than the crowd, plus a little. Where several contributors give the same wrong label to the same expected one, as a
guide for annotators may say, records with that label say nothing about anybody.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]

GROUPS = 16
MEMORY = 400.0  # records of a label that the rates remember
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
        ("given", "f8", GROUPS),
        ("rate", "f8", (GROUPS, GROUPS)),
        ("expected", "f8", GROUPS),
        ("back", "f8", (GROUPS, GROUPS)),
        ("share", "f8", GROUPS),
        ("guided", "u1", GROUPS),
        ("others", "f8", GROUPS),
        ("wrong", "f8", GROUPS),
        ("busiest", "f8"),
    ],
    align=True,
)
"""Records so far; how much the worst errs; by given group the weight behind ``rate`` (given, expected), by expected
group that behind ``back`` (expected, given), which count gross errors only; how large a share each given group has;
whether it is a guide's; by given group records and gross errors so far; and the most labels that nine in ten
contributors gave within an hour."""


def new() -> npt.NDArray[np.void]:
    """A crowd of which nothing is known."""
    made = np.zeros(1, crowd)
    made["worst"] = LEAST
    return made


@compiled
def bound(known: Any, given: Any, expected: Any) -> Any:
    """At most how often a label is given by an honest contributor where a certain other one is expected."""
    return min(known.worst * max(known.rate[given, expected], known.back[expected, given]) + SLACK, MOST)


@compiled
def total(known: Any, given: Any, expected: Any) -> Any:
    """At most how often a record of an honest contributor with that given or that expected label is a gross error."""
    one, other = 0.0, 0.0
    for k in range(GROUPS):
        one += known.rate[given, k]
        other += known.back[expected, k]
    return min(known.worst * max(one, other) + 2.0 * SLACK, MOST)


@compiled
def learn(known: Any, own: Any, given: Any, expected: Any, gross: Any) -> None:
    """Take in a record; ``own`` is its contributor's row with ``late`` and ``at``."""
    known.records += 1
    own.late = own.late * np.exp(-(known.records - own.at) / LATELY) + 1.0
    own.at = known.records
    weight = 1.0 / own.late
    known.others[given] += 1
    known.wrong[given] += gross
    known.given[given] = min(known.given[given] + weight, MEMORY)
    known.expected[expected] = min(known.expected[expected] + weight, MEMORY)
    step, back = weight / known.given[given], weight / known.expected[expected]
    for k in range(GROUPS):
        known.rate[given, k] += ((1.0 if gross and k == expected else 0.0) - known.rate[given, k]) * step
        known.back[expected, k] += ((1.0 if gross and k == given else 0.0) - known.back[expected, k]) * back


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


def guides(who: Array, given: Array, expected: Array, gross: Array, rate: Array, most: float) -> Array:
    """Which labels (16,) several contributors wrongly give to what looks like the same other one.

    Parameters
    ----------
    who, given, expected, gross : (n,) of a sample of records, who as numbers from 0
    rate, most : the crowd's (given, expected), and how much more the worst errs
    """
    found = np.zeros(GROUPS, np.uint8)
    count = int(who.max(initial=-1)) + 1
    base = np.zeros((count, GROUPS))
    np.add.at(base, (who, given), 1.0)
    pairs, hits = np.unique(np.stack([who, given, expected], 1)[gross], axis=0, return_counts=True)
    if not len(pairs):
        return found
    m = base[pairs[:, 0], pairs[:, 1]]
    usual = np.minimum(most * rate[pairs[:, 1], pairs[:, 2]] + SLACK, MOST) * m
    habit = (hits >= HABIT) & (hits > usual + CLEAR * np.sqrt(usual))
    enough = max(3, int(np.ceil(GUIDED * count)))
    for b, a in {(b, a) for _, b, a in pairs[habit].tolist()}:
        found[b] |= (habit & (pairs[:, 1] == b) & (pairs[:, 2] == a)).sum() >= enough
    return found
