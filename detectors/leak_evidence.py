"""Leak evidence: how many different things a principal got out of answers, beyond what its answers usually hold.

Only what is new to a principal counts, and nothing that many principals were given in the clean period: a support
address that stands under every answer is no leak. The sum forgets half of itself in a day.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.outputs.leaks import CERTAIN, COUNT, ITEMS, MARK, SECRET
from schemas.batch import Integers
from schemas.compiled import compiled

DAY, WEEK = 86_400.0, 7 * 86_400.0  # s
REMEMBERED = 24  # items of a principal that are known again
TOLD = 4  # certain findings of a principal that are not told again for a week
MOST = 16.0  # items that one answer counts for
FEWEST = 5  # answers of a principal that has a rate
COMMON = 3  # principals who were given an item that is not counted
QUANTILE = 0.95  # of principals' rates that is usual
FIRST = ITEMS.start

Array = npt.NDArray[Any]

state = np.dtype(
    [
        ("sum", "f8"), ("time", "f8"), ("answers", "u4"), ("items", "u4"), ("at", "u4"), ("told", "u4"),
        ("known", "u4", REMEMBERED), ("marks", "u4", TOLD), ("when", "f8", TOLD),
    ],
    align=True,
)  # fmt: skip
"""One principal: its decayed sum and when, answers and items so far, the last items, what was told of and when."""


class Law(NamedTuple):
    """What the clean period says: (1,) usual items an answer; (n,) u4 rising marks that are no leak."""

    usual: Array
    common: Array


class Seen(NamedTuple):
    """After each of N rows: the sum (NaN without an answer), what is to be told, items and answers so far."""

    value: Array
    told: Array
    items: Array
    answers: Array


def blank(n: int) -> Seen:
    """Room for N rows."""
    return Seen(np.full(n, np.nan), np.zeros(n, np.uint8), *np.zeros((2, n), np.uint32))


def learn(leaks: Array, time: Array, slots: Integers) -> Law:
    """What is usual, from the clean period's N rows (N, 7) in order."""
    marks = np.concatenate([leaks[:, ITEMS], leaks[:, MARK : MARK + 1]], axis=1).astype(np.uint32)
    pairs = np.unique(np.stack([marks.ravel(), np.repeat(slots, marks.shape[1])], 1), axis=0)
    values, spread = np.unique(pairs[:, 0], return_counts=True)
    certain = np.unique(marks[leaks[:, CERTAIN] == SECRET, -1])
    common = np.union1d(values[(spread >= COMMON)], certain)
    law = Law(np.zeros(1), common[common > 0].astype(np.uint32))
    own = np.zeros(int(slots.max(initial=0)) + 1, state)
    follow(leaks, time, np.ones(len(slots), np.bool_), slots, law, own, blank(len(slots)))
    rates = (own["items"] / np.maximum(own["answers"], 1))[own["answers"] >= FEWEST]
    return Law(np.array([np.quantile(rates, QUANTILE) if len(rates) else 0.0]), law.common)


@compiled
def follow(leaks: Array, time: Array, trusted: Array, slots: Array, law: Law, rows: Any, made: Seen) -> None:
    """Count in N rows in order what is new to their principals."""
    for i in range(len(slots)):
        own = rows[slots[i]]
        made.items[i], made.answers[i] = own.items, own.answers
        if leaks[i, COUNT] < 0:
            continue
        gain = fresh(leaks[i], law, own, trusted[i])
        passed = max(0.0, time[i] - own.time)
        kept = own.sum * 0.5 ** min(passed / DAY, 1000.0) if own.answers > 0 else 0.0
        total = max(0.0, kept + gain - law.usual[0])
        made.value[i] = total
        made.told[i] = tell(leaks[i], time[i], law, own, trusted[i])
        if trusted[i]:
            own.sum, own.time = total, max(own.time, time[i])
            own.answers += np.uint32(1)
            own.items += np.uint32(gain)
        made.items[i], made.answers[i] = own.items, own.answers


@compiled
def fresh(leak: Any, law: Law, own: Any, learns: bool) -> float:
    """Items of one answer that its principal did not have; those beyond the first four as new as these."""
    count = 0
    for k in range(FIRST, FIRST + 4):
        mark = np.uint32(leak[k])
        if mark == 0 or common(mark, law):
            continue
        new = True
        for known in own.known:
            new = new and known != mark
        if new:
            count += 1
            if learns:
                own.known[own.at % REMEMBERED] = mark
                own.at += np.uint32(1)
    return min(count + max(leak[COUNT] - 4, 0.0), MOST) if count else 0.0


@compiled
def tell(leak: Any, time: float, law: Law, own: Any, learns: bool) -> int:
    """What is certain of one answer, unless it was told of this principal within a week, or the clean period had it."""
    mark = np.uint32(leak[MARK])
    if mark == 0 or common(mark, law):
        return 0
    oldest = 0
    for k in range(TOLD):
        if own.marks[k] == mark and time - own.when[k] < WEEK:
            return 0
        oldest = k if own.when[k] < own.when[oldest] else oldest
    if learns:
        own.marks[oldest], own.when[oldest] = mark, time
    return int(leak[CERTAIN])


@compiled
def common(mark: Any, law: Law) -> bool:
    """Whether an item is one that the clean period's answers had."""
    where = np.searchsorted(law.common, mark)
    return bool(where < len(law.common) and law.common[where] == mark)
