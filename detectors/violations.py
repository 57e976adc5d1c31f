"""How often a principal breaks the rules of a model's inputs, and whether most principals do at once."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.constraints import K
from schemas.batch import Codes, Doubles, Integers
from schemas.compiled import compiled

Array = npt.NDArray[Any]

FAMILIAR = 2  # earlier hours after which a principal has a voice: a crowd of new accounts cannot pass for a deploy
MOST = 0.7  # share of principals that the alternative sees break a rule
LAST = 1e11  # s, a time beyond all times
NOT_YET = -(1 << 31)  # an hour before all hours

state = np.dtype(
    [
        ("clock", "f8"),
        ("n", "u4"),
        ("hours", "u4"),
        ("hour", "i4"),
        ("day", "i4"),
        ("hits", "u4"),
        ("habit", "i4"),
        ("votes", "i4"),
        ("violating", "u4"),
        ("fast", "f4", K),
        ("slow", "f4", K),
        ("known", "u4"),
        ("told", "i4"),
        ("share", "f4", K),
        ("evidence", "f4", K),
    ],
    align=True,
)
"""One principal: its means, the rule it breaks, what it counted for today. In row 0 also the model's own: kinds
known to be broken by most, when that was told, shares of principals, evidence, and time of the last step."""


class Law(NamedTuple):
    """How often clean principals break each of K kinds of rules.

    Attributes
    ----------
    prior, usual : (K,) mean, and 95 % quantile of principals' peaks, of log2(1 + violations in a record)
    weight : (K,) nats that a mean of 1 above ``usual`` counts
    ordinary : (K,) twice the share of principals' first records of an hour that do, at least 0.05
    """

    prior: Array
    usual: Array
    weight: Array
    ordinary: Array


class Made(NamedTuple):
    """What came of N records.

    Attributes
    ----------
    value : (N,) nats
    means : (N, K) short means after the record
    habit : (N,) K times (1 + column) plus kind: the rule that the principal breaks most
    single : (N,) how far that one rule is behind all of its violations, in [0, 1]
    found : (N,) 1 + the kind that most principals were just found to break, else 0
    share : (N,) share of principals that break it
    """

    value: Array
    means: Array
    habit: Array
    single: Array
    found: Array
    share: Array

    @classmethod
    def empty(cls, n: int) -> "Made":
        """Room for N records."""
        means = np.empty((n, K), np.float32)
        habit, single = np.empty(n, np.int32), np.empty(n, np.float32)
        return cls(np.empty(n), means, habit, single, np.zeros(n, np.int8), np.zeros(n, np.float32))


def first_of_hour(time: Doubles, principal: Codes) -> Integers:
    """Of N rows those that are their principal's first in an hour: the steps of the model's own test."""
    hour = np.floor(time / 3600.0).astype(np.int64)
    _, first = np.unique(np.stack([principal, hour], 1), axis=0, return_index=True)
    return np.sort(first)


@compiled
def follow(
    time: Array, slots: Array, trusted: Array, counts: Array, columns: Array, law: Law, payment: float, state: Array,
    made: Made,
) -> None:  # fmt: skip
    """Follow N records that violate ``counts`` (N, K) rules in ``columns`` (N, K); fill ``made``.

    ``payment`` is the budget paid a second for the test whether most principals break a kind of rule.
    """
    scratch = np.zeros(1, state.dtype)
    for i in range(len(slots)):
        scratch[0] = state[slots[i]]
        s = scratch[0]
        if s.n == 0:
            _begin(s, law)
        s.n += 1
        made.value[i] = _average(s, counts[i], state[0].known, law, made.means[i])
        _vote(s, counts[i], columns[i], state[0].known, law)
        made.habit[i] = s.habit
        made.single[i] = np.float32(s.votes) / np.float32(max(s.violating, 1))
        if trusted[i]:
            now = min(max(time[i], 0.0), LAST)
            hour = np.int32(np.floor(now / 3600.0))
            if hour != s.hour:
                s.hour = hour
                s.hours += 1
                if s.hours > FAMILIAR:
                    paid = payment * min(max(now - state[0].clock, 0.0), 86400.0)
                    state[0].clock = max(now, state[0].clock)
                    made.found[i] = _step(state[0], s, hour // 24, counts[i], law.ordinary, paid)
                    made.share[i] = state[0].share[max(made.found[i] - 1, 0)]
            _keep(state[slots[i]], s)


@compiled
def _begin(s: Any, law: Law) -> None:
    for k in range(K):
        s.fast[k] = law.prior[k]
        s.slow[k] = law.prior[k]
    s.hour = NOT_YET
    s.day = NOT_YET


@compiled
def _average(s: Any, counts: Array, known: int, law: Law, means: Array) -> Any:
    """Take a record into the means, (K,); returns what they add up to above what is usual, nats."""
    fast = min(np.float32(s.n) + np.float32(8.0), np.float32(32.0))
    slow = min(np.float32(s.n) + np.float32(64.0), np.float32(4096.0))
    total = 0.0
    for k in range(K):
        v = np.float32(0)
        if counts[k] > 0 and not (known >> k) & 1:
            v = np.float32(np.log(1.0 + min(counts[k], 255)) * 1.4426950408889634)
        habit = max(law.usual[k], s.slow[k])
        s.fast[k] += (v - s.fast[k]) / fast
        s.slow[k] += (v - s.slow[k]) / slow
        means[k] = s.fast[k]
        total += law.weight[k] * max(s.fast[k] - habit, np.float32(0))
    return total


@compiled
def _vote(s: Any, counts: Array, columns: Array, known: int, law: Law) -> None:
    """Majority vote over the one rule and column that a record breaks, of rules that the principal breaks unusually.

    Boyer, Moore 1991, https://doi.org/10.1007/978-94-011-3488-0_5.
    """
    heaviest = 0.0
    place = -1
    for k in range(K):
        weight = law.weight[k] * counts[k]
        if weight > heaviest and s.fast[k] > law.usual[k] and not (known >> k) & 1:
            heaviest = weight
            place = K * (columns[k] + 1) + k if counts[k] == 1 else -1
    if heaviest == 0.0:
        return
    s.violating += 1
    if place >= 0 and (s.votes == 0 or s.habit == place):
        s.habit = place
        s.votes += 1
    elif s.votes > 0:
        s.votes -= 1


@compiled
def _step(model: Any, s: Any, day: Any, counts: Array, ordinary: Array, paid: Any) -> int:
    """One principal's step of the model's e-detectors; returns 1 + the kind that fired, or 0.

    A familiar principal has a step an hour, and breaks a kind once a day, so that one broken client is one voice. What
    one deploy breaks is one finding: kinds that fire within two days of it are known, and not told again.
    """
    if s.day != day:
        s.day = day
        s.hits = 0
    told = 0
    for k in range(K):
        bit = np.uint32(1) << np.uint32(k)
        if not s.hits & bit:
            if counts[k] > 0:
                s.hits |= bit
            if _fires(model, k, bit, counts[k] > 0, ordinary[k], paid) and (model.told == 0 or day > model.told):
                model.told = day + 1
                told = k + 1
    return told


@compiled
def _fires(model: Any, k: int, bit: Any, hit: bool, usual: Any, paid: Any) -> bool:
    """Whether most principals now break a kind and did not before: an e-detector on its share, that is paid a step."""
    model.share[k] += (np.float32(hit) - model.share[k]) * np.float32(1 / 8)
    if model.known & bit:
        if model.share[k] < usual:
            model.known &= ~bit
        return False
    e = np.float32(MOST) / usual if hit else np.float32(1 - MOST) / (np.float32(1) - usual)
    model.evidence[k] = (model.evidence[k] + np.float32(paid)) * e
    if model.evidence[k] < 1:
        return False
    model.evidence[k] = 0
    model.known |= bit
    return True


@compiled
def _keep(row: Any, s: Any) -> None:
    """Write a principal's own fields back; the model's live in row 0 itself."""
    row.n, row.hours, row.hour, row.day, row.hits = s.n, s.hours, s.hour, s.day, s.hits
    row.habit, row.votes, row.violating = s.habit, s.votes, s.violating
    for k in range(K):
        row.fast[k] = s.fast[k]
        row.slow[k] = s.slow[k]
